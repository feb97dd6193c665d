"""The measures say the truth where it is known; the benchmark runs end to end, too short to mean
anything."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from ganlab.bench import published
from ganlab.bench.mixtures import reverse_kl
from ganlab.bench.published_checks import Check
from ganlab.engine.data import Dataset


@pytest.fixture(scope="module")
def checks(small_data: Dataset) -> list[Check]:
    return published.self_test(small_data)


def test_every_check_of_the_measures_holds(checks: list[Check]) -> None:
    assert len(checks) == 14
    assert [check for check in checks if not check.met] == []


def test_a_check_outside_its_bounds_is_not_met() -> None:
    assert not Check("a ring", "modes", 7, 8, 8).met


def test_the_reverse_kl_is_zero_for_equal_and_ln_k_for_one_of_k() -> None:
    even = [0.125] * 8
    assert reverse_kl(even, even) == pytest.approx(0.0)
    assert reverse_kl([1.0] + [0.0] * 7, even) == pytest.approx(math.log(8))
    assert reverse_kl([0.5, 0.5] + [0.0] * 6, even) == pytest.approx(math.log(4))


@pytest.mark.parametrize(
    ("gains", "chance"),
    [([1, 2, 1, 3, 1], 1 / 32), ([1, 1, 0, 0, 0], 1 / 4), ([0, 0], 1.0), ([-1, -1], 1.0),
     ([1, 1, 1, 1, -1], 6 / 32)],
)  # fmt: skip
def test_the_sign_test_counts_wins_and_leaves_ties_out(gains: list[float], chance: float) -> None:
    assert published.sign_test(gains) == pytest.approx(chance)


def test_the_methods_differ_in_what_their_names_say() -> None:
    plain, packed, fixed = (published.config("ring8", m, 3, 10) for m in published.METHODS)
    assert (plain.pack, packed.pack, fixed.pack) == (1, 2, 1)
    assert plain.loss == packed.loss == "non_saturating" and plain.head == "logits"
    assert fixed.loss == "relativistic" and fixed.r1_weight > 0 and fixed.r2_weight > 0
    assert plain.batch_size == packed.batch_size == fixed.batch_size


def test_the_report_has_every_method_beside_the_published_figures(
    tmp_path: Path, checks: list[Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "self_test", lambda: checks)
    file, said = tmp_path / "published.json", list[str]()
    report = published.main(
        effort=published.Effort(seeds=2, steps=2), json_file=file, progress=said.append
    )
    assert "7.9 ± 0.1" in report and "23.8 ± 0.7" in report
    assert "ring8, PacGAN2: median modes" in report
    assert len(said) == 12
    figures = json.loads(file.read_text())
    assert [row["method"] for row in figures["groups"]] == 2 * list(published.METHODS)
    assert all(len(row["scores"]) == 2 for row in figures["groups"])
    assert all(row["met"] for row in figures["self_test"])
