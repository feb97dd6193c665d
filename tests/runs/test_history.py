"""Columns for charts, read bit by bit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ganlab.bench.faults.world import Tells
from ganlab.config import RunConfig
from ganlab.runs import RunHistory, RunStore, decimate
from ganlab.runs.history import Readers
from ganlab.runs.record import Row
from ganlab.runs.rows import Parser


@pytest.fixture
def run(store: RunStore) -> Iterator[str]:
    run = store.create(RunConfig())
    yield run
    store.close(run)


def test_a_refresh_reads_only_what_is_new(
    store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = RunHistory(store, run)
    store.append(run, "metrics", {"step": 0, "seconds": 0.0, "d_loss": 1.0})
    assert history.refresh()
    starts, read = [], store.read

    def watched(
        run: str, log: str, start: int, limit: int, parser: Parser
    ) -> tuple[list[Row], int]:
        starts.append(start)
        return read(run, log, start, limit, parser)

    monkeypatch.setattr(store, "read", watched)
    assert not history.refresh()
    size = (store.path(run) / "metrics.jsonl").stat().st_size
    assert starts == [size, 0, 0]
    store.append(run, "metrics", {"step": 10, "seconds": 0.5, "d_loss": 2.0})
    assert history.refresh()
    np.testing.assert_array_equal(history.column("d_loss"), [[0, 10], [0, 0.5], [1, 2]])


def test_a_column_has_only_the_rows_where_it_was_measured(store: RunStore, run: str) -> None:
    store.append(run, "metrics", {"step": 0, "seconds": 0.0, "d_loss": 1.0})
    store.append(run, "metrics", {"step": 10, "seconds": 1.0, "d_loss": math.nan, "auc": 0.5})
    history = RunHistory(store, run)
    history.refresh()
    np.testing.assert_array_equal(history.column("auc"), [[10], [1.0], [0.5]])
    np.testing.assert_array_equal(history.column("d_loss")[2], [1.0, math.nan])
    assert history.names() == ["d_loss", "auc"]
    assert [len(part) for part in history.column("unknown")] == [0, 0, 0]


def test_the_last_values_and_the_facts_in_force(store: RunStore, run: str) -> None:
    history = RunHistory(store, run)
    assert (history.last(), history.facts()) == ({}, {})
    first = {"loss": "hinge", "batch_size": 64}
    store.append(run, "metrics", {"step": 0, "seconds": 0.0, "auc": 0.5, "facts": first})
    store.append(run, "metrics", {"step": 9, "seconds": 2.0, "facts": {"loss": "wgan"}})
    history.refresh()
    assert history.last() == {"step": 9, "seconds": 2.0, "auc": 0.5}
    assert history.facts() == {"loss": "wgan", "batch_size": 64}


def test_findings_and_patches_are_listed(store: RunStore, run: str) -> None:
    history = RunHistory(store, run)
    finding = Tells(3, seen=1).as_row()
    patch = {"step": 3, "seconds": 0.1, "patch": {"lr_d": {"scale": 0.5}}, "origin": "user"}
    store.append(run, "findings", finding)
    store.append(run, "patches", patch)
    assert history.refresh()
    assert history.findings() == [finding]
    assert history.patches() == [patch]


def test_a_rewind_is_noticed_even_when_the_log_has_grown_again(store: RunStore, run: str) -> None:
    history = RunHistory(store, run)
    for step in range(5):
        store.append(run, "metrics", {"step": step, "seconds": 0.0, "d_loss": 1.0})
    history.refresh()
    store.rewind(run, 1)
    for step in range(2, 20):
        store.append(run, "metrics", {"step": step, "seconds": 0.0, "d_loss": 2.0})
    assert history.refresh()
    steps, _, values = history.column("d_loss")
    np.testing.assert_array_equal(steps, range(20))
    np.testing.assert_array_equal(values, [1, 1] + [2] * 18)


def test_a_rewind_to_nothing_empties_the_history(store: RunStore, run: str) -> None:
    history = RunHistory(store, run)
    store.append(run, "metrics", {"step": 0, "seconds": 0.0, "d_loss": 1.0})
    history.refresh()
    store.rewind(run, -1)
    assert history.refresh()
    assert history.last() == {}


@pytest.mark.parametrize("size", [0, 1, 2, 7, 1500])
def test_a_short_curve_is_drawn_whole(size: int) -> None:
    x = np.arange(size)
    got = decimate(x, x**2)
    np.testing.assert_array_equal(got, [x, x**2])


@pytest.mark.parametrize("size", [1501, 2999, 3001, 100_000])
@pytest.mark.parametrize("points", [10, 100, 1500])
def test_a_long_curve_keeps_its_ends_and_every_spike(size: int, points: int) -> None:
    random = np.random.default_rng(size)
    x = np.cumsum(random.random(size))
    for spike in (0, 1, size // 2, size - 2, size - 1, *random.integers(0, size, 20)):
        y = random.normal(size=size)
        y[spike] = 1000.0
        y[(spike + size // 3) % size] = -1000.0
        few_x, few_y = decimate(x, y, points)
        assert len(few_x) == len(few_y) <= points
        assert (few_x[0], few_x[-1]) == (x[0], x[-1])
        assert (few_y.max(), few_y.min()) == (1000.0, -1000.0)
        assert (np.diff(few_x) > 0).all()


def test_a_nan_among_numbers_and_numbers_among_nan_stay_visible() -> None:
    x = np.arange(10_000)
    y = np.sin(x)
    y[5000] = math.nan
    assert np.isnan(decimate(x, y, 300)[1]).sum() == 1
    y[:] = math.nan
    y[5000] = 7.0
    few_x, few_y = decimate(x, y, 300)
    assert len(few_x) <= 300
    assert np.nanmax(few_y) == 7.0


def test_infinite_values_stay_visible() -> None:
    y = np.zeros(10_000)
    y[77], y[7000], y[7001] = math.inf, -math.inf, math.nan
    few = decimate(np.arange(10_000), y, 50)[1]
    assert few.max(where=~np.isnan(few), initial=0) == math.inf
    assert few.min(where=~np.isnan(few), initial=0) == -math.inf


def test_a_long_run_takes_no_more_memory_than_a_part_of_it(store: RunStore, run: str) -> None:
    history = RunHistory(store, run)
    for step in range(20_000):
        value = 9e9 if step == 777 else 0.0 if step == 888 else 1.0 + step % 7
        store.append(run, "metrics", {"step": step, "seconds": step / 10, "d_loss": value})
    history.refresh()
    steps, seconds, values = history.column("d_loss")
    assert len(values) < 7000
    assert values[steps == 777] == 9e9 and values[steps == 888] == 0.0
    assert history.rows() == 20_000
    assert (history.last()["step"], seconds[-1]) == (19_999, 1999.9)


def test_a_page_holds_a_part_of_a_hundred_thousand_rows(store: RunStore, run: str) -> None:
    names = ("d_loss", "g_loss", "d_real", "d_fake", "grad_norm_d", "grad_norm_g")
    rows = (
        {"step": 10 * place, "seconds": place / 10} | dict.fromkeys(names, place % 97 / 97)
        for place in range(100_000)
    )
    with open(store.path(run) / "metrics.jsonl", "w") as log:
        log.writelines(f"{json.dumps(row)}\n" for row in rows)
    history = Readers(store).of(run)
    assert (history.rows(), history.last()["step"]) == (100_000, 999_990)
    columns = [history.curve(name) for name in names]
    assert max(len(column.values) for column in columns) < 10_000
    assert sum(part.nbytes for column in columns for part in column[:3]) < 2e6
    # Who else draws the run is given the same arrays.
    assert history.curve("d_loss") is columns[0]


def test_each_row_is_parsed_once_for_all_who_look(
    store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, read = [], store.read

    def watched(
        run: str, log: str, start: int, limit: int, parser: Parser
    ) -> tuple[list[Row], int]:
        starts.append((log, start))
        return read(run, log, start, limit, parser)

    monkeypatch.setattr(store, "read", watched)
    store.append(run, "metrics", {"step": 0, "seconds": 0.0, "d_loss": 1.0})
    readers = Readers(store)
    first = readers.of(run)
    assert readers.of(run) is first
    assert starts.count(("metrics", 0)) == 1


def test_readers_that_nobody_needs_any_more_go(store: RunStore) -> None:
    runs = [store.create(RunConfig()) for _ in range(3)]
    readers = Readers(store, most=2)
    first, second = readers.of(runs[0]), readers.of(runs[1])
    readers.of(runs[0])
    readers.of(runs[2])  # the second run's is the one that was not looked at for longest
    assert readers.of(runs[0]) is first
    assert readers.of(runs[1]) is not second


def test_many_threads_share_one_reader(store: RunStore, run: str) -> None:
    readers = Readers(store)
    for step in range(500):
        store.append(run, "metrics", {"step": step, "seconds": 0.0, "d_loss": float(step)})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: readers.of(run).column("d_loss")[2].tolist(), range(32)))
    assert all(values == list(range(500)) for values in found)


def test_rows_of_any_shape_are_read(store: RunStore, run: str) -> None:
    """A user's own loop may log what is no number, or a number now and then."""
    rows: list[Row] = [
        {"step": 0, "seconds": 0.0, "a": 1, "b": "text", "facts": {"loss": "hinge"}},
        {"step": 1, "seconds": 0.1, "a": None, "b": 2.5},
        {"step": 2, "seconds": 0.2, "b": 3.5, "c": {"deep": 1}},
        {"step": 3, "seconds": 0.3, "a": "text", "b": True},
        {"step": 4, "seconds": 0.4, "a": 5, "b": 6},
    ]
    for row in rows:
        store.append(run, "metrics", row)
    history = RunHistory(store, run)
    history.refresh()
    np.testing.assert_array_equal(history.column("a"), [[0, 1, 4], [0, 0.1, 0.4], [1, np.nan, 5]])
    np.testing.assert_array_equal(history.column("b")[2], [2.5, 3.5, 1, 6])
    assert history.names() == ["a", "b"]
    assert history.facts() == {"loss": "hinge"}
