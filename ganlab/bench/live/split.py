"""Which live breaks may be looked at: by plan, never by seed; one whole base is sealed."""

from __future__ import annotations

import hashlib
from typing import Literal

from ganlab.bench.live.catalogue import breaks
from ganlab.bench.live.plans import BASES, REPEATS, SEEDS, Break

Shelf = Literal["open", "sealed"]
SEALED_BASES = frozenset({"dcgan"})  # an architecture that no threshold was ever looked at with
LAST_STAGE = (SEEDS - 1, list(BASES).index("dcgan"))  # the start page's run has one seed
# Known before the split was drawn.
_OPENED = frozenset({
    "start-sgd-both", "start-lr-d-x100", "start-output-sigmoid", "digits-sgd-2e-4",
    "digits-lr-d-x100", "digits-output-sigmoid",
})  # fmt: skip


def shelf_of(name: str) -> Shelf:
    """The archive of a break, or of a base's own runs ("BASE.prefix", "BASE.twin" ...)."""
    base = name.partition(".")[0] if name.partition(".")[0] in BASES else name.partition("-")[0]
    if base in SEALED_BASES:
        return "sealed"
    own = name in base_runs(base) or name in _OPENED
    return "open" if own or _shuffled(name) % 2 else "sealed"


def base_runs(base: str) -> tuple[str, ...]:
    """The runs that all breaks of a base share: the way to its checkpoint, twin and repeats."""
    repeats = (f"{base}.repeat{number}" for number in range(1, REPEATS + 1))
    return (f"{base}.prefix", f"{base}.twin", *repeats)


def jobs() -> list[tuple[Break, int]]:
    """Every break and seed in the order of recording: stage by stage."""
    every = ((found, seed) for seed in range(SEEDS) for found in breaks())
    chosen = [job for job in every if stage(job) <= LAST_STAGE]
    return sorted(chosen, key=lambda job: (stage(job), _shuffled(job[0].name)))


def stage(job: tuple[Break, int]) -> tuple[int, int]:
    """Where a job belongs: an interrupted recording is cut between two stages.

    Of the first seed, the open breaks of all bases come first, then the sealed ones; the other
    seeds go base by base.
    """
    found, seed = job
    return seed, list(BASES).index(found.base) if seed else int(shelf_of(found.name) == "sealed")


def recorded() -> frozenset[str]:
    """NAME@SEED of everything in the archives."""
    own = {f"{name}@{seed}" for found, seed in jobs() for name in base_runs(found.base)}
    return frozenset(own | {f"{found.name}@{seed}" for found, seed in jobs()})


def _shuffled(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
