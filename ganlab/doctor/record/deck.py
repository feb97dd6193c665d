"""What all parts of the recorder share: what was recorded so far, and how to look unseen."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch.optim.optimizer import Optimizer

from ganlab.causes.trace import Location
from ganlab.doctor.record.events import Tape
from ganlab.doctor.record.flow import Flow
from ganlab.doctor.record.modes import no_modes
from ganlab.doctor.record.networks import FUNCTIONS, Networks, Owner
from ganlab.doctor.record.origin import Key
from ganlab.doctor.record.originals import Originals
from ganlab.doctor.record.users import Roots, is_users

_MOST_ERRORS = 20  # of ours, after which no more is recorded


class Deck:
    """Holds the tape; an error of ours is kept in `errors` and never reaches the script."""

    def __init__(self, root: Path) -> None:
        self.roots: Roots = (str(root),)  # of the user's own code
        self.tape = Tape()
        self.recording = False
        self.flow = Flow()
        self.owners: list[Owner] = []
        self.networks = Networks(self.owners, self.here)
        self.clamped: dict[Key, float] = {}  # networks whose weights were clipped, and to what
        self.clamped_copies: set[Key] = set()  # of those, where copies of the weights were
        self.half_seen = False
        self.errors: list[str] = []
        self.spent = 0.0  # seconds in here
        self.busy = 0  # above 0 while what torch is told comes from us
        self.penalising = False  # while a gradient is taken that is no player's
        self.originals: Originals | None = None  # torch's, with our own around them
        self._order = 0

    def stop(self) -> None:
        """Records no more."""
        self.recording = False

    def cut(self) -> Tape:
        """The tape so far; a new one begins."""
        tape, self.tape = self.tape, Tape()
        return tape

    def next(self) -> int:
        """The number of an event that happens now."""
        self._order += 1
        return self._order

    def here(self) -> Location | None:
        """The innermost line of the user's own code that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if is_users(name, self.roots):
                return Location(os.path.normpath(name), frame.f_lineno)
            frame = frame.f_back  # type: ignore[assignment]
        return None

    def adopt(self, optimizer: Optimizer) -> Owner:
        """Takes note of an optimiser."""
        owner = Owner(len(self.owners), optimizer, self.here())
        self.owners.append(owner)
        self.networks.look_again()  # who owns what has changed
        for each in owner.ids():
            self.flow.owned.setdefault(each, FUNCTIONS + owner.number)
        return owner

    def owner(self, optimizer: Optimizer) -> Owner:
        """Ours for that optimiser; takes note of one that was made before we looked."""
        for owner in self.owners:
            if owner.optimizer is optimizer:
                return owner
        return self.adopt(optimizer)

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Our own work: not followed, timed, and no error of it gets out."""
        started = time.perf_counter()
        self.flow.quiet += 1
        self.busy += 1
        try:
            with torch._C.DisableTorchFunction(), self._unseen():
                yield
        except Exception as error:  # the script must go on whatever happens in here
            self.errors.append(f"{type(error).__name__}: {error}")
            if len(self.errors) > _MOST_ERRORS:
                self.stop()
        finally:
            self.flow.quiet = max(0, self.flow.quiet - 1)
            self.busy -= 1
            self.spent += time.perf_counter() - started

    def _unseen(self) -> contextlib.AbstractContextManager[object]:
        """What the script has put around torch's functions is not for our own work."""
        if self.busy > 1 or self.originals is None:
            return contextlib.nullcontext()
        stack = contextlib.ExitStack()
        stack.enter_context(self.originals.back())
        if torch._C._len_torch_dispatch_stack():
            stack.enter_context(no_modes())
        return stack
