"""A lab of fake trainings to do damage to, and what it promises. Knows no kind of fault."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganlab.bench.faults.fault import Harm, promise
from ganlab.config import Patch, RunConfig
from ganlab.observation import Observation, Samples
from ganlab.runs import RunManager, RunStore, Status
from ganlab.runs.record import RunId, RunInfo

PATIENCE = 30.0  # seconds; a bound on every wait
CONFIG = RunConfig(steps=24, observe_every=2, sample_every=6, checkpoint_every=8)
STEPS = [0, *range(2, 25, 2)]  # of the rows of CONFIG


class Counting:
    """A training that counts. `made` hears of every observation; `gate` is passed at each step."""

    def __init__(
        self,
        config: RunConfig,
        checkpoint: bytes | None,
        made: Callable[[], None] = lambda: None,
        gate: Callable[[int], None] = lambda step: None,
    ) -> None:
        state = json.loads(checkpoint or b"{}")
        self.step = state.get("step", 0)
        self.config = RunConfig.of(state.get("config", dict(config)) | {"steps": config.steps})
        self._made, self._gate = made, gate
        self._fresh = checkpoint is None

    @property
    def real(self) -> Samples:
        """A black picture."""
        return Samples(image=np.zeros((4, 4), np.uint8))

    def advance(
        self, steps: int, *, observe_last: bool = False, to_next: bool = False
    ) -> Sequence[Observation]:
        """Up to the next observation."""
        if self._fresh:
            self._fresh = False
            return [self._look()]
        last = min(self.step + steps, self.config.steps)
        while self.step < last:
            self._gate(self.step)
            self.step += 1
            if self.step % self.config.observe_every == 0 or (observe_last and self.step == last):
                return [self._look()]
        return []

    def _look(self) -> Observation:
        self._made()
        image = np.full((4, 4), self.step % 256, np.uint8)
        due = self.step % self.config.sample_every == 0
        return Observation(
            self.step,
            {"d_loss": 1.0 / (1 + self.step), "g_loss": float(self.step)},
            None,
            Samples(image=image) if due else None,
            seconds=self.step / 100,
        )

    def apply(self, patch: Patch) -> None:
        """Takes it."""
        self.config = self.config.patched(patch)

    def checkpoint(self) -> bytes:
        """Step and config, and what makes it some kilobytes."""
        state = {"step": self.step, "config": dict(self.config), "weights": "w" * 4000}
        return json.dumps(state).encode()

    def generator_weights(self) -> bytes:
        """Some kilobytes."""
        return b"weights" * 500


@dataclass(frozen=True)
class Tells:
    """An event of a panel that has seen so many rows."""

    step: int
    seen: int

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        proof = {"metric": "seen", "observed": self.seen, "relation": ">", "bound": 0, "window": 0}
        return {
            "event": "opened",
            "symptom": "counting",
            "severity": "notice",
            "step": self.step,
            "summary": f"{self.seen} seen",
            "evidence": [proof],
            "remedies": [],
        }


class Panel:
    """Says at every sixth step how many rows it has seen: state that must survive."""

    def __init__(self) -> None:
        self.seen = 0

    def update(self, observation: Observation) -> list[Tells]:
        """One event or none."""
        self.seen += 1
        return [Tells(observation.step, self.seen)] if observation.step % 6 == 0 else []


@contextmanager
def lab(
    folder: Path, *, waits: bool = False, factory: Callable[..., Counting] = Counting
) -> Iterator[RunManager]:
    """A manager of fake trainings, shut down at the end; no thread of it may be left then."""
    manager = RunManager(RunStore(folder / "runs"), factory, Panel, waits=waits)
    manager.settle = 0.0
    try:
        yield manager
    finally:
        manager.shutdown(PATIENCE)
        left = [one.name for one in threading.enumerate() if one.name.startswith("ganlab-")]
        promise(not left, "every thread ends", left)


def until(condition: Callable[[], object], what: str) -> None:
    """Waits for it. Raises Harm when it never happens."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Harm(f"promised: {what}; seen: nothing in {PATIENCE:g} s")
        time.sleep(0.001)


def ended(manager: RunManager, run: RunId) -> RunInfo:
    """The run once it has ended; its words are looked at."""
    info = manager.wait(run, PATIENCE)
    promise(not info.status.live, "every run ends, and says so", info.status)
    if info.status is Status.FAILED:
        promise(in_words(info.error), "a failed run says got, allowed, next step", info.error)
    return info


def in_words(text: str) -> bool:
    """Whether an error says what is allowed and what to do, in one line."""
    return "allowed:" in text and "\n" not in text and "Traceback" not in text


def steps_of(store: RunStore, run: RunId, log: str = "metrics") -> list[int]:
    """The steps of all stored rows."""
    return [row["step"] for row in store.read(run, log)[0]]


def whole(store: RunStore, run: RunId) -> None:
    """Raises Harm unless the run's logs are those of an undisturbed one."""
    rows = store.read(run, "metrics")[0]
    expected = [
        {"step": at, "seconds": at / 100, "d_loss": 1.0 / (1 + at), "g_loss": float(at)}
        for at in STEPS
    ]
    promise(rows == expected, "the rows of an undisturbed run", rows)
    seen = [(row["step"], row["summary"]) for row in store.read(run, "findings")[0]]
    expected_too = [(at, f"{at // 2 + 1} seen") for at in range(0, 25, 6)]
    promise(seen == expected_too, "its findings", seen)


def begun(store: RunStore, run: RunId, least: int = 0) -> None:
    """Raises Harm unless the rows are the first ones of a run, without a gap, and enough."""
    steps = steps_of(store, run)
    promise(steps == STEPS[: len(steps)], "rows without a gap", steps)
    promise(len(steps) >= least, f"at least {least} rows", steps)


def healthy(manager: RunManager) -> None:
    """Raises Harm unless a new run gets its slot and leaves what it should."""
    run = manager.start(CONFIG)
    info = manager.wait(run, PATIENCE)
    promise(info.status is Status.FINISHED, "the next run trains to its end", info)
    whole(manager.store, run)


def tidy(folder: Path) -> None:
    """Raises Harm when a temporary file is left."""
    left = [path.name for path in folder.rglob("*.tmp")]
    promise(not left, "no temporary file is left", left)


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file and link below a folder."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = path.read_bytes() if path.is_file() else "folder"
    return found
