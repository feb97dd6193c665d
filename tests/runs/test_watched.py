"""Runs of a user's own script: stored like any other, with no settings made up for them."""

from __future__ import annotations

import pytest

from ganlab.config import RunConfig
from ganlab.runs import Outcome, RunManager, RunStore, Source, Status, StoreError

SOURCE = Source("/home/her/train.py", ("--lr", "0.1"), 2000)


def test_a_watched_run_has_a_source_and_no_settings(store: RunStore) -> None:
    info = store.info(store.create_watched(SOURCE))
    assert info.source == SOURCE
    assert info.settings is None
    assert info.name == "train.py"
    assert info.status is Status.RUNNING


def test_its_settings_are_refused_in_words(store: RunStore) -> None:
    run = store.create_watched(SOURCE)
    with pytest.raises(StoreError, match="Read it on the Doctor page"):
        _ = store.info(run).config
    with pytest.raises(StoreError, match="no settings of the lab"):
        store.original(run)


def test_it_cannot_be_continued_by_the_lab(store: RunStore, manager: RunManager) -> None:
    run = store.create_watched(SOURCE)
    store.finish(run, Outcome(Status.FINISHED, 10, 1.0))
    with pytest.raises(StoreError, match="is one of a script"):
        manager.reopen(run)


def test_it_is_listed_among_the_others(store: RunStore) -> None:
    watched, trained = store.create_watched(SOURCE), store.create(RunConfig())
    assert {info.id for info in store.runs()} == {watched, trained}


def test_an_orphan_is_marked_interrupted(store: RunStore) -> None:
    run = store.create_watched(SOURCE)
    store.close(run)  # as the end of its process does
    assert RunStore(store.root).mark_orphans() == [run]
    assert store.info(run).status is Status.INTERRUPTED


def test_a_report_is_read_as_it_was_written(store: RunStore) -> None:
    run = store.create_watched(SOURCE)
    assert store.report(run) is None
    store.write_report(run, {"verdict": "healthy", "reason": "Nothing was seen."})
    report = store.report(run)
    assert report is not None
    assert (report["verdict"], report["reason"]) == ("healthy", "Nothing was seen.")


def test_a_source_says_its_command_short() -> None:
    assert SOURCE.command == "train.py --lr 0.1"
    assert Source("").name == "a training loop"
