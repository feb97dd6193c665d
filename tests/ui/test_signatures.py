"""What a case is about is what its page draws first."""

from __future__ import annotations

import pytest

from ganlab.casebook import CASES
from ganlab.curvegroups import DIVERSITY
from ganlab.finding import Symptom
from ganlab.ui.curves import groups_of, ordered
from ganlab.ui.signatures import proof, signature

# What `watch` calls a metric; the samples and the settings have no curve.
WORDS = {
    "iversity": "diversity",
    "rift": "drift",
    "gradient norm on interpolates": "interpolate_norm",
    "slope of G's loss": "loss_slope",
    "slope of its loss": "loss_slope",
    "deviation ratio": "std_ratio",
    "dead units": "dead_units_d",
    "overflow": "overflow",
    "G's gradient": "grad_norm_g",
    "D's loss": "d_loss",
    "D(x)": "d_real",
    "scores": "logit_real",
    "score of held-out reals": "logit_held_out",
    "distance to the real codebook": "codebook_js",
    "share of D's dead": "dead_units_d",
}
FIRST = 3  # charts in sight without scrolling


@pytest.mark.parametrize("slug", CASES)
def test_a_case_draws_first_what_it_tells_to_watch(slug: str) -> None:
    case = CASES[slug]
    outputs = {"logit_real": 0.0} if case.config().loss.startswith("wgan") else {"d_real": 0.5}
    groups = [*groups_of([outputs]), DIVERSITY]
    drawn = [metric for group in ordered(groups, signature(case))[:FIRST]
             for metric in group.metrics]  # fmt: skip
    told = {metric for words, metric in WORDS.items() if words in case.watch}
    assert told <= set(drawn), f"{slug}: {case.watch}"


def test_the_drift_of_an_oscillation_is_its_first_chart() -> None:
    first = ordered(groups_of([{"d_real": 0.5}]), signature(CASES["oscillation"]))[0]
    assert "drift" in first.metrics


def test_what_proves_a_symptom_is_read_from_its_detectors_evidence() -> None:
    assert proof(Symptom.TOTAL_COLLAPSE) == ("diversity", "top_bin")
    assert proof(Symptom.CRITIC_BOUNDED) == ("interpolate_norm",)
    assert proof(Symptom.SATURATION)[:2] == ("loss_slope", "auc")
    assert "diversity" in proof(Symptom.NOT_YET_DIVERSE)
    assert proof(Symptom.SCALING_MISMATCH) == ()  # from the settings and the data


def test_metrics_in_no_chart_share_one_by_their_unit() -> None:
    standard = groups_of([{"d_real": 0.5}])
    found = ordered(standard, ["drift", "grad_norm_g", "mode_shift", "std_ratio"])
    assert [group.metrics for group in found][:3] == [
        ("drift", "std_ratio"),
        ("grad_norm_d", "grad_norm_g"),
        ("mode_shift",),
    ]
    assert [group.key for group in found][3:] == ["losses", "outputs"]
    assert len({group.key for group in found}) == len(found)
