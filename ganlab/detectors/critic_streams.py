"""The streams that specify the Wasserstein critic's detector."""

from __future__ import annotations

from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Symptom
from ganlab.observation import Facts

_CRITIC: Facts = {**IMAGE_FACTS, "loss": "wgan_gp", "head": "logits", "gp_weight": 10.0}
_BEHIND_SIGMOID: Facts = {**_CRITIC, "head": "sigmoid"}
_WEAK: Facts = {**_CRITIC, "gp_weight": 0.1}
_FEEBLE: Facts = {**_CRITIC, "gp_weight": 0.001}
_CLIPPED: Facts = {**_CRITIC, "loss": "wgan", "gp_weight": 0.0, "weight_clip": 0.01}
_FREE: Facts = {**_CLIPPED, "weight_clip": 0.0}
_GOOD = {
    "interpolate_norm": 1.1,
    "input_gradient": 1.1,
    "interpolate_norm_std": 0.12,
    "logit_real": 4.0,
    "logit_fake": 0.0,
}
_PROBE = {"two_sample_auc": 0.7, "real_fake_distance": 15.0}


def _nearing(step: int) -> float:
    return float(0.65 * 0.93 ** (step / 50))


_LEARNING = _PROBE | {"codebook_js": _nearing}
_STUCK = _PROBE | {"codebook_js": 0.57}
_UNPENALISED = {name: value for name, value in _GOOD.items() if not name.startswith("interpolate")}

