"""Data that somebody else made: what is damaged is refused in words, and nothing is waited for."""

from __future__ import annotations

import gzip
import io
import math
import os
import struct
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageFile

from ganlab.bench.faults.idx import header as idx_header
from ganlab.bench.faults.pictures import EPS, GOOD, folder_of_pictures, png
from ganlab.bench.faults.world import Panel
from ganlab.config import RunConfig
from ganlab.engine.data import DataError, Dataset, decode, load, mnist
from ganlab.engine.data.files import open_regular
from ganlab.engine.facts import facts_of
from ganlab.engine.quality import Reference
from ganlab.runs import Control, Recorder, RunManager, RunStore, Session, Status
from ganlab.runs.record import RunInfo
from ganlab.runs.session import Job
from ganlab.ui import header
from tests.engine.mnist_files import CONTENT, IMAGES, lay_out
from tests.runs.fakes import PATIENCE, FakeLab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of good pictures."""
    place = tmp_path / "pictures"
    place.mkdir()
    folder_of_pictures(place)
    return place


def loaded(folder: Path, said: list[str] | None = None, **settings: object) -> Dataset:
    few = {"batch_size": 4, "held_out": 0.0, "image_size": 8, "channels": 1}
    config = {"data": "folder", "data_folder": str(folder), **few, **settings}
    return load(RunConfig.of(config), None if said is None else said.append)


def test_only_the_named_formats_are_tried(folder: Path) -> None:
    (folder / "hostile.png").write_bytes(EPS)
    assert "it is none of PNG, JPEG, BMP, GIF, WEBP inside" in loaded(folder).left_out


def test_a_folder_called_like_a_picture_is_a_folder(folder: Path) -> None:
    below = folder / "x.png"
    below.mkdir()
    Image.new("L", (8, 8)).save(below / "one.png")
    (below / "round.png").symlink_to(below)  # a circle
    data = loaded(folder)
    assert (len(data.train), data.left_out) == (GOOD + 1, "")


def test_a_name_of_any_bytes_can_be_said_and_stored(folder: Path) -> None:
    Path(os.fsdecode(bytes(folder) + b"/good\xff.png")).write_bytes(
        (folder / "00.png").read_bytes()
    )
    Path(os.fsdecode(bytes(folder) + b"/bad\xfe.png")).write_bytes(b"")
    data = loaded(folder)
    assert len(data.train) == GOOD + 1
    assert r"bad\udcfe.png" in data.left_out and data.left_out.encode()


@pytest.mark.parametrize(
    ("side", "words"), [(13_000, "it has 13000 x 13000 pixels"), (1 << 20, "it has far too many")]
)
def test_a_file_of_too_many_pixels_is_refused_in_our_words_alone(
    folder: Path, side: int, words: str
) -> None:
    (folder / "hostile.png").write_bytes(png(side, side))
    with warnings.catch_warnings(action="default", record=True) as warned:
        assert words in loaded(folder).left_out
    assert warned == []


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "hostile.png").open("wb") as file:
        file.write(png(8, 8)[:33] + struct.pack(">I", 2**31 - 1) + b"junk")
        file.truncate(decode.MOST_BYTES + 1)  # sparse: it takes no room
    assert "bytes; allowed: at most" in loaded(folder).left_out


def test_a_whole_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("L", (7100, 7100)).save(folder / "hostile.png")
    decoded: list[tuple[int, int]] = []
    load_pixels = ImageFile.ImageFile.load

    def noted(image: ImageFile.ImageFile) -> object:
        decoded.append(image.size)
        return load_pixels(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", noted)
    data = loaded(folder)
    assert len(data.train) == GOOD and (7100, 7100) not in decoded
    assert "it has 7100 x 7100 pixels; allowed: 1 to 50 million" in data.left_out


def test_what_is_left_out_is_a_fact_of_the_run(folder: Path) -> None:
    config = RunConfig(data="folder", data_folder=str(folder), batch_size=4)
    data = loaded(folder)
    assert "left_out" not in facts_of(config, data, Reference.of(data))
    (folder / "hostile.png").write_bytes(EPS)
    data = loaded(folder)
    assert facts_of(config, data, Reference.of(data))["left_out"] == data.left_out


@pytest.mark.parametrize("given", ["a" * 300, "~no-such-user", "/dev/null", "/dev/null/x"])
def test_a_data_folder_that_cannot_be_looked_into_is_said(given: str) -> None:
    with pytest.raises(DataError, match=r"data_folder is .*; set data_folder to a folder"):
        loaded(Path(given))


@pytest.mark.parametrize("given", ["a" * 5000, "~no-such-user", "/dev/null"])
def test_a_ganlab_data_that_cannot_be_looked_into_is_said(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_DATA", given)
    with pytest.raises(DataError, match=r"GANLAB_DATA is .*Create it, set"):
        load(RunConfig(data="mnist"))


# --- loading that is stopped ---------------------------------------------------------------------


class Enough(Exception):  # noqa: N818
    """What a pulse raises."""


def test_loading_can_be_ended_between_any_two_files(folder: Path) -> None:
    beats = []

    def pulse() -> None:
        beats.append(1)
        if len(beats) >= 20:
            raise Enough

    with pytest.raises(Enough):
        load(RunConfig(data="folder", data_folder=str(folder)), pulse=pulse)
    assert len(beats) == 21  # asked once more, whether it was the file's fault


def test_reading_can_be_ended_in_the_middle_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(bytes(1 << 20))
    beats = []
    with open_regular(tmp_path / "long", lambda: beats.append(1), 1 << 20) as file:
        while file.read(1 << 16):
            pass
    assert len(beats) >= 16


def test_a_run_can_be_stopped_while_its_data_is_read_and_the_next_one_starts(
    tmp_path: Path,
) -> None:
    reading = threading.Event()
    lab = FakeLab()

    def endless(config: RunConfig, checkpoint: bytes | None, pulse: Callable[[], None]) -> FakeLab:
        while config.seed == 13:
            reading.set()
            pulse()
        return lab(config, checkpoint)  # type: ignore[return-value]

    manager = RunManager(RunStore(tmp_path), endless, Panel)  # type: ignore[arg-type]
    stuck, following = manager.start(RunConfig(seed=13)), manager.start(RunConfig(steps=10))
    assert reading.wait(PATIENCE)
    manager.stop(stuck)
    stopped = manager.wait(stuck, PATIENCE)
    assert (stopped.status, stopped.step, stopped.error) == (Status.STOPPED, 0, "")
    assert manager.wait(following, PATIENCE).status is Status.FINISHED
    manager.shutdown()


def test_a_run_that_is_stopped_while_it_goes_on_ends_as_it_had(tmp_path: Path) -> None:
    store, lab = RunStore(tmp_path), FakeLab()
    run = store.create(RunConfig(steps=10))
    control = Control(RunConfig(steps=10))
    control.grant()
    ended = Session(Job(store.info(run), control, lab), store, Recorder(store, run, Panel()))
    store.finish(run, ended.train())
    rows = store.read(run, "metrics")

    def stopped(config: RunConfig, checkpoint: bytes | None, pulse: Callable[[], None]) -> FakeLab:
        again.stop()
        pulse()
        raise AssertionError

    again = Control(RunConfig(steps=20))
    again.grant()
    store.own(run)
    job = Job(store.info(run), again, stopped, resumes=True)  # type: ignore[arg-type]
    outcome = Session(job, store, Recorder(store, run, Panel())).train()
    assert (outcome.status, outcome.step) == (Status.FINISHED, 10)
    assert store.read(run, "metrics") == rows
    store.close(run)


# --- idx files -----------------------------------------------------------------------------------


def test_a_bomb_is_read_no_further_than_its_header_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = lay_out(tmp_path, monkeypatch)
    (raw / IMAGES).unlink()
    (raw / f"{IMAGES}.gz").write_bytes(gzip.compress(CONTENT[IMAGES] + bytes(1 << 26), 1))
    asked: list[int] = []
    read = gzip.GzipFile.read

    def counted(file: gzip.GzipFile, size: int | None = -1) -> bytes:
        content = read(file, size)
        asked.append(len(content))
        return content

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    with pytest.raises(DataError, match="promises 31360 bytes of data and more are there"):
        load(RunConfig(data="mnist", batch_size=4))
    assert sum(asked) == len(CONTENT[IMAGES]) + 1


def test_an_idx_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = lay_out(tmp_path, monkeypatch)
    (raw / IMAGES).unlink()
    os.mkfifo(raw / IMAGES)
    with pytest.raises(DataError, match=r"is not a regular file; allowed: .*data=digits"):
        load(RunConfig(data="mnist", batch_size=4))


def test_the_pictures_of_an_idx_file_may_be_large_and_few() -> None:
    shape = (3, mnist.MOST_SIDE, 2)
    content = idx_header(*shape) + bytes(math.prod(shape))
    assert mnist._idx(io.BytesIO(content), Path("x"), 3).shape == shape


def test_the_page_says_how_many_were_left_out_and_shows_no_markup_of_theirs() -> None:
    facts = {"parameters_g": 1, "parameters_d": 1, "left_out": "1 of 31 images *cannot*: [x](y)"}
    history = SimpleNamespace(last=lambda: {"step": 1.0}, facts=lambda: facts)
    info = RunInfo("a", "", Status.FINISHED, RunConfig(), created=0.0)
    said = header.progress(info, history)  # type: ignore[arg-type]
    assert r"1 of 31 images \*cannot\*" in said and "[x]" not in said
