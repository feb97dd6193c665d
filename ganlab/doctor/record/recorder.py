"""Records what a training script does with torch: forward passes, backward passes, steps.

Nothing of the user's is changed: hooks and wrapped functions only look, and `close` takes them all
away again. While nothing is recorded only the optimisers' steps are noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ganlab.doctor.record.deck import Deck
from ganlab.doctor.record.gradients import Gradients
from ganlab.doctor.record.modes import push, remove
from ganlab.doctor.record.networks import Owner
from ganlab.doctor.record.originals import Originals
from ganlab.doctor.record.passes import Passes
from ganlab.doctor.record.patches import Patches
from ganlab.doctor.record.steps import Steps


class Recorder(Deck):
    """Hooks into torch while it is open; fills `tape` while `recording`.

    `on_step(owner)` is called after every optimiser step, recording or not. An error in here never
    reaches the script: it is kept in `errors`, and recording stops.
    """

    def __init__(self, root: Path, on_step: Callable[[Owner], None]) -> None:
        super().__init__(root)
        self._steps = Steps(self, on_step)
        self._passes = Passes(self)
        self._gradients = Gradients(self)
        self._patches = Patches()
        self._closed = False

    def open(self) -> None:
        """Notices optimisers and their steps from now on, and every backward."""
        self._closed = False
        for part in (self._steps, self._gradients, self._passes):
            part.open(self._patches)
        self.originals = self.originals or Originals()
        self.flow.original = self.originals.of

    def close(self) -> None:
        """Takes every hook away."""
        self.stop()
        self._patches.undo()
        self._closed = True

    def start(self) -> None:
        """Records from now on, on an empty tape."""
        if self.recording or self._closed:
            return
        self.recording = True
        self._passes.start()
        push(self.flow)

    def stop(self) -> None:
        """Records no more."""
        if not self.recording:
            return
        super().stop()
        self._passes.stop()
        remove(self.flow)
        self._steps.stop()
        self.flow.quiet = 0