SPECIMENS = (
    Specimen("a norm near 1", stream(_CRITIC, _GOOD, probes=_LEARNING)),
    Specimen(
        "near miss: a weak penalty, norm 25, and samples that get better all the same",
        stream(_WEAK, _GOOD | {"interpolate_norm": 25.0, "logit_real": 180.0}, probes=_LEARNING),
    ),
    Specimen(
        "near miss: the first 300 steps, one image and an even norm",
        stream(
            _CRITIC,
            _GOOD
            | {
                "interpolate_norm_std": lambda step: 0.0 if step < 300 else 0.12,
                "logit_real": lambda step: 0.1 if step < 300 else 4.0,
            },
            probes=_LEARNING | {"two_sample_auc": 0.95},
        ),
    ),
    Specimen(
        "near miss: lambda 1000 pins the norm at 1, and the scores still differ",
        stream(_CRITIC, _GOOD | {"interpolate_norm_std": 0.01}, probes=_LEARNING),
    ),
    Specimen(
        "near miss: a clipped critic, steep but held",
        stream(_CLIPPED, _UNPENALISED | {"input_gradient": 12.0}, probes=_LEARNING),
    ),
    Specimen(
        "near miss: no penalty in force, and a critic that stays shallow",
        stream(_FREE, _UNPENALISED | {"input_gradient": 1.5}, probes=_LEARNING),
    ),
    Specimen(
        "neither penalty nor clipping, and a burst that killed G: what is left looks calm",
        stream(
            _FREE,
            _UNPENALISED | {"input_gradient": lambda step: 2700.0 if step < 500 else 1.2},
            probes=_STUCK,
        ),
        Symptom.CRITIC_UNBOUNDED,
        (300, 400),
    ),
    Specimen(
        "a penalty that hardly weighs anything: norm 400, and samples that still improve",
        stream(_WEAK, _GOOD | {"interpolate_norm": 400.0, "logit_real": 900.0}, probes=_LEARNING),
        Symptom.CRITIC_UNBOUNDED,
        (300, 400),
    ),
    Specimen(
        "lambda 0.001 and a norm of 20, while samples still improve",
        stream(_FEEBLE, _GOOD | {"interpolate_norm": 20.0, "logit_real": 150.0}, probes=_LEARNING),
        Symptom.CRITIC_UNBOUNDED,
        (300, 400),
    ),
    Specimen(
        "a penalty too weak to hold it",
        stream(_WEAK, _GOOD | {"interpolate_norm": 20.0, "logit_real": 150.0}, probes=_STUCK),
        Symptom.CRITIC_UNBOUNDED,
        (300, 600),
    ),
    Specimen(
        "a sigmoid behind the critic",
        stream(_BEHIND_SIGMOID, _GOOD | {"interpolate_norm": 0.65}, probes=_STUCK),
        Symptom.CRITIC_BOUNDED,
        (100, 400),
    ),
    Specimen(
        "scores without a difference",
        stream(_CRITIC, _GOOD | {"logit_real": 0.1}, probes=_STUCK | {"two_sample_auc": 0.97}),
        Symptom.CRITIC_FLAT,
        (300, 700),
    ),
    Specimen(
        "a penalty that leaves nothing else",
        stream(
            _CRITIC,
            _GOOD | {"logit_real": 0.1, "interpolate_norm_std": 0.005},
            probes=_STUCK | {"two_sample_auc": 0.97},
        ),
        Symptom.CRITIC_OVERPENALISED,
        (300, 700),
    ),
    Specimen(
        "norm 400 until step 1000, then one that is held",
        turning(
            1000,
            stream(_WEAK, _GOOD | {"interpolate_norm": 400.0, "logit_real": 900.0}, probes=_STUCK),
            stream(_WEAK, _GOOD, probes=_STUCK),
        ),
        Symptom.CRITIC_UNBOUNDED,
        (300, 400),
        closes=(1040, 1100),
    ),
    Specimen(
        "a penalty too weak to hold it, and samples that get better after all",
        turning(
            1000,
            stream(_WEAK, _GOOD | {"interpolate_norm": 20.0, "logit_real": 150.0}, probes=_STUCK),
            stream(
                _WEAK,
                _GOOD | {"interpolate_norm": 20.0, "logit_real": 150.0},
                probes=_PROBE | {"codebook_js": lambda step: _nearing(step - 1000)},
            ),
        ),
        Symptom.CRITIC_UNBOUNDED,
        (300, 600),
        closes=(1350, 1550),
    ),
    Specimen(
        "neither penalty nor clipping, until a penalty is switched on",
        turning(
            1000,
            stream(_FREE, _UNPENALISED | {"input_gradient": 2700.0}, probes=_STUCK),
            stream(_CRITIC, _GOOD, probes=_LEARNING),
        ),
        Symptom.CRITIC_UNBOUNDED,
        (300, 400),
        closes=(1000, 1000),
    ),
    Specimen(
        "a sigmoid behind a critic whose slope comes back to 1",
        turning(
            1000,
            stream(_BEHIND_SIGMOID, _GOOD | {"interpolate_norm": 0.65}, probes=_STUCK),
            stream(_BEHIND_SIGMOID, _GOOD, probes=_LEARNING),
        ),
        Symptom.CRITIC_BOUNDED,
        (100, 400),
        closes=(1200, 1300),
    ),
    Specimen(
        "scores without a difference, then with one",
        turning(
            1500,
            stream(_CRITIC, _GOOD | {"logit_real": 0.1}, probes=_STUCK | {"two_sample_auc": 0.97}),
            stream(_CRITIC, _GOOD, probes=_STUCK | {"two_sample_auc": 0.97}),
        ),
        Symptom.CRITIC_FLAT,
        (300, 700),
        closes=(1700, 1800),
    ),
    Specimen(
        "a penalty that leaves nothing else, then room for scores under an even norm",
        turning(
            1500,
            stream(
                _CRITIC,
                _GOOD | {"logit_real": 0.1, "interpolate_norm_std": 0.005},
                probes=_STUCK | {"two_sample_auc": 0.97},
            ),
            stream(
                _CRITIC,
                _GOOD | {"interpolate_norm_std": 0.005},
                probes=_STUCK | {"two_sample_auc": 0.97},
            ),
        ),
        Symptom.CRITIC_OVERPENALISED,
        (300, 700),
        closes=(1700, 1800),
    ),
)
