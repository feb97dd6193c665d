"""What watching costs: a run with everything on against the bare step, measured whole.

Everything is what a headless run does beside training: rows every ten steps, a probe and a sample
grid every fifty, the detectors, and the recorder's JSON and PNG on disk. Checkpoints are not
monitoring and stay out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ganlab.bench.matches import ENDLESS, images_at_hand
from ganlab.bench.timing import Spread, interleaved, joined, milliseconds, overhead
from ganlab.config import RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.trainer import Trainer
from ganlab.panel import DetectorPanel
from ganlab.presets import preset
from ganlab.runs.recorder import Recorder
from ganlab.runs.store import RunStore

CYCLE = 50  # steps of a round: in so many, each kind of measurement has its turn
MEDIAN_TARGET = 0.03
BOUND_TARGET = 0.05
WATCHED = {"M1 paper MLP": "paper-mlp", "M2 BN MLP": "seed4-mlp", "DCGAN-28": "dcgan28"}

_SLICE = 10  # steps until the next variant has its turn; about what a session asks for


@dataclass(frozen=True)
class Cost:
    """The share of the bare step that watching adds."""

    name: str
    bare_ms: float  # of one step, the median of the rounds
    share: Spread  # bounds: of the median, with 95 %
    control: Spread  # the bare step against itself

    @property
    def met(self) -> bool:
        """Whether the median and its upper bound are low enough."""
        return self.share.median < MEDIAN_TARGET and self.share.high <= BOUND_TARGET


def cost_of_watching(name: str, data: Dataset, rounds: int, cycle: int = CYCLE) -> Cost:
    """Times rounds of `cycle` steps watched, bare, and bare again, in interleaved slices."""
    config = preset(WATCHED[name], data=images_at_hand(), steps=ENDLESS)
    slices = cycle // _SLICE
    with _watched(config, data) as watched:
        variants = {
            "bare": _bare(config, data),
            "watched": watched,
            "again": _bare(config, data),
        }
        times = joined(interleaved(variants, rounds * slices), slices)
    return Cost(
        name=name,
        bare_ms=milliseconds(times["bare"], cycle),
        share=overhead(times, "watched", "bare"),
        control=overhead(times, "again", "bare"),
    )


def _bare(config: RunConfig, data: Dataset) -> Callable[[], None]:
    trainer = Trainer(config, data=data, monitor=False)

    def run() -> None:
        trainer.advance(_SLICE)

    run()
    return run


@contextmanager
def _watched(config: RunConfig, data: Dataset) -> Iterator[Callable[[], None]]:
    trainer = Trainer(config, data=data)
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        run = store.create(config)
        recorder = Recorder(store, run, DetectorPanel())

        def go() -> None:
            for observation in trainer.advance(_SLICE):
                recorder.record(observation)

        go()
        yield go
        store.close(run)
