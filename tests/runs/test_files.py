"""Whole files or none, and nothing through a link."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ganlab.bench.faults.calls import Trap, intercepted
from ganlab.config import RunConfig
from ganlab.runs import Outcome, RunStore, Status, StoreError, files

CALLS = ("open", "write", "fsync", "replace", "close")


@pytest.mark.parametrize("call", CALLS)
def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it(
    tmp_path: Path, call: str
) -> None:
    path = tmp_path / "outcome.json"
    path.write_bytes(b"old")
    with intercepted(Trap(call, 1, errno.EIO)), pytest.raises(OSError, match="Input/output"):
        files.replace_file(path, b"new" * 1000, durable=True)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [(path.name, b"old")]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    for name in ("outcome.json", "outcome.json.tmp"):
        (tmp_path / name).symlink_to(outside)
    files.replace_file(tmp_path / "outcome.json", b"new")
    assert not (tmp_path / "outcome.json").is_symlink()
    assert outside.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path, outside: path.symlink_to(outside), "a link"),
        (lambda path, outside: os.link(outside, path), "another name elsewhere"),
        (lambda path, outside: os.mkfifo(path), "no file"),
        (lambda path, outside: path.mkdir(), "a folder"),
    ],
    ids=["link", "second name", "pipe", "folder"],
)
def test_a_log_that_is_no_plain_file_is_refused_in_words(
    tmp_path: Path, make: object, what: str
) -> None:
    outside, path = tmp_path / "outside", tmp_path / "metrics.jsonl"
    outside.write_bytes(b"precious")
    make(path, outside)  # type: ignore[operator]
    with pytest.raises(StoreError, match=rf"metrics.jsonl in .* is .*{what}; allowed: .*Remove"):
        files.open_to_append(path)
    assert outside.read_bytes() == b"precious"


def test_a_linked_folder_is_refused_and_nothing_is_written_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "samples").symlink_to(outside, target_is_directory=True)
    with pytest.raises(StoreError, match=r"samples in .* is a link; allowed: a folder"):
        files.make_folder(tmp_path / "samples")
    assert not list(outside.iterdir())


def test_what_a_killed_process_left_half_written_is_swept_by_the_next_owner(
    tmp_path: Path,
) -> None:
    store, outside = RunStore(tmp_path / "runs"), tmp_path / "outside"
    outside.write_bytes(b"precious")
    run = store.create(RunConfig())
    store.write_checkpoint(run, 5, b"x")
    store.close(run)
    left = [store.path(run) / ".config.json.12.tmp", store.path(run) / "checkpoints" / ".x.tmp"]
    left[0].write_bytes(b"half")
    left[1].symlink_to(outside)
    store.own(run)
    assert not any(os.path.lexists(path) for path in left)
    assert outside.read_bytes() == b"precious"
    assert store.latest_checkpoint(run) == (5, b"x")
    store.close(run)


def test_the_reserve_is_there_while_a_run_is_written_and_gone_afterwards(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.create(RunConfig())
    assert (store.path(run) / "reserve").stat().st_size == 64 * 1024
    store.finish(run, Outcome(Status.FINISHED, 1, 0.1))
    assert not (store.path(run) / "reserve").exists()


def test_deleting_a_run_removes_its_links_and_not_what_they_lead_to(tmp_path: Path) -> None:
    store, outside = RunStore(tmp_path / "runs"), tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("precious")
    run = store.create(RunConfig())
    (store.path(run) / "samples").symlink_to(outside, target_is_directory=True)
    store.close(run)
    store.delete(run)
    assert not list(store.root.iterdir())
    assert (outside / "precious").read_text() == "precious"


def test_a_folder_that_somebody_was_killed_while_deleting_is_removed_by_the_next_lab(
    tmp_path: Path,
) -> None:
    half = tmp_path / ".20261127-120000-0123abcd.deleted"
    half.mkdir()
    (half / "config.json").write_text("{}")
    RunStore(tmp_path).mark_orphans()
    assert not half.exists()
