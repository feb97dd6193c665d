"""Watches the process in which the user's script runs, from the moment it has imported torch.

The script itself is run by Python; `start/sitecustomize.py` calls what is in here.
"""

from __future__ import annotations

import os
import sys
import time
import types
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from torch.overrides import handle_torch_function

from ganlab.doctor.players.cast import Wanted
from ganlab.doctor.record import flow
from ganlab.doctor.run.ending import TIME_UP, Ending
from ganlab.doctor.run.examiner import Examiner, Plan
from ganlab.doctor.run.journal import Journal
from ganlab.doctor.run.report import report_of

_AT_MOST_EVERY = 5.0  # seconds between two written states
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # the doctor


@dataclass
class Spec:
    """What the doctor's own process asks for."""

    report: str  # file to write
    script: str  # as it was given
    steps: int
    keep_running: bool
    deadline: float  # seconds since the epoch
    generator: str = ""
    discriminator: str = ""
    run: str = ""  # of the store; "" for none
    root: str = ""  # of the store


class Watch:
    """One script under observation, from now on until `finish`."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.spec = spec = Spec(**asked)
        wanted = Wanted(spec.generator, spec.discriminator)
        plan = Plan(spec.steps, spec.keep_running, wanted=wanted, deadline=spec.deadline)
        self.journal = Journal(Path(spec.root), spec.run) if spec.run else None
        listener = None if self.journal is None else self.journal.take
        folder = Path(os.path.abspath(spec.script)).parent
        self.examiner = Examiner(folder, plan, on_news=self.news, listener=listener)
        self.examiner.recorder.roots = tuple(
            {str(folder), os.path.dirname(os.path.realpath(spec.script))}
        )
        if self.journal is not None:
            self.journal.kept = lambda: self.examiner.kept
        self.last = 0.0
        _warn_as_without_us()
        self.examiner.open()

    def leave(self) -> None:
        """In a process that the script has made: takes our hooks away, and nothing else."""
        self.examiner.recorder.close()

    def strip(self, error: BaseException, trace: Any) -> None:
        """Takes our frames out of an error that nobody caught, before Python shows it."""
        _strip(error, trace)

    def news(self) -> None:
        """A look was made. Written now and then, so that a killed script still gets a report."""
        if time.monotonic() - self.last > _AT_MOST_EVERY:
            self.write(Ending(ours=True), final=False)

    def finish(self, row: dict[str, Any]) -> None:
        """The script has ended."""
        ending = Ending(row["error"], row["kind"], row["forks"])
        if row["late"]:
            self.examiner.ended = self.examiner.ended or TIME_UP
        ending.ours = row["late"] or self.examiner.stopped
        self.examiner.close()
        if self.journal is not None:
            self.journal.close()
        self.write(ending, final=True)
        if self.journal is not None and self.examiner.history is not None:
            self.journal.history(self.examiner.history)

    def write(self, ending: Ending, *, final: bool) -> None:
        """The report, whole or not at all."""
        self.last = time.monotonic()
        code = None if ending.ours else 0  # the real one is known to the doctor's own process
        row = report_of(self.examiner, code, ending.error, ending.kind, ending.forks)
        row["final"] = final
        file = Path(self.spec.report)
        partial = file.with_suffix(".part")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY))
        os.chmod(partial, 0o600)  # whatever mask the script has set
        partial.replace(file)
        if self.journal is not None:
            self.journal.report(row)


def _strip(error: BaseException, trace: Any) -> None:
    """Takes our frames out of a traceback and of those of the errors behind it.

    Also the ones of torch that were there only because we stood in between.
    """
    _link(_kept(trace))
    seen = {id(error)}
    while (behind := error.__cause__ or error.__context__) is not None and id(behind) not in seen:
        error = behind
        seen.add(id(error))
        frames = _kept(error.__traceback__)
        _link(frames)
        error.__traceback__ = frames[0] if frames else None


def _kept(trace: Any) -> list[Any]:
    frames: list[Any] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(_OURS):
            frames.append(trace)
        elif len(frames) > 1 and frames[-1].tb_frame.f_code.co_name == "handle_torch_function":
            del frames[-2:]  # the function that asked, which is called again below
        trace = trace.tb_next
    return frames


def _link(frames: list[Any]) -> None:
    for frame, following in zip(frames, [*frames[1:], None], strict=True):
        frame.tb_next = following


def _warn_as_without_us() -> None:
    """A warning that torch gives while we stand between it and its caller names that caller.

    It is given again in the caller's name, so that the caller's filters and what it was warned of
    before are asked. `warnings.showwarning` stays the script's own.
    """
    inner: Any = warnings
    shown = inner._showwarnmsg_impl

    def show(message: warnings.WarningMessage) -> None:
        frame = _caller() if message.filename.startswith(_OURS) else None
        if frame is None:
            shown(message)
            return
        vars(flow).pop("__warningregistry__", None)
        names = frame.f_globals
        warnings.warn_explicit(
            message.message,
            message.category,
            frame.f_code.co_filename,
            frame.f_lineno,
            names.get("__name__") or "<unknown>",
            names.setdefault("__warningregistry__", {}),
            names,
            message.source,
        )

    inner._showwarnmsg_impl = show


def _caller() -> types.FrameType | None:
    """The frame that called the torch function which came through our flow of values."""
    frame: types.FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not flow.Flow.__torch_function__.__code__:
        frame = frame.f_back
    above = frame and frame.f_back
    if above is not None and above.f_code is handle_torch_function.__code__:
        function = above.f_back
        return function and function.f_back
    return above
