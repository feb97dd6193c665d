"""The streams that specify the saturation detector."""

from __future__ import annotations

from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Symptom
from ganlab.observation import Facts

_HEALTHY = {
    "d_loss": 1.1,
    "g_loss": 1.1,
    "auc": 0.8,
    "loss_slope": 0.5,
    "grad_norm_g": 1.2,
    "grad_norm_d": 1.0,
    "input_gradient": 0.5,
}
_CERTAIN = _HEALTHY | {"d_loss": 1e-4, "g_loss": 1e-5, "auc": 1.0, "loss_slope": 1e-5}
_MOVING, _STILL = {"drift": 0.15}, {"drift": 0.001}
_SATURATING: Facts = {**IMAGE_FACTS, "loss": "saturating"}
_CRITIC: Facts = {**IMAGE_FACTS, "loss": "wgan_gp", "head": "logits"}

SPECIMENS = (
    Specimen("healthy run", stream(IMAGE_FACTS, _HEALTHY, probes=_MOVING)),
    Specimen(
        "near miss: D wins at first, then G learns",
        stream(
            _SATURATING,
            _HEALTHY
            | {
                "auc": lambda step: 1.0 if step < 200 else 0.8,
                "loss_slope": lambda step: 0.001 if step < 200 else 0.4,
                "d_loss": lambda step: 0.01 if step < 200 else 1.0,
            },
            probes=_MOVING,
        ),
    ),
    Specimen(
        "near miss: a critic ranks every pair right and G still learns",
        stream(_CRITIC, _HEALTHY | {"auc": 1.0, "loss_slope": 1.0, "d_loss": -5.0}, probes=_MOVING),
    ),
    Specimen(
        "near miss: G has converged, its tiny drift is no alarm",
        stream(IMAGE_FACTS, _HEALTHY | {"auc": 0.52, "d_loss": 1.38}, probes=_STILL),
    ),
    Specimen(
        "near miss: label smoothing keeps D's loss above its floor of 0.325",
        stream({**IMAGE_FACTS, "real_label": 0.9}, _HEALTHY | {"d_loss": 0.6, "auc": 0.97}),
    ),
    Specimen(
        "saturating loss against a D that is sure",
        stream(_SATURATING, _CERTAIN, probes=_MOVING),
        Symptom.SATURATION,
        (200, 700),
    ),
    Specimen(
        "G's output no longer moves although D is sure",
        stream(IMAGE_FACTS, _HEALTHY | {"auc": 1.0, "loss_slope": 1.0}, probes=_STILL),
        Symptom.SATURATION,
        (200, 700),
    ),
    Specimen(
        "near miss: most pixels at the sigmoid's end pass nothing on, and G moves",
        stream(
            IMAGE_FACTS,
            _HEALTHY | {"auc": 0.97, "grad_norm_g": lambda step: 1.2 if step < 600 else 0.01},
            probes=_MOVING,
        ),
    ),
    Specimen(
        "G's output layer dies at step 600",
        stream(
            IMAGE_FACTS,
            _HEALTHY
            | {
                "auc": lambda step: 0.8 if step < 600 else 1.0,
                "grad_norm_g": lambda step: 1.2 if step < 600 else 0.01,
            },
            probes=_MOVING | {"drift": lambda step: 0.2 if step < 600 else 0.02},
        ),
        Symptom.SATURATION,
        (600, 1000),
    ),
    Specimen(
        "Adam hides it: G moves, and on noise alone",
        stream(
            IMAGE_FACTS,
            _HEALTHY | {"auc": 1.0, "loss_slope": 1.0},
            probes=_MOVING | {"eps_dominated_g": 0.9},
        ),
        Symptom.SATURATION,
        (200, 700),
    ),
    Specimen(
        "D is certain under the non-saturating loss",
        stream(
            IMAGE_FACTS,
            _CERTAIN | {"loss_slope": 1.0, "g_loss": 9.0, "d_loss": 0.01},
            probes=_MOVING,
        ),
        Symptom.DISCRIMINATOR_DOMINATES,
        (200, 600),
    ),
    Specimen(
        "saturating loss against a D that is sure until step 1000",
        turning(
            1000,
            stream(_SATURATING, _CERTAIN, probes=_MOVING),
            stream(_SATURATING, _HEALTHY, probes=_MOVING),
        ),
        Symptom.SATURATION,
        (200, 700),
        closes=(1300, 1400),
    ),
    Specimen(
        "G's output stands still before a D that is sure, and moves from step 1000 on",
        turning(
            1000,
            stream(IMAGE_FACTS, _HEALTHY | {"auc": 1.0, "loss_slope": 1.0}, probes=_STILL),
            stream(IMAGE_FACTS, _HEALTHY | {"auc": 1.0, "loss_slope": 1.0}, probes=_MOVING),
        ),
        Symptom.SATURATION,
        (200, 700),
        closes=(1250, 1400),
    ),
    Specimen(
        "D is certain under the non-saturating loss until step 1000, then much less so",
        turning(
            1000,
            stream(
                IMAGE_FACTS,
                _CERTAIN | {"loss_slope": 1.0, "g_loss": 9.0, "d_loss": 0.01},
                probes=_MOVING,
            ),
            stream(IMAGE_FACTS, _HEALTHY, probes=_MOVING),
        ),
        Symptom.DISCRIMINATOR_DOMINATES,
        (200, 600),
        closes=(1300, 1400),
    ),
)
