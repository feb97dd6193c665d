"""The pictures of symptoms: what is asked for exists, and a picture is small and sharp."""

from __future__ import annotations

import json

import numpy as np

from ganlab.bench import pictures
from ganlab.bench.corpus.split import part_of, plans
from ganlab.finding import Symptom
from ganlab.observation import Samples
from ganlab.ui.shots import FOLDER, INDEX, shots


def test_every_source_can_be_built_and_none_is_sealed() -> None:
    sealed = {plan.name for plan in plans() if part_of(plan.name) == "sealed"}
    for source, wanted in pictures.SOURCES.items():
        config = pictures._config(source)
        assert config.repeatable and config.seed == 0
        assert source not in sealed
        assert all(Symptom(symptom) for symptom in wanted)


def test_what_is_committed_was_asked_for() -> None:
    rows = json.loads((FOLDER / INDEX).read_text())
    assert rows.keys() == shots().keys()
    for symptom, row in rows.items():
        assert symptom in pictures.SOURCES[row["source"]]


def test_a_picture_of_points_shows_both_clouds() -> None:
    corners = np.array([[-1.0, -1.0], [1.0, 1.0]], dtype=np.float32)
    fakes = np.zeros((5, 2), dtype=np.float32)
    image = pictures.picture(Samples(points=fakes, surface={"real": corners})).convert("RGB")
    assert image.size == (224, 224)
    assert len(image.getcolors() or ()) == 3  # paper, real, generated


def test_a_picture_of_a_grid_is_half_of_it() -> None:
    grid = np.arange(224 * 224, dtype=np.uint32).reshape(224, 224) % 256
    assert pictures.picture(Samples(image=grid.astype(np.uint8))).size == pictures.SIZE
