"""The live benchmark: recording, split, truth, scores, and a few stored breaks replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganlab.bench.corpus.recording import Recording
from ganlab.bench.live import record, store
from ganlab.bench.live.catalogue import APART, PATCHES, breaks
from ganlab.bench.live.plans import BASES, SEEDS, Base, Break
from ganlab.bench.live.runs import live_runs, read_runs
from ganlab.bench.live.split import SEALED_BASES, jobs, shelf_of, stage
from ganlab.bench.live.truth import CHANCE, Check, Harm, Margin, beyond, harm_of, margins, smoothed
from ganlab.config import Set, is_hot
from ganlab.engine.trainer import Trainer
from ganlab.rehearsal import data_of

_START = 100  # steps to the small base's checkpoint


# Plans and split.


def test_every_break_is_made_of_hot_settings_that_its_base_takes() -> None:
    for found in breaks():
        config = BASES[found.base].config(0)
        for _, patch in found.patches:
            assert is_hot(patch)
            assert config.patched(patch) != config
            config = config.patched(patch)
        undone = config.patched(found.undo(BASES[found.base].config(0)))
        assert undone == BASES[found.base].config(0)


def test_the_start_pages_run_on_plain_sgd_is_among_the_open_breaks() -> None:
    (found,) = (found for found in breaks() if found.name == "start-sgd-both")
    config = BASES["start"].config(0)
    assert shelf_of(found.name) == "open" and (config.lr_d, config.lr_g) == (2e-4, 2e-4)
    patched = config.patched(found.patches[0][1])
    assert (patched.optimizer_d, patched.optimizer_g) == ("sgd", "sgd")
    assert (patched.lr_d, patched.lr_g) == (2e-4, 2e-4)


def test_breaks_are_split_by_plan_and_one_base_is_sealed_whole() -> None:
    names = [found.name for found in breaks()]
    assert len(set(names)) == len(names)
    for found in breaks():
        if found.base in SEALED_BASES:
            assert shelf_of(found.name) == shelf_of(f"{found.base}.twin") == "sealed"
        else:
            assert shelf_of(f"{found.base}.twin") == "open"
    for base in BASES.keys() - SEALED_BASES - {"start"}:  # seen before
        own = [shelf_of(found.name) for found in breaks() if found.base == base]
        assert 0.3 < own.count("sealed") / len(own) < 0.7


def test_the_open_breaks_of_the_first_seed_are_recorded_first() -> None:
    order = jobs()
    assert {seed for _, seed in order} == set(range(SEEDS))
    opened = sum(shelf_of(found.name) == "open" for found in breaks())
    assert {shelf_of(found.name) for found, _ in order[:opened]} == {"open"}
    assert [seed for _, seed in order] == sorted(seed for _, seed in order)
    assert list(map(stage, order)) == sorted(map(stage, order))


def test_pairs_come_in_both_orders() -> None:
    pairs = [found for found in breaks() if found.pair]
    for found in pairs:
        (first, one), (second, other) = found.patches
        assert (first, second) == (0, APART)
        assert any(p.patches == ((0, other), (APART, one)) for p in pairs if p.base == found.base)


# Recording.


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small base, healthy by decree, with its twin and two breaks."""
    folder = tmp_path_factory.mktemp("live")
    base = Base(BASES["ring8"].settings | {"hidden_g": (16,), "hidden_d": (16,)}, _START)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("BASES", {"ring8": base}), ("fate_at", lambda checks: "healthy"),
                            ("longest", lambda base: 150), ("_ON_THE_WAY", 50)):  # fmt: skip
            patch.setattr(record, name, value)
        patch.setattr("ganlab.bench.live.plans.RECOVERY", 50)
        patch.setattr("ganlab.bench.live.plans.BASES", {"ring8": base})
        chosen = [("ring8-range-unit", ((0, {"data_range": Set("[0,1]")}),)),
                  ("ring8-sgd-10", ((0, PATCHES["sgd-10"]),))]  # fmt: skip
        made: list[record.Job] = [
            (Break(name, "ring8", patches, hold=100), 0) for name, patches in chosen
        ]
        said: list[str] = []
        record.record_all(made, folder, said.append)
        record.record_all(made, folder, said.append)
    assert said[-1] == "2 of 2 breaks are recorded."
    return folder


def test_a_twin_is_the_run_that_nobody_stopped(recorded: Path) -> None:
    base = BASES["ring8"].settings | {"hidden_g": (16,), "hidden_d": (16,)}
    config = Base(base, _START).config(0)
    whole = Trainer(config, data=data_of(config)).advance(_START + 150)
    later = Recording.of([look for look in whole if look.step > _START], plan="", seed=0, checks=())
    twin = store.of_folder(recorded, "ring8.twin@0")
    assert [look.metrics for look in twin.observations()] == [
        look.metrics for look in later.observations()
    ]


def test_repeats_see_other_noise(recorded: Path) -> None:
    twin, repeat = (store.of_folder(recorded, f"ring8.{n}@0") for n in ("twin", "repeat1"))
    assert twin.steps == repeat.steps
    assert list(twin.observations())[-1].metrics != list(repeat.observations())[-1].metrics


def test_a_break_is_patched_at_the_checkpoint_and_undone(recorded: Path) -> None:
    facts = store.of_folder(recorded, "ring8-range-unit@0").facts
    told = [(step, row["data_range"]) for step, row in facts]
    assert told == [(_START + 10, "[0,1]"), (_START + 110, "standardised")]


def test_an_error_ends_a_break_and_is_kept(recorded: Path) -> None:
    assert "diverged" in store.of_folder(recorded, "ring8-sgd-10@0").error


