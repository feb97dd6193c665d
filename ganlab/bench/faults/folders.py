"""Run folders that ganlab did not write so: each is listed or says why not, and harms no other."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from ganlab.bench.faults.damage import Damage
from ganlab.bench.faults.damages import DAMAGES, FINDINGS, REPORTS, SAMPLES
from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.specimen import IMAGES, stored
from ganlab.bench.faults.world import contents, ended, in_words, lab
from ganlab.diagnosis import assess
from ganlab.diagnosis.replay import replay
from ganlab.runs import RunHistory, RunStore, StoreError, observation_of
from ganlab.runs.record import Damaged, RunId, RunInfo
from ganlab.ui import timeline

INNOCENT, HURT = "20300101-000000-00000000", "20300101-000000-11111111"


def planted(root: Path, damage: Damage, run: RunId = HURT) -> None:
    """A stored run with the damage done to it."""
    place(root, damage.kind, run)
    damage.act(root / run)


def place(root: Path, kind: str, run: RunId) -> None:
    """A stored run of that kind."""
    for name, content in _specimen(kind).items():
        path = root / run / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@cache
def _specimen(kind: str) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        made = store.path(stored(store, kind))
        return {
            str(path.relative_to(made)): path.read_bytes()
            for path in made.rglob("*")
            if path.is_file()
        }


def _strike(damage: Damage, folder: Path, dice: random.Random) -> None:
    """Looks at the store as the lab, its pages and commands do; continues, renames, deletes."""
    root = folder / "runs"
    place(root, IMAGES, INNOCENT)
    before, info = contents(root / INNOCENT), RunStore(root).info(INNOCENT)
    planted(root, damage)
    beside = contents(root / f".{HURT}-{HURT}")
    store = RunStore(root)
    store.mark_orphans()
    runs, bad = store.survey()
    promise(info in runs, "another run is listed as before", runs)
    found = {run.id: run for run in runs}.get(HURT)
    if damage.listed:
        promise(found, "the run is still listed", bad)
        assert found is not None
        _look(store, found)
    else:
        problems = [one.problem for one in bad if one.id == HURT]
        promise(found is None and len(problems) == 1, "the folder is a row of its own", (runs, bad))
        promise(in_words(problems[0]), "it says what is wrong, allowed and next", problems)
        _refused(store)
    if damage not in (*FINDINGS, *SAMPLES, *REPORTS):  # which nobody reads who continues a run
        _change(root)
    RunStore(root).delete(HURT)
    left = RunStore(root).survey()
    promise(HURT not in str(left), "a damaged run can be deleted", left)
    promise(contents(root / INNOCENT) == before, "another run's files stay as they are")
    promise(contents(root / f".{HURT}-{HURT}") == beside, "what is outside stays as it is")


def _look(store: RunStore, info: RunInfo) -> None:
    """All that a page draws of a run, and what a diagnosis says."""
    history = RunHistory(store, HURT)
    history.refresh()
    promise(history.last().get("step", 0) < 1 << 53, "steps are numbers", history.last())
    for name in history.names():
        history.curve(name)
    rows = history.findings()
    assess(rows, history.facts(), history.last(), info.error)  # type: ignore[arg-type]
    timeline.story(history.patches(), timeline.open_findings(rows))
    timeline.marks(history.patches(), rows)
    replay(map(observation_of, store.rows(HURT, "metrics")), error=info.error)
    store.metrics_csv(HURT)
    store.sample(HURT), store.real_sample(HURT), store.report(HURT), store.passed(HURT)


def _refused(store: RunStore) -> None:
    try:
        store.info(HURT)
    except Damaged as problem:
        promise(in_words(str(problem)), "a refusal says what to do", problem)
    else:
        promise(False, "a folder that cannot be read is refused")


def _change(root: Path) -> None:
    """Continues and renames it, or says in words why not."""
    with lab(root.parent) as manager:
        acts: list[Callable[[], object]] = [
            lambda: manager.reopen(HURT, steps=60),
            lambda: ended(manager, HURT),
            lambda: manager.store.rename(HURT, "another name"),
        ]
        for act in acts:
            try:
                act()
            except (StoreError, ValueError) as refusal:  # ValueError: a ConfigError
                promise(in_words(str(refusal)), "a refusal says what to do", refusal)


FAULTS = tuple(
    Fault(f"a stored run: {damage.name}", partial(_strike, damage), cost=0.1) for damage in DAMAGES
)
