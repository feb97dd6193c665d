"""The process in which the user's script runs: as `python script.py ...`, and under observation.

Started by the doctor itself, never by hand: `python -m ganlab.doctor.child SPEC SCRIPT ARGS...`.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
import traceback
import types
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import orjson
from torch.overrides import handle_torch_function

from ganlab.doctor.cast import Wanted
from ganlab.doctor.examiner import Enough, Examiner, Plan
from ganlab.doctor.flow import Flow
from ganlab.doctor.journal import Journal
from ganlab.doctor.report import report_of

_AT_MOST_EVERY = 5.0  # seconds between two written states
_OURS = str(Path(__file__).parent)


@dataclass
class Ending:
    """How the script ended."""

    code: int | None  # None: we ended it
    error: str = ""
    kind: str = ""  # name of the exception


@dataclass
class Spec:
    """What the parent process asks for, as JSON on the command line."""

    report: str  # file to write
    steps: int
    keep_running: bool
    generator: str = ""
    discriminator: str = ""
    run: str = ""  # of the store; "" for none
    root: str = ""  # of the store
    forks: list[int] = field(default_factory=list)


def main() -> int:
    """Runs the script; returns its own exit code."""
    spec = Spec(**orjson.loads(sys.argv[1]))
    script, arguments = Path(sys.argv[2]), sys.argv[3:]
    wanted = Wanted(spec.generator, spec.discriminator)
    plan = Plan(spec.steps, spec.keep_running, wanted=wanted)
    writer = _Writer(spec)
    journal = _journal(spec)
    listener = None if journal is None else journal.take
    examiner = Examiner(script.parent, plan, on_news=writer.news, listener=listener)
    writer.examiner, writer.journal = examiner, journal
    if journal is not None:
        journal.lens = lambda: examiner.lens
    signal.signal(signal.SIGUSR1, lambda *_: _time_is_up(examiner))
    os.register_at_fork(after_in_parent=writer.forked, after_in_child=examiner.close)
    _warn_as_without_us()
    examiner.open()
    ending = _run(script, arguments)
    examiner.close()
    if journal is not None:
        journal.close()
    writer.write(ending, final=True)
    return ending.code or 0


def _journal(spec: Spec) -> Journal | None:
    return Journal(Path(spec.root), spec.run) if spec.run else None


def _time_is_up(examiner: Examiner) -> None:
    examiner.ended = examiner.ended or "The time was up."
    examiner.recorder.stop()
    raise Enough(examiner.ended)


class _Writer:
    """Writes the report so far, so that a killed script still gets one."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.examiner: Examiner | None = None
        self.journal: Journal | None = None
        self.last = 0.0
        self.forks = 0

    def news(self) -> None:
        """A look was made."""
        if time.monotonic() - self.last > _AT_MOST_EVERY:
            self.write(Ending(None), final=False)

    def forked(self) -> None:
        """The script made a process."""
        self.forks += 1

    def write(self, ending: Ending, *, final: bool) -> None:
        """The report, whole or not at all."""
        assert self.examiner is not None
        self.last = time.monotonic()
        row = report_of(self.examiner, ending.code, ending.error, ending.kind, self.forks)
        row["final"] = final
        file = Path(self.spec.report)
        partial = file.with_suffix(".part")
        partial.write_bytes(orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY))
        partial.replace(file)
        if self.journal is not None:
            self.journal.report(row)


def _run(script: Path, arguments: list[str]) -> Ending:
    """Executes the script as the main module."""
    module = types.ModuleType("__main__")
    module.__file__ = str(script)
    module.__dict__["__builtins__"] = __builtins__
    sys.argv = [str(script), *arguments]
    sys.path[0] = str(script.parent)
    package = _package_of(script)
    if package:
        module.__package__ = package
    sys.modules["__main__"] = module
    try:
        code = compile(script.read_bytes(), str(script), "exec")
        exec(code, module.__dict__)  # it is what was asked for
    except Enough:
        return Ending(None)
    except SystemExit as stop:
        return Ending(_code_of(stop))
    except KeyboardInterrupt:
        return Ending(130, "KeyboardInterrupt", "KeyboardInterrupt")
    except BaseException as error:
        _show(error)
        return Ending(1, f"{type(error).__name__}: {error}", type(error).__name__)
    return Ending(0)


def _package_of(script: Path) -> str:
    """The package that a script lies in, so that its relative imports work; "" for none."""
    names: list[str] = []
    folder = script.parent
    while (folder / "__init__.py").exists():
        names.insert(0, folder.name)
        folder = folder.parent
    if names:
        sys.path.insert(1, str(folder))
        __import__(".".join(names))
    return ".".join(names)


def _code_of(stop: SystemExit) -> int:
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return stop.code
    sys.stderr.write(f"{stop.code}\n")
    return 1


def _show(error: BaseException) -> None:
    """The script's own traceback, without our frames."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_OURS):
            frames.append(trace)
        trace = trace.tb_next
    for frame, following in itertools.pairwise([*frames, None]):
        if frame is not None:
            frame.tb_next = following
    traceback.print_exception(type(error), error, frames[0] if frames else None)


def _warn_as_without_us() -> None:
    """A warning that torch gives while we stand between it and its caller names that caller."""
    shown = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if filename.startswith(_OURS) and (frame := _caller()) is not None:
            filename, lineno = frame.f_code.co_filename, frame.f_lineno
        shown(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def _caller() -> types.FrameType | None:
    """The frame that called the torch function which came through our flow of values."""
    frame: types.FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not Flow.__torch_function__.__code__:
        frame = frame.f_back
    above = frame and frame.f_back
    if above is not None and above.f_code is handle_torch_function.__code__:
        function = above.f_back
        return function and function.f_back
    return above


if __name__ == "__main__":
    sys.exit(main())
