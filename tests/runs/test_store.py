"""Runs on disk: created, owned, listed, taken back, refused."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import orjson
import pytest

from ganlab.bench.faults.world import Tells
from ganlab.config import RunConfig, Scale
from ganlab.finding import patch_as_row
from ganlab.observation import Samples
from ganlab.runs import Outcome, RunStore, Status, StoreError, UnknownRun, files, ownership
from ganlab.runs.record import Source

CONFIG = RunConfig(hidden_g=(8, 9), lr_d=0.5)


def test_a_config_comes_back_as_it_was(store: RunStore) -> None:
    run = store.create(CONFIG, "  my \n run ", parent="earlier")
    info = store.info(run)
    assert (info.config, info.name, info.parent) == (CONFIG, "my run", "earlier")
    assert (info.status, info.step) == (Status.RUNNING, 0)
    assert store.original(run) == CONFIG
    store.close(run)


def test_the_root_is_the_argument_then_the_environment_then_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "env"))
    assert RunStore(tmp_path).root == tmp_path
    assert RunStore().root == tmp_path / "env"
    monkeypatch.delenv("GANLAB_RUNS")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert RunStore().root == tmp_path / ".ganlab" / "runs"


def test_an_unwritable_folder_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"a folder you may write to.+Set GANLAB_RUNS"):
        RunStore(tmp_path / "file").create(CONFIG)


def test_a_run_that_could_not_be_described_is_no_run(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "replace_file", refuse)
    with pytest.raises(StoreError, match="No space left"):
        store.create(CONFIG)
    assert store.runs() == []


def test_a_folder_that_became_read_only_refuses_with_advice_and_stays_readable(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create(CONFIG)
    store.close(run)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ownership, "_acquired", refuse)
    monkeypatch.setattr(files, "replace_file", refuse)
    for act in (store.own, store.delete, lambda run: store.rename(run, "new")):
        with pytest.raises(StoreError, match=r"\(Permission denied\).*Set GANLAB_RUNS"):
            act(run)
    assert store.mark_orphans() == []
    assert [info.status for info in store.runs()] == [Status.INTERRUPTED]


def test_a_store_that_does_not_exist_yet_has_no_runs(store: RunStore) -> None:
    assert store.runs() == []
    assert store.mark_orphans() == []


@pytest.mark.parametrize(
    "run", ["", "..", ".", "../secret", "/etc", "a/b", "a\\b", "x\0", "none", "a\n"]
)
def test_an_id_that_is_no_run_here_is_refused(store: RunStore, run: str) -> None:
    (store.root.parent / "secret").mkdir()
    (store.root.parent / "secret" / "config.json").write_text("{}")
    (store.root / "none").mkdir(parents=True)
    for ask in (store.info, store.delete, store.own, store.sample, store.metrics_csv):
        with pytest.raises(UnknownRun, match="Choose one from the list"):
            ask(run)
    assert (store.root.parent / "secret" / "config.json").exists()


def test_rows_go_on_where_the_reader_stopped_and_nulls_are_nan(store: RunStore) -> None:
    run = store.create(CONFIG)
    store.append(run, "metrics", {"step": 1, "d_loss": math.inf})
    rows, following = store.read(run, "metrics")
    assert math.isnan(rows[0]["d_loss"])
    assert store.read(run, "metrics", following) == ([], following)
    store.append(run, "metrics", {"step": 2})
    assert store.read(run, "metrics", following)[0] == [{"step": 2}]
    assert store.info(run).step == 2
    store.close(run)


def test_the_config_shown_has_the_patches_but_not_the_refused_ones(store: RunStore) -> None:
    run = store.create(CONFIG)
    row = {"step": 1, "patch": patch_as_row({"lr_d": Scale(0.5)}), "origin": "user"}
    for extra in ({}, {"error": "no"}, {"patch": {"gone": {"set": 1}}}, {}):
        store.append(run, "patches", row | extra)
    assert store.info(run).config.lr_d == 0.125
    assert store.original(run).lr_d == 0.5
    store.close(run)


def test_a_settings_name_of_another_version_is_left_out(store: RunStore) -> None:
    run = store.create(CONFIG)
    path = store.path(run) / "config.json"
    path.write_text(path.read_text().replace('"lr_d":', '"dropped_later":1,"lr_d":'))
    assert store.info(run).config == CONFIG
    store.close(run)


def test_a_damaged_run_says_so_and_hides_no_other(store: RunStore) -> None:
    damaged, impossible, fine = (store.create(CONFIG) for _ in range(3))
    (store.path(damaged) / "config.json").write_text('{"config": {')
    path = store.path(impossible) / "config.json"
    path.write_text(path.read_text().replace('"digits"', '"klingon"'))
    with pytest.raises(StoreError, match="damaged"):
        store.info(damaged)
    with pytest.raises(StoreError, match="cannot run any more: data is 'klingon'"):
        store.info(impossible)
    assert [info.id for info in store.runs()] == [fine]
    for run in (damaged, impossible, fine):
        store.close(run)


def test_a_damaged_outcome_counts_as_none(store: RunStore) -> None:
    run = store.create(CONFIG)
    store.close(run)
    for text in ("{", "{}", '{"status": "dancing", "step": 1, "seconds": 1}'):
        (store.path(run) / "outcome.json").write_text(text)
        assert store.info(run).status is Status.INTERRUPTED


def test_an_owned_run_is_running_also_for_another_reader(store: RunStore) -> None:
    run = store.create(CONFIG)
    other = RunStore(store.root)
    assert other.info(run).status is Status.RUNNING
    assert other.mark_orphans() == []
    for refused in (other.own, other.delete):
        with pytest.raises(StoreError, match="one owner at a time"):
            refused(run)
    store.close(run)


def test_an_orphan_is_marked_once_as_interrupted(store: RunStore) -> None:
    run = store.create(CONFIG)
    store.append(run, "metrics", {"step": 40, "seconds": 2.0})
    store.close(run)
    assert store.info(run).status is Status.INTERRUPTED
    assert store.mark_orphans() == [run]
    assert store.mark_orphans() == []
    outcome = store.outcome(run)
    assert outcome is not None
    assert (outcome.status, outcome.step, outcome.seconds) == (Status.INTERRUPTED, 40, 2.0)


def test_a_finished_run_is_known_at_a_glance_until_it_is_renamed(store: RunStore) -> None:
    run = store.create(CONFIG, "old")
    store.finish(run, Outcome(Status.FAILED, 7, 1.5, "boom", "Traceback ..."))
    info = store.info(run)
    assert (info.status, info.step, info.error) == (Status.FAILED, 7, "boom")
    assert store.info(run) is info
    os.utime(store.path(run) / "config.json", (0, 0))
    store.rename(run, "new")
    assert store.info(run).name == "new"


def test_rewind_takes_back_what_came_later(store: RunStore) -> None:
    run = store.create(CONFIG)
    for step in (10, 20, 30):
        for log in ("metrics", "findings", "patches"):
            store.append(run, log, Tells(step, 1).as_row() | {"patch": {}})
        store.write_samples(run, step, Samples(points=np.zeros((1, 2), np.float32)))
        store.write_checkpoint(run, step, b"x")
    before = store.revision(run)
    store.finish(run, Outcome(Status.STOPPED, 30, 3.0))
    store.rewind(run, 20)
    for log in ("metrics", "findings", "patches"):
        assert [row["step"] for row in store.read(run, log)[0]] == [10, 20]
    assert store.sample_steps(run) == [10, 20]
    assert store.latest_checkpoint(run) == (20, b"x")
    assert store.outcome(run) is None
    assert store.revision(run) != before
    store.append(run, "metrics", {"step": 21})
    assert store.info(run).step == 21
    store.close(run)


def test_a_sample_is_found_by_its_step_or_the_nearest_before(store: RunStore) -> None:
    run = store.create(CONFIG)
    assert store.sample(run) is None
    assert store.real_sample(run) is None
    for step in (0, 50, 100):
        store.write_samples(run, step, Samples(image=np.full((2, 2), step, np.uint8)))
    store.write_samples(run, "real", Samples(image=np.zeros((2, 2), np.uint8)))
    for wanted, got in ((None, 100), (99, 50), (50, 50), (0, 0)):
        sample = store.sample(run, wanted)
        assert sample is not None
        assert sample.step == got
    assert store.real_sample(run) is not None
    store.close(run)


def test_a_deleted_run_is_gone(store: RunStore) -> None:
    run = store.create(CONFIG)
    store.close(run)
    store.delete(run)
    assert store.runs() == []
    with pytest.raises(UnknownRun):
        store.info(run)


def test_three_hundred_runs_are_listed_without_reading_their_logs(store: RunStore) -> None:
    created = []
    for number in range(300):
        run = store.create(CONFIG, str(number))
        created.append(run)
        log = store.path(run) / "metrics.jsonl"
        log.touch()
        os.truncate(log, 1 << 34)  # a hole of 16 GiB: whoever reads it all never returns
        with log.open("ab") as file:
            file.write(b'\n{"step": 5}\n')
        store.close(run)
    infos = store.runs()
    assert [info.name for info in infos] == [str(number) for number in reversed(range(300))]
    assert {info.step for info in infos} == {5}


@pytest.mark.parametrize("damage", [{"created": None}, {"name": None}, {"config": {"lr_d": "x"}}])
def test_a_damaged_run_does_not_hide_the_others(tmp_path: Path, damage: dict[str, object]) -> None:
    store = RunStore(tmp_path)
    runs = [store.create(CONFIG) for _ in range(2)]
    about = tmp_path / runs[0] / "config.json"
    about.write_bytes(orjson.dumps(orjson.loads(about.read_bytes()) | damage))
    (tmp_path / runs[1] / "patches.jsonl").write_text('{"step": 1, "patch": ["x"]}\n')
    assert runs[1] in {info.id for info in RunStore(tmp_path).runs()}


def test_a_name_that_is_too_long_is_refused(store: RunStore) -> None:
    with pytest.raises(StoreError, match=r"The name has 101 characters; allowed: at most 100."):
        store.create(RunConfig(), "x" * 101)
    run = store.create(RunConfig(), "x" * 100)
    with pytest.raises(StoreError, match=r"The name has 150 characters"):
        store.rename(run, "y" * 150)
    assert store.info(run).name == "x" * 100


def test_a_script_with_a_long_name_is_watched_all_the_same(store: RunStore) -> None:
    run = store.create_watched(Source("z" * 150 + ".py"))
    assert store.info(run).name == "z" * 100
