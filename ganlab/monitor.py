"""The doctor in two lines of a user's own loop, in scripts and notebooks.

    with ganlab.Monitor(generator, discriminator) as monitor:
        ...  # the training loop, unchanged
    monitor.print()

It only looks: the loop is never stopped, no weight and no random number is changed, and after the
block no hook is left.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from torch import nn

from ganlab.doctor.run.examiner import Examiner, Plan
from ganlab.doctor.run.report import report_of
from ganlab.doctor.say.text import as_text

Row = dict[str, Any]


class Monitor:
    """Watches a training loop whose two networks are given. A context manager, used once.

    `steps` bounds the generator updates that are looked at; the loop itself goes on as it likes.
    `root` is the folder of the user's own code, for the lines that the report names.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        *,
        steps: int = 2000,
        root: Path | str | None = None,
    ) -> None:
        _check(generator, discriminator, steps)
        plan = Plan(steps, keep_running=True)
        where = Path(root).resolve() if root is not None else _root(inspect.currentframe())
        self._examiner = Examiner(where, plan, given=(generator, discriminator))
        self._state = "new"
        self._report: Row = {}

    def __enter__(self) -> Monitor:
        self.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.stop(error)

    def start(self) -> None:
        """Looks from now on. Raises RuntimeError the second time."""
        if self._state != "new":
            raise RuntimeError(
                "This Monitor has been used; allowed: one block each. Make a new one, so that its "
                "report speaks of one training."
            )
        self._state = "open"
        self._examiner.open()

    def stop(self, error: BaseException | None = None) -> None:
        """Looks no more and leaves no hook; `error` is what the loop ended with, if with one."""
        if self._state != "open":
            return
        self._state = "closed"
        self._examiner.close()
        kind = "" if error is None else type(error).__name__
        self._report = self._said(f"{kind}: {error}" if kind else "", kind)

    @property
    def watching(self) -> bool:
        """Whether the block is still open."""
        return self._state == "open"

    @property
    def report(self) -> Mapping[str, Any]:
        """The doctor's row: verdict, reason, causes, notes, symptoms, ...; so far, inside."""
        return self._said() if self._state == "open" else self._report

    def print(self, file: TextIO | None = None) -> None:
        """The report as text."""
        report = dict(self.report)
        if not report:
            raise RuntimeError("Nothing was watched yet; put the training loop into the block.")
        (file or sys.stdout).write(as_text(report, _main_file() or "this notebook"))

    def _said(self, error: str = "", kind: str = "") -> Row:
        """What can be said now; no random number of the loop's is drawn for it."""
        return report_of(self._examiner, None, error, kind)


def _check(generator: object, discriminator: object, steps: int) -> None:
    for name, each in (("generator", generator), ("discriminator", discriminator)):
        if not isinstance(each, nn.Module):
            raise TypeError(
                f"{name} is a {type(each).__name__}; allowed: a torch.nn.Module. Pass the network "
                "itself, not its class or its parameters."
            )
    if generator is discriminator:
        raise ValueError("generator and discriminator are the same module; pass both players.")
    if steps < 1:
        raise ValueError(f"steps is {steps}; allowed: at least 1.")


def _root(frame: FrameType | None) -> Path:
    """Where the user's own code lies: the main script's folder, or the caller's (a notebook's)."""
    caller = frame.f_back if frame is not None else None
    file = caller.f_code.co_filename if caller is not None else ""
    if file.startswith("<"):  # a cell: "<ipython-input-3-...>"
        return Path(file.partition("-")[0])
    folder = Path(file).resolve().parent if file else Path.cwd()
    main = _main_file()
    above = Path(main).resolve().parent if main else None
    return above if above is not None and above in folder.parents else folder


def _main_file() -> str:
    return getattr(sys.modules.get("__main__"), "__file__", None) or ""
