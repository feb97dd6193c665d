"""Samples and gauges as pictures."""

from __future__ import annotations

from typing import Any, cast

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


def test_points_of_twins_have_the_axes_of_the_data_they_share() -> None:
    real = np.random.default_rng(0).normal(size=(50, 2))
    near: Any = pictures.points((real / 2).tolist(), real.tolist(), None, "run-1").layout
    far: Any = pictures.points((real * 400).tolist(), real.tolist(), None, "run-2").layout
    assert near.xaxis.range == far.xaxis.range
    assert near.yaxis.range == far.yaxis.range
    assert not near.annotations
    assert "of 50 generated points lie outside" in far.annotations[0].text
    assert far.meta["full"]["xaxis"][1] > 100
    assert far.meta["summary"].startswith("50 generated over 50 real points, ")


def test_d_has_the_same_colour_for_the_same_output_in_both_twins() -> None:
    cloud = np.random.default_rng(0).normal(size=(50, 2)).tolist()
    outputs = [[0.50, 0.51], [0.49, 0.5]], [[0.0, 1.0], [0.2, 0.9]]
    surfaces = [{"x": [0, 1], "y": [0, 1], "d": each} for each in outputs]
    figures = [pictures.points(cloud, cloud, surface, "run-1") for surface in surfaces]
    faint, loud = (cast(Any, figure.data[0]) for figure in figures)
    assert (faint.zmin, faint.zmax) == (loud.zmin, loud.zmax) == (0, 1)
    assert faint.colorscale == loud.colorscale


def test_one_value_far_away_does_not_flatten_a_density() -> None:
    real = np.random.default_rng(0).normal(size=(50, 1))
    fake = np.concatenate([real, [[1e6]]]).tolist()
    figure: Any = pictures.points(fake, real.tolist(), None, "run-1")
    assert figure.layout.xaxis.range[1] < 10
    assert figure.data[1].xbins.size < 0.2
    assert figure.layout.annotations[0].text == "1 of 51 generated points lie outside"


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
