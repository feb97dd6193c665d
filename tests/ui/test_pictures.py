"""Samples and gauges as pictures."""

from __future__ import annotations

import numpy as np

from ganlab.ui import meters, pictures


def test_an_image_travels_inside_its_address() -> None:
    assert pictures.data_uri(b"png") == "data:image/png;base64,cG5n"


def test_a_histogram_ends_at_its_last_edge() -> None:
    figure = pictures.histogram({"edges": [0, 1, 2], "real": [3, 4], "fake": [5, 6]}, "run-1")
    assert [list(trace["y"]) for trace in figure.data] == [[3, 4, 4], [5, 6, 6]]


def test_points_lie_over_the_real_ones_and_the_surface_of_d() -> None:
    cloud = np.random.default_rng(0).normal(size=(50, 2)).tolist()
    surface = {"x": [0, 1], "y": [0, 1], "d": [[0.1, 0.2], [0.3, 0.4]]}
    figure = pictures.points(cloud, cloud, surface, "run-1")
    assert [trace["name"] for trace in figure.data] == ["D", "real", "generated"]
    assert len(pictures.points(cloud, cloud, None, "run-1").data) == 2


def test_one_dimension_is_drawn_as_densities_with_d_over_them() -> None:
    values = np.random.default_rng(0).normal(size=(50, 1)).tolist()
    figure = pictures.points(values, values, {"x": [0, 1], "d": [0.2, 0.8]}, "run-1")
    assert [trace["name"] for trace in figure.data] == ["real", "generated", "D"]


def test_probabilities_are_gauges_and_a_critics_scores_are_numbers() -> None:
    assert 'aria-valuenow="0.750"' in meters.meters({"d_real": 0.75, "d_fake": 0.25})
    scores = meters.meters({"logit_real": 3.5, "logit_fake": -2.0})
    assert "3.500" in scores
    assert "meter" in scores
    assert "aria-valuenow" not in scores


def test_a_gauge_without_a_value_is_empty() -> None:
    assert "–" in meters.meters({})
    assert "–" in meters.meters({"d_real": float("nan"), "d_fake": 0.1})
