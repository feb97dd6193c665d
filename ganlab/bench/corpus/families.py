"""The failing runs: seventeen ways to fail, six configs each, as data.

The last two plans of a family are sealed: one of a loss and an architecture that the others have
too, and one with a loss or an architecture that was held out as a whole.
"""

from __future__ import annotations

from ganlab.bench.corpus.plans import Family, patched, plan
from ganlab.config import Scale, Set
from ganlab.finding import Symptom

_WINS = frozenset({Symptom.SATURATION, Symptom.DISCRIMINATOR_DOMINATES})
_COLLAPSE = frozenset({Symptom.TOTAL_COLLAPSE, Symptom.PARTIAL_COLLAPSE, Symptom.MODE_HOPPING})
_LOST = frozenset({Symptom.DISCRIMINATOR_BLIND, Symptom.FALSE_EQUILIBRIUM})
_DEATH = frozenset({Symptom.DEAD_UNITS, Symptom.CLAMP_DEATH, Symptom.OUTPUT_SATURATION})

FAMILIES: tuple[Family, ...] = (
    Family(
        "saturating loss", ("saturating-generator-loss", "discriminator-too-strong"), _WINS, (
            plan("sat-ring", "toy", data="ring8", loss="saturating", lr_d=5e-3, lr_g=1e-4),
            plan("sat-digits", "plain", data="digits", loss="saturating", lr_d=5e-3),
            plan("sat-gauss", "toy", data="gaussian1d", loss="saturating", lr_d=5e-3, lr_g=5e-6),
            plan("sat-mixture", "toy", data="mixture1d", loss="saturating", lr_d=3e-3, lr_g=5e-5),
            plan("sat-mnist", "plain", data="mnist", loss="saturating", lr_d=5e-3, lr_g=2e-4),
            plan("sat-dcgan", "dcgan", data="mnist", loss="saturating", lr_d=2e-3, lr_g=5e-5),
        ),
    ),
    Family(
        "D too strong", ("discriminator-too-strong",), _WINS, (
            plan("strong-digits", "plain", data="digits", lr_d=5e-3, lr_g=5e-5),
            plan("strong-mixture", "toy", data="mixture1d", n_critic=5, lr_d=3e-3, lr_g=1e-5),
            plan("strong-gauss", "toy", data="gaussian1d", hidden_d=(256, 256), lr_d=2e-3,
                 lr_g=2e-6),
            plan("strong-ring", "toy", data="ring8", lr_d=5e-3, lr_g=2e-5),
            plan("strong-mnist", "plain", data="mnist", lr_d=4e-3, lr_g=4e-5),
            plan("strong-ls", "plain", data="digits", loss="least_squares", head="logits",
                 lr_d=5e-3, lr_g=2e-5),
        ),
    ),
    Family(
        "D too weak", ("discriminator-too-weak",), _LOST | _COLLAPSE, (
            plan("weak-mixture", "toy-rp", data="mixture1d", lr_d=1e-6),
            plan("weak-mnist-size", "bn", data="mnist", hidden_d=(2,)),
            plan("weak-ring", "toy-r1", data="ring8", lr_d=1e-5),
            plan("weak-hinge", "sn", data="digits", lr_d=1e-6),
            plan("weak-digits-size", "plain", data="digits", hidden_d=(2, 2)),
            plan("weak-ls", "ls", data="mnist", lr_d=1e-6),
        ),
    ),
    Family(
        "range mismatch", ("range-mismatch",), frozenset({Symptom.SCALING_MISMATCH}), (
            plan("range-sigmoid", "bn", data="digits", output="sigmoid"),
            plan("range-x255", "bn", data="mnist", output="x255"),
            plan("range-mixture", "toy-r1", data="mixture1d", output="sigmoid"),
            plan("range-hinge", "sn", data="digits", output="sigmoid", data_range="standardised"),
            plan("range-255-mnist", "plain", data="mnist", data_range="[0,255]"),
            plan("range-ls", "ls", data="digits", output="sigmoid"),
        ),
    ),
    Family(
        "learning rates too high", ("learning-rate-too-high",), _DEATH | _COLLAPSE | _WINS, (
            plan("fast-digits", "bn", data="digits", lr_d=0.1, lr_g=0.1),
            plan("fast-mixture", "toy", data="mixture1d", lr_d=0.1, lr_g=0.1),
            plan("fast-ring", "toy-r1", data="ring8", lr_d=0.1, lr_g=0.1),
            plan("fast-hinge", "plain", data="digits", loss="hinge", head="logits", lr_d=0.05,
                 lr_g=0.05),
            plan("fast-digits-plain", "plain", data="digits", lr_d=0.03, lr_g=0.03),
            plan("fast-ls", "ls", data="mnist", lr_d=0.1, lr_g=0.1),
        ),
    ),
    Family(
        "non-finite", ("learning-rate-too-high", "no-lipschitz-control", "gradient-penalty-strong"),
        frozenset({Symptom.DIVERGENCE}), (
            plan("nan-digits", "sn", data="digits", spectral_norm=False, optimizer_d="sgd",
                 optimizer_g="sgd", lr_d=10.0, lr_g=10.0),
            plan("nan-ring", "toy-rp", data="ring8", optimizer_d="sgd", optimizer_g="sgd",
                 lr_d=5.0, lr_g=5.0),
            plan("nan-mnist", "gp", data="mnist", optimizer_d="momentum", optimizer_g="momentum",
                 lr_d=0.5, lr_g=0.5),
            patched("nan-late", "toy-r1", 1500, {"lr_d": Set(10.0), "lr_g": Set(10.0)},
                    data="mixture1d", optimizer_d="sgd", optimizer_g="sgd", lr_d=0.05, lr_g=0.05),
            plan("nan-mixture", "toy-rp", data="mixture1d", optimizer_d="sgd", optimizer_g="sgd",
                 lr_d=10.0, lr_g=10.0),
            plan("nan-ls", "ls", data="digits", optimizer_d="sgd", optimizer_g="sgd", lr_d=5.0,
                 lr_g=5.0),
        ),
    ),
    Family(
        "learning rates too low", ("learning-rate-too-low",),
        _COLLAPSE | {Symptom.CONDITIONAL_COLLAPSE, Symptom.BARELY_MOVING}, (
            plan("slow-digits", "bn", data="digits", lr_d=2e-6, lr_g=2e-6),
            plan("slow-ring", "toy-rp", data="ring8", lr_d=5e-6, lr_g=5e-6),
            plan("slow-gauss", "toy-rp", data="gaussian1d", lr_d=2e-6, lr_g=2e-6),
            plan("slow-cgan", "cgan", data="digits", lr_d=1e-5, lr_g=1e-5),
            plan("slow-mixture", "toy-r1", data="mixture1d", lr_d=3e-6, lr_g=3e-6),
            plan("slow-ls", "ls", data="mnist", lr_d=2e-6, lr_g=2e-6),
        ),
    ),
    Family(
        "Adam's momentum", ("adam-momentum",), _COLLAPSE | _WINS | {Symptom.OSCILLATION}, (
            plan("momentum-digits", "plain", data="digits", beta1_d=0.9, beta1_g=0.9, lr_d=2e-3,
                 lr_g=2e-3),
            plan("momentum-mixture", "toy", data="mixture1d", beta1_d=0.98, beta1_g=0.98, lr_d=2e-3,
                 lr_g=2e-3),
            plan("momentum-ring", "toy-r1", data="ring8", beta1_d=0.98, beta1_g=0.98),
            plan("momentum-g", "plain", data="digits", beta1_g=0.95, beta1_d=0.95, lr_d=1e-3,
                 lr_g=1e-3),
            plan("momentum-mnist-2", "plain", data="mnist", beta1_d=0.9, beta1_g=0.9, lr_d=2e-3,
                 lr_g=2e-3),
            plan("momentum-ls", "ls", data="digits", norm_g="none", beta1_d=0.98, beta1_g=0.98,
                 lr_d=2e-3, lr_g=2e-3),
        ),
    ),
    Family(
        "unbounded critic", ("no-lipschitz-control",), frozenset({Symptom.CRITIC_UNBOUNDED}), (
            plan("free-digits", "gp", data="digits", loss="wgan", weight_clip=0.0),
            plan("free-ring", "toy-gp", data="ring8", loss="wgan", weight_clip=0.0),
            plan("free-ring-fast", "toy-gp", data="ring8", loss="wgan", weight_clip=0.0,
                 lr_d=5e-3),
            plan("free-ring-gp", "toy-gp", data="ring8", gp_weight=0.0),
            plan("free-mnist-wgan", "gp", data="mnist", loss="wgan", weight_clip=0.0, lr_d=1e-3),
            plan("free-dcgan", "dcgan", data="mnist", loss="wgan", weight_clip=0.0, norm_d="none",
                 lr_d=1e-3),
        ),
    ),
    Family(
        "weak penalty", ("gradient-penalty-weak",), frozenset({Symptom.CRITIC_UNBOUNDED}), (
            plan("loose-digits", "gp", data="digits", gp_weight=1e-5, lr_d=1e-3),
            plan("loose-ring", "toy-gp", data="ring8", gp_weight=1e-4),
            plan("loose-ring-3", "toy-gp", data="ring8", gp_weight=1e-5, n_critic=1),
            plan("loose-ring-2", "toy-gp", data="ring8", gp_weight=1e-5, lr_d=2e-3),
            plan("loose-mnist-2", "gp", data="mnist", gp_weight=5e-4, lr_d=1e-3),
            plan("loose-dcgan", "dcgan", data="mnist", loss="wgan_gp", gp_weight=1e-4,
                 norm_d="none"),
        ),
    ),
    Family(
        "strong penalty", ("gradient-penalty-strong",),
        frozenset({Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT}), (
            plan("tight-digits", "gp", data="digits", gp_weight=1e5),
            plan("tight-ring", "toy-gp", data="ring8", gp_weight=1e4),
            plan("tight-gauss", "toy-gp", data="gaussian1d", gp_weight=1e4),
            plan("tight-ring-2", "toy-gp", data="ring8", gp_weight=1e5, n_critic=1),
            plan("tight-digits-2", "gp", data="digits", gp_weight=2e4, n_critic=1),
            plan("tight-dcgan", "dcgan", data="mnist", loss="wgan_gp", gp_weight=1e5,
                 norm_d="none"),
        ),
    ),
    Family(
        "sigmoid critic", ("sigmoid-critic",), frozenset({Symptom.CRITIC_BOUNDED}), (
            plan("bounded-digits", "gp", data="digits", head="sigmoid"),
            plan("bounded-ring", "toy-gp", data="ring8", head="sigmoid"),
            plan("bounded-ring-2", "toy-gp", data="ring8", head="sigmoid", gp_weight=0.1,
                 n_critic=5),
            plan("bounded-clip", "gp", data="digits", loss="wgan", head="sigmoid", lr_d=5e-5,
                 lr_g=5e-5, optimizer_d="rmsprop", optimizer_g="rmsprop"),
            plan("bounded-mnist", "gp", data="mnist", head="sigmoid"),
            plan("bounded-dcgan", "dcgan", data="mnist", loss="wgan_gp", head="sigmoid",
                 norm_d="none"),
        ),
    ),
    Family(
        "too few images", ("too-few-images",), frozenset({Symptom.MEMORISATION}), (
            plan("few-digits", "bn", data="digits", data_limit=100, dropout_d=0.0),
            plan("few-mnist", "bn", data="mnist", data_limit=200, dropout_d=0.0),
            plan("few-hinge", "plain", data="mnist", data_limit=300, loss="hinge", head="logits"),
            plan("few-rp", "rp", data="digits", data_limit=100, r1_weight=0.0),
            plan("few-mnist-2", "bn", data="mnist", data_limit=100, hidden_d=(256, 128)),
            plan("few-ls", "ls", data="mnist", data_limit=100, dropout_d=0.0),
        ),
        fails_by_memory=True,
    ),
    Family(
        "SGD", ("optimizer-unsuited",), _COLLAPSE | _WINS | {Symptom.CLAMP_DEATH}, (
            plan("sgd-digits", "plain", data="digits", optimizer_d="sgd", optimizer_g="sgd",
                 lr_d=5e-3, lr_g=5e-3),
            plan("sgd-mnist", "plain", data="mnist", optimizer_d="momentum",
                 optimizer_g="momentum", lr_d=0.02, lr_g=0.02),
            plan("sgd-ring", "toy", data="ring8", optimizer_d="sgd", optimizer_g="sgd", lr_d=0.05,
                 lr_g=0.05),
            plan("sgd-mixture", "toy", data="mixture1d", optimizer_d="sgd", optimizer_g="sgd",
                 lr_d=2e-3, lr_g=2e-3),
            plan("sgd-digits-2", "plain", data="digits", optimizer_d="momentum",
                 optimizer_g="momentum", lr_d=2e-3, lr_g=2e-3),
            plan("sgd-ls", "ls", data="digits", norm_g="none", dropout_d=0.0, optimizer_d="sgd",
                 optimizer_g="sgd", lr_d=0.01, lr_g=0.01),
        ),
    ),
    Family(
        "plain collapse", ("mode-collapse",), _COLLAPSE, (
            plan("collapse-ring", "toy", data="ring8"),
            plan("collapse-mnist-wide", "plain", data="mnist", output="sigmoid",
                 data_range="[0,1]", hidden_g=(128, 256)),
            plan("collapse-digits", "plain", data="digits", output="sigmoid", data_range="[0,1]"),
            plan("collapse-digits-slow", "plain", data="digits", output="sigmoid",
                 data_range="[0,1]", lr_d=2e-4, lr_g=2e-4),
            plan("collapse-mnist", "plain", data="mnist", output="sigmoid", data_range="[0,1]",
                 lr_d=2e-4, lr_g=2e-4),
            plan("collapse-ls", "plain", data="digits", loss="least_squares", head="logits",
                 output="sigmoid", data_range="[0,1]", lr_d=2e-4, lr_g=2e-4),
        ),
    ),
    Family(
        "forgotten flip", ("generator-sign", "swapped-labels"), _WINS, (
            plan("flip-digits", "bn", data="digits", generator_label=0.0),
            plan("flip-gauss", "toy", data="gaussian1d", generator_label=0.0),
            plan("flip-ring", "toy-r1", data="ring8", generator_label=0.0),
            plan("flip-mixture", "toy", data="mixture1d", generator_label=0.0),
            plan("flip-digits-plain", "plain", data="digits", generator_label=0.0, lr_d=2e-4,
                 lr_g=2e-4),
            plan("flip-dcgan", "dcgan", data="mnist", generator_label=0.0),
        ),
    ),
    Family(
        "late shock", ("learning-rate-too-high", "discriminator-too-weak"),
        _COLLAPSE | _DEATH | {Symptom.QUALITY_DECLINE}, (
            patched("shock-digits", "bn", 1500, {"lr_g": Scale(100.0)}, data="digits", steps=2500),
            patched("shock-ring", "toy-rp", 2500, {"lr_g": Set(0.1)}, data="ring8", steps=5000),
            patched("shock-mixture", "toy-r1", 1500, {"lr_g": Scale(100.0)}, data="mixture1d"),
            patched("shock-both", "rp", 1250, {"lr_g": Scale(60.0), "lr_d": Scale(60.0)},
                    data="digits"),
            patched("shock-mnist", "bn", 1500, {"lr_g": Scale(100.0)}, data="mnist", steps=2500),
            patched("shock-ls", "ls", 1250, {"lr_g": Scale(100.0)}, data="digits"),
        ),
    ),
)  # fmt: skip