def test_a_run_joins_the_way_the_break_and_the_twin(recorded: Path) -> None:
    (run,) = read_runs(store.folder_reader(recorded), ["ring8-sgd-10@0"])
    steps = [look.step for look in run.looks]
    assert steps == sorted(set(steps)) and steps[0] == 0
    assert run.patched_at == _START and run.undone_at is None  # the error came first
    assert run.blamed is not None and run.blamed.step == _START + 1
    assert [check["step"] for check in run.twin] == [150, 200, 250]


def test_changes_are_known_when_they_are_made_and_not_before(recorded: Path) -> None:
    (run,) = read_runs(store.folder_reader(recorded), ["ring8-range-unit@0"])
    assert run.undone_at is not None
    assert run.changes(run.patched_at) == ()
    (made,) = run.changes(run.undone_at)
    assert made == run.blamed and made.undone is None
    first, second = run.changes(run.undone_at + 1)
    assert first.undone == second.step and second.undoes == first.step


def test_sealed_breaks_are_not_read_unasked(recorded: Path) -> None:
    assert all(shelf_of(run.name) == "open" for run in live_runs(recorded))


# The truth.


def _checks(*levels: float, start: int = 50, **more: object) -> list[Check]:
    """Checks of images, 50 steps apart, by their distances."""
    even = {"shares": [0.1] * 10, "classes": 10} | more
    return [{"step": start + 50 * n, "frechet": level} | even for n, level in enumerate(levels)]


_TWIN = _checks(*[0.3] * 12)


@pytest.mark.parametrize(
    ("levels", "harm"),
    [
        ([0.3] * 12, Harm("harmless")),
        ([0.3, 0.9] + [0.3] * 10, Harm("harmless")),  # one bad draw
        ([0.3, 0.9, 0.9] + [0.3] * 9, Harm("neither")),  # it passed
        ([0.3] * 4 + [0.9] * 8, Harm("neither")),  # too short to be sure
        ([0.3] * 2 + [0.9] * 10, Harm("harmful", 150, fell=True)),
        ([0.3] * 2 + [0.9] * 7 + [0.3] * 3, Harm("harmful", 150, fell=True, recovered=500)),
        ([0.3] * 2 + [0.9] * 4 + [0.3] * 6, Harm("harmful", 150, fell=True, recovered=350)),
    ],
)
def test_harm_lasts_to_the_undo(levels: list[float], harm: Harm) -> None:
    assert harm_of(_checks(*levels), _TWIN, Margin(), start=0, undone=300, crashed=False) == harm


def test_falling_behind_a_twin_that_improves_is_not_falling() -> None:
    twin = _checks(0.5, 0.5, 0.5, 0.3, 0.3, 0.2, *[0.2] * 6)
    found = harm_of(_checks(*[0.5] * 12), twin, Margin(), start=0, undone=300, crashed=False)
    # Nothing has to come back: it never left the place where the patch found it.
    assert found == Harm("harmful", 200, fell=False, recovered=350)


def test_lost_classes_are_harm_however_near_the_rest() -> None:
    lost = _checks(*[0.3] * 6, shares=[0.125] * 8 + [0.0] * 2)
    found = harm_of(lost, _TWIN, Margin(), start=0, undone=300, crashed=False)
    assert (found.kind, found.since) == ("harmful", 50)


def test_an_error_is_harm() -> None:
    found = harm_of(_checks(0.3, 0.3), _TWIN, Margin(), start=0, undone=100, crashed=True)
    assert (found.kind, found.since) == ("harmful", 100)
    assert harm_of([], _TWIN, Margin(), start=0, undone=0, crashed=True).since == 0


def test_the_margin_calls_few_repeats_harmful() -> None:
    pairs = [(_checks(*[0.3] * 8), _checks(*[0.3 + 0.01 * n] * 8)) for n in range(1, 41)]
    margin = margins({"digits": pairs})["digits"]
    ways = [way for pair in pairs for way in (pair, pair[::-1])]
    harmful = [harm_of(*way, margin, start=0, undone=400, crashed=False).kind == "harmful"
               for way in ways]  # fmt: skip
    assert 0 < sum(harmful) <= CHANCE * len(ways)


def test_what_repeats_never_do_is_not_harmless_however_small() -> None:
    near = [(_checks(*[0.3] * 8), _checks(*[0.301] * 8))]
    margin = margins({"digits": near})["digits"]
    slightly = harm_of(_checks(*[0.33] * 12), _TWIN, margin, start=0, undone=300, crashed=False)
    assert slightly.kind == "neither"
    alike = harm_of(_checks(*[0.3] * 12), _TWIN, margin, start=0, undone=300, crashed=False)
    assert alike.kind == "harmless"


def test_a_generator_that_stands_still_is_not_harmless() -> None:
    pairs = [(_checks(*[0.3] * 8), _checks(*[0.32] * 8))]
    margin = margins({"digits": pairs})["digits"]
    twin = _checks(0.3, 0.3, 0.29, 0.28, 0.27, 0.26)
    still = harm_of(_checks(*[0.3] * 6), twin, margin, start=0, undone=300, crashed=False)
    assert still.kind == "neither"


def test_modes_are_judged_by_quality_number_and_evenness() -> None:
    good = {"step": 50, "high_quality": 0.8, "shares": [0.1] * 8, "classes": 8}
    fine = smoothed([good])[50]
    for change in ({"high_quality": 0.5}, {"shares": [0.1] * 6 + [0.0] * 2},
                   {"shares": [0.4] + [0.06] * 7}):  # fmt: skip
        worse = smoothed([good | change])[50]
        assert beyond({name: worse[name] - fine[name] for name in worse}, {})
