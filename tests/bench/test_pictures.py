"""The pictures of symptoms: what is asked for exists, and a picture is small and sharp."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganlab.bench import pictures
from ganlab.bench.corpus.split import part_of, plans
from ganlab.bench.live.catalogue import breaks
from ganlab.bench.live.split import shelf_of
from ganlab.config import ConfigError
from ganlab.finding import Symptom
from ganlab.observation import Samples
from ganlab.ui.shots import FOLDER, INDEX, shots


def test_every_source_can_be_built_and_none_is_sealed() -> None:
    sealed = {plan.name for plan in plans() if part_of(plan.name) == "sealed"}
    sealed |= {found.name for found in breaks() if shelf_of(found.name) == "sealed"}
    for source, wanted in pictures.SOURCES.items():
        course = pictures._course(source)
        assert course.config.repeatable and course.config.seed == 0
        assert all(0 < step < course.config.steps for step in course.patches)
        assert all(step % pictures._STRIDE == 0 for step in course.patches)
        assert source not in sealed
        assert all(Symptom(symptom) for symptom in wanted)


def test_every_symptom_has_a_picture_that_was_asked_for() -> None:
    rows = json.loads((FOLDER / INDEX).read_text())
    assert rows.keys() == shots().keys() == {symptom.value for symptom in Symptom}
    for symptom, row in rows.items():
        assert symptom in pictures.SOURCES[row["source"]]
        Image.open(io.BytesIO(shots()[symptom].png)).verify()


def test_a_few_pictures_can_be_taken_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = np.array([[0.0, 0.0], [1.0, 1.0]], dtype=np.float32)
    sample = Samples(points=cloud, surface={"real": cloud})
    monkeypatch.setattr(
        pictures, "_shots", lambda source, wanted: ((each, (7, sample)) for each in wanted)
    )
    pictures.main(progress=lambda _: None, folder=tmp_path, only=["divergence"])
    pictures.main(progress=lambda _: None, folder=tmp_path, only=["off-data"])
    assert {path.name for path in tmp_path.iterdir()} == {INDEX, "divergence.png", "off-data.png"}
    rows = json.loads((tmp_path / INDEX).read_text())
    assert rows["divergence"] == {"source": "nan-ring", "data": "ring8", "step": 7, "note": ""}
    assert rows.keys() == {"divergence", "off-data"}


def test_a_picture_of_an_unknown_symptom_is_refused_with_its_like() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'divergence'"):
        pictures.main(progress=lambda _: None, only=["divergenze"])


def test_a_picture_of_points_shows_both_clouds() -> None:
    corners = np.array([[-1.0, -1.0], [1.0, 1.0]], dtype=np.float32)
    fakes = np.zeros((5, 2), dtype=np.float32)
    image = pictures.picture(Samples(points=fakes, surface={"real": corners})).convert("RGB")
    assert image.size == (224, 224)
    assert len(image.getcolors() or ()) == 3  # paper, real, generated


def test_a_picture_of_a_grid_is_half_of_it() -> None:
    grid = np.arange(224 * 224, dtype=np.uint32).reshape(224, 224) % 256
    assert pictures.picture(Samples(image=grid.astype(np.uint8))).size == pictures.SIZE


def test_where_there_is_nothing_to_see_it_is_said_in_words() -> None:
    spot = np.zeros((5, 2), dtype=np.float32)
    assert pictures.note(Samples(points=spot)) == "all points lie in one spot"
    assert pictures.note(Samples(points=spot + np.eye(5, 2, dtype=np.float32))) == ""
    white = np.full((224, 224), 255, dtype=np.uint8)
    assert pictures.note(Samples(image=white)) == "every pixel has the same shade"
    assert pictures.note(Samples(image=white // 2 * np.eye(224, dtype=np.uint8))) == ""
