"""Findings carry their proof, and travel as JSON without loss."""

from __future__ import annotations

import math

import orjson
import pytest

from ganlab import remedies
from ganlab.config import AtLeast, AtMost, Patch, RunConfig, Scale, Set
from ganlab.finding import (
    Evidence,
    Finding,
    Remedy,
    Severity,
    Symptom,
    finding_of_row,
    patch_as_row,
    patch_of_row,
)
from ganlab.observation import Facts
from ganlab.remedies import catalogue

PROOF = Evidence("d_fake", 0.001, "<", 0.03, 100)


def test_a_finding_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="give the measured number"):
        Finding(Symptom.SATURATION, Severity.FAILURE, 10, "no proof", ())


def test_evidence_reads_as_a_sentence() -> None:
    assert str(PROOF) == "d_fake = 0.001 < 0.03 for 100 steps"


def test_a_remedy_is_hot_if_its_patch_is() -> None:
    assert catalogue.SLOWER_D.hot
    assert not catalogue.MINIBATCH_STD.hot
    assert not catalogue.PACKING.hot


TRUE = [
    (0.5, "<", 0.6), (0.5, "<=", 0.5), (0.5, ">", 0.4), (0.5, ">=", 0.5),
    (math.inf, ">", 1.0), (-math.inf, "<", 1.0), (1.0, "<", math.inf),
    (math.nan, "beyond", 3.4e38), (math.inf, "beyond", 3.4e38), (-math.inf, "beyond", 3.4e38),
]  # fmt: skip
FALSE = [
    (0.5, "<", 0.5), (0.5, "<=", 0.4), (0.5, ">", 0.5), (0.5, ">=", 0.6),
    (math.inf, "<", 1.0), (math.inf, ">", math.inf),
    (math.nan, "<", 1.0), (math.nan, ">", 1.0), (math.nan, "<=", math.nan), (1.0, ">", math.nan),
    (1e30, "beyond", 1.0), (1.0, "==", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("observed", "relation", "bound"), FALSE)
def test_evidence_that_is_false_cannot_be_made(
    observed: float, relation: str, bound: float
) -> None:
    with pytest.raises(ValueError, match=r"auc = .* is false; allowed: .* say nothing"):
        Evidence("auc", observed, relation, bound)


def stored(*proof: Evidence) -> Finding:
    """The finding as it comes back from disk."""
    finding = Finding(Symptom.DIVERGENCE, Severity.FAILURE, 1, "gone", proof, until=90)
    return finding_of_row(orjson.loads(orjson.dumps(finding.as_row())))


@pytest.mark.parametrize(("observed", "relation", "bound"), TRUE)
def test_a_finding_comes_back_from_disk_as_it_was(
    observed: float, relation: str, bound: float
) -> None:
    back = stored(Evidence("auc", observed, relation, bound, 100))
    assert repr(back.evidence) == f"({Evidence('auc', observed, relation, bound, 100)!r},)"
    assert back.until == 90


def test_a_finding_s_row_says_nothing_of_its_end_while_it_stands() -> None:
    assert "until" not in Finding(Symptom.DIVERGENCE, Severity.FAILURE, 1, "x", (PROOF,)).as_row()


@pytest.mark.parametrize(("observed", "relation", "bound"), FALSE)
def test_false_evidence_of_an_earlier_version_is_read_as_it_was_written(
    observed: float, relation: str, bound: float
) -> None:
    row = stored(PROOF).as_row()
    old = {"metric": "auc", "observed": observed, "relation": relation, "bound": bound}
    if not math.isfinite(observed):
        old["observed"] = str(observed)
    if not math.isfinite(bound):
        old["bound"] = str(bound)
    row["evidence"] = [old]
    (back,) = finding_of_row(row).evidence
    assert (back.relation, back.window) == (relation, 0)
    assert back.as_row() == old | {"window": 0}
    assert str(back).startswith("auc = ")


def test_what_is_no_number_reads_as_such() -> None:
    assert str(Evidence("d_loss", math.nan, "beyond", 3.4e38)) == "d_loss = nan, no finite number"


def test_a_patch_survives_the_way_through_json() -> None:
    patch: Patch = {"lr_d": Scale(0.5), "hidden_g": Set((8, 16)), "loss": Set("hinge"),
                    "r1_weight": AtLeast(1.0), "beta1_d": AtMost(0.5)}  # fmt: skip
    assert patch_of_row(orjson.loads(orjson.dumps(patch_as_row(patch)))) == patch


SITUATIONS: dict[str, Facts] = {
    "saturating": {"loss": "saturating", "optimizer_d": "adam", "optimizer_g": "adam"},
    "SGD": {"loss": "non_saturating", "optimizer_d": "sgd", "optimizer_g": "momentum"},
    "sigmoid on [-1,1]": {"data_range": "[-1,1]", "output": "sigmoid"},
    "tanh on [0,255]": {"data_range": "[0,255]", "output": "tanh"},
    "standardised": {"data_range": "standardised", "output": "tanh"},
}


def cures(facts: Facts) -> list[Remedy]:
    choices = (
        remedies.for_saturation, remedies.for_clamp_death, remedies.for_collapse,
        remedies.for_scaling, remedies.for_divergence,
    )  # fmt: skip
    return [remedy for choose in choices for remedy in choose(facts)]


@pytest.mark.parametrize("facts", SITUATIONS.values(), ids=SITUATIONS)
def test_every_remedy_can_be_applied_and_names_its_source(facts: Facts) -> None:
    for remedy in cures(facts):
        assert RunConfig().patched(remedy.patch)
        assert remedy.rationale and remedy.source


def test_the_likeliest_cure_comes_first() -> None:
    assert remedies.for_saturation(SITUATIONS["saturating"])[0] == catalogue.NON_SATURATING
    assert remedies.for_collapse(SITUATIONS["SGD"])[0] == catalogue.ADAM
    assert remedies.for_scaling(SITUATIONS["sigmoid on [-1,1]"])[0].patch == {"output": Set("tanh")}
