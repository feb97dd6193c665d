"""Sample grids and checkpoints: bounded in number, whole or not there."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from ganlab.observation import Samples
from ganlab.runs import snapshots

DOT = Samples(points=np.zeros((1, 2), np.float32))


def test_gray_and_rgb_grids_come_back_pixel_for_pixel(tmp_path: Path) -> None:
    gray = np.arange(20, dtype=np.uint8).reshape(4, 5)
    for step, image in enumerate((gray, np.stack([gray, gray + 1, gray + 2], axis=2))):
        snapshots.write_samples(tmp_path, step, Samples(image=image))
        stored = snapshots.read_samples(tmp_path, step)
        assert stored is not None
        assert stored.png is not None
        np.testing.assert_array_equal(np.array(Image.open(io.BytesIO(stored.png))), image)


def test_points_surface_and_histogram_come_back_as_lists(tmp_path: Path) -> None:
    samples = Samples(
        points=np.array([[0.1, np.nan]], np.float32),
        surface={"x": np.array([0.0, 1.0]), "d": [0.5, 0.25]},
        histogram={"edges": np.array([0.0, 1.0]), "real": np.array([1.0]), "fake": np.array([1.0])},
    )
    snapshots.write_samples(tmp_path, 7, samples)
    stored = snapshots.read_samples(tmp_path, 7)
    assert stored is not None
    assert stored.png is None
    assert stored.details == {
        "points": [[0.1, None]],
        "surface": {"x": [0.0, 1.0], "d": [0.5, 0.25]},
        "histogram": {"edges": [0.0, 1.0], "real": [1.0], "fake": [1.0]},
    }


def test_thinning_keeps_a_bound_the_first_and_the_newest(tmp_path: Path) -> None:
    for step in range(0, 1000, 2):
        snapshots.write_samples(tmp_path, step, DOT)
        kept = snapshots.sample_steps(tmp_path)
        assert len(kept) <= snapshots.SAMPLES_KEPT
        assert (kept[0], kept[-1]) == (0, step)
    assert len(kept) >= snapshots.SAMPLES_KEPT // 2


def test_the_real_sample_is_no_step(tmp_path: Path) -> None:
    snapshots.write_samples(tmp_path, snapshots.REAL_STEP, DOT)
    assert snapshots.sample_steps(tmp_path) == []
    assert snapshots.read_samples(tmp_path, snapshots.REAL_STEP) is not None


def test_a_picture_without_its_details_is_not_there_yet(tmp_path: Path) -> None:
    snapshots.write_samples(tmp_path, 3, Samples(image=np.zeros((2, 2), np.uint8)))
    (tmp_path / "00000003.json").unlink()
    assert snapshots.sample_steps(tmp_path) == []
    assert snapshots.read_samples(tmp_path, 3) is None


def test_the_latest_two_checkpoints_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    assert snapshots.latest_checkpoint(folder) is None
    for step in (10, 9, 200, 30):
        snapshots.write_checkpoint(folder, step, str(step).encode())
    assert snapshots.checkpoint_steps(folder) == [30, 200]
    assert snapshots.latest_checkpoint(folder) == (200, b"200")


def test_a_checkpoint_torn_by_a_kill_is_not_taken_for_one(tmp_path: Path) -> None:
    snapshots.write_checkpoint(tmp_path, 10, b"whole")
    (tmp_path / "00000020.ckpt.tmp").write_bytes(b"ha")
    assert snapshots.latest_checkpoint(tmp_path) == (10, b"whole")
