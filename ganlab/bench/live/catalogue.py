"""Every live break that is recorded: hot settings in both directions, several sizes, and pairs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ganlab.bench.live.plans import HELD, LONG, Break
from ganlab.config import Patch, Scale, Set
from ganlab.knob import Value


def _set(**settings: Value) -> Patch:
    return {name: Set(value) for name, value in settings.items()}


def _scaled(factor: float, *names: str) -> Patch:
    return {name: Scale(factor) for name in names}


def _optimizers(kind: str) -> Mapping[str, Patch]:
    return {
        f"{kind}-d": _set(optimizer_d=kind),
        f"{kind}-g": _set(optimizer_g=kind),
        f"{kind}-both": _set(optimizer_d=kind, optimizer_g=kind),
    }


PATCHES: Mapping[str, Patch] = {
    **{f"lr-d-x{factor:g}": _scaled(factor, "lr_d") for factor in (0.01, 0.1, 0.5, 2, 10, 100)},
    **{f"lr-g-x{factor:g}": _scaled(factor, "lr_g") for factor in (0.01, 0.1, 0.5, 2, 10, 100)},
    **{f"lr-both-x{factor:g}": _scaled(factor, "lr_d", "lr_g") for factor in (0.1, 0.5, 10, 100)},
    **_optimizers("sgd"), **_optimizers("momentum"), **_optimizers("rmsprop"),
    **_optimizers("adamw"),
    "sgd-2e-4": _set(optimizer_d="sgd", optimizer_g="sgd", lr_d=2e-4, lr_g=2e-4),
    "sgd-0.1": _set(optimizer_d="sgd", optimizer_g="sgd", lr_d=0.1, lr_g=0.1),
    "sgd-10": _set(optimizer_d="sgd", optimizer_g="sgd", lr_d=10.0, lr_g=10.0),
    "beta1-d-0.9": _set(beta1_d=0.9), "beta1-g-0.9": _set(beta1_g=0.9),
    "beta1-0.9": _set(beta1_d=0.9, beta1_g=0.9), "beta1-0.99": _set(beta1_d=0.99, beta1_g=0.99),
    "beta1-0": _set(beta1_d=0.0, beta1_g=0.0), "beta2-0.9": _set(beta2_d=0.9, beta2_g=0.9),
    "beta2-0.5": _set(beta2_d=0.5, beta2_g=0.5),
    "beta2-0.99": _set(beta2_d=0.99, beta2_g=0.99),
    "output-tanh": _set(output="tanh"), "output-sigmoid": _set(output="sigmoid"),
    "output-linear": _set(output="linear"), "output-x255": _set(output="x255"),
    "output-leaky": _set(output="leaky_relu_sigmoid"),
    "range-unit": _set(data_range="[0,1]"), "range-255": _set(data_range="[0,255]"),
    "range-standard": _set(data_range="standardised"), "range-tanh": _set(data_range="[-1,1]"),
    "unit-both": _set(data_range="[0,1]", output="sigmoid"),
    "loss-saturating": _set(loss="saturating"), "loss-ls": _set(loss="least_squares"),
    "loss-ns": _set(loss="non_saturating"), "loss-hinge": _set(loss="hinge"),
    "loss-hinge-logits": _set(loss="hinge", head="logits"),
    "loss-ls-logits": _set(loss="least_squares", head="logits"),
    "loss-relativistic": _set(loss="relativistic", head="logits"),
    "loss-wgan": _set(loss="wgan", head="logits"),
    "loss-wgan-free": _set(loss="wgan", head="logits", weight_clip=0.0),
    "loss-wgan-clip-1": _set(loss="wgan", head="logits", weight_clip=1.0),
    "loss-wgan-gp": _set(loss="wgan_gp", head="logits"),
    "head-logits": _set(head="logits"), "head-sigmoid": _set(head="sigmoid"),
    "head-raw": _set(head="raw"),
    "real-label-1": _set(real_label=1.0), "real-label-0.7": _set(real_label=0.7),
    "real-label-0.1": _set(real_label=0.1), "fake-label-0.1": _set(fake_label=0.1),
    "fake-label-0.5": _set(fake_label=0.5), "fake-label-0.9": _set(fake_label=0.9),
    "g-label-0.9": _set(generator_label=0.9), "g-label-0.5": _set(generator_label=0.5),
    "g-label-0": _set(generator_label=0.0),
    "noise-0.05": _set(instance_noise=0.05), "noise-0.5": _set(instance_noise=0.5),
    "noise-3": _set(instance_noise=3.0),
    "n-critic-1": _set(n_critic=1), "n-critic-2": _set(n_critic=2), "n-critic-5": _set(n_critic=5),
    "gp-0": _set(gp_weight=0.0), "gp-0.001": _set(gp_weight=1e-3), "gp-1": _set(gp_weight=1.0),
    "gp-20": _set(gp_weight=20.0), "gp-1e5": _set(gp_weight=1e5),
    "r1-0.1": _set(r1_weight=0.1), "r1-1": _set(r1_weight=1.0), "r1-100": _set(r1_weight=100.0),
    "r1-1e5": _set(r1_weight=1e5), "r2-1": _set(r2_weight=1.0), "r2-1e4": _set(r2_weight=1e4),
    "r-0": _set(r1_weight=0.0, r2_weight=0.0),
    "seek-0.1": _set(mode_seeking=0.1), "seek-10": _set(mode_seeking=10.0),
    "seek-1000": _set(mode_seeking=1000.0),
    "decay-d-1e-4": _set(weight_decay_d=1e-4), "decay-d-1": _set(weight_decay_d=1.0),
    "decay-g-1e-4": _set(weight_decay_g=1e-4), "decay-g-1": _set(weight_decay_g=1.0),
    "decay-both-0.1": _set(weight_decay_d=0.1, weight_decay_g=0.1),
    "lr-decay-0.9": _set(lr_decay=0.9), "lr-decay-0.5": _set(lr_decay=0.5),
    "lr-decay-0.01": _set(lr_decay=0.01),
    "ema-0.9": _set(ema_decay=0.9), "ema-0.995": _set(ema_decay=0.995),
    "ema-0.9999": _set(ema_decay=0.9999),
}  # fmt: skip

_BY_BASE: Mapping[str, str] = {
    "digits": """lr-d-x0.01 lr-d-x0.1 lr-d-x0.5 lr-d-x2 lr-d-x10 lr-d-x100 lr-g-x0.01 lr-g-x0.5
        lr-g-x2 lr-g-x10 lr-g-x100 lr-both-x10 sgd-d sgd-g sgd-2e-4 sgd-0.1 momentum-both
        rmsprop-both adamw-both beta1-0.9 beta1-0.99 beta1-0 output-sigmoid output-linear
        output-x255 output-leaky range-unit range-255 range-standard loss-saturating loss-ls
        loss-hinge-logits loss-wgan-free head-logits head-raw real-label-1 real-label-0.1
        fake-label-0.1 g-label-0.9 g-label-0 noise-0.05 noise-0.5 noise-3 n-critic-5 r1-1 r1-1e5
        seek-0.1 seek-1000 decay-d-1e-4 decay-g-1 lr-decay-0.9 lr-decay-0.01 ema-0.9 ema-0.995""",
    "mnist": """lr-d-x0.01 lr-d-x0.1 lr-d-x2 lr-d-x100 lr-g-x0.1 lr-g-x0.5 lr-g-x2 lr-g-x100
        lr-both-x0.5 lr-both-x100 sgd-g sgd-both sgd-0.1 sgd-10 momentum-both rmsprop-d rmsprop-g
        adamw-d adamw-g beta1-d-0.9 beta1-g-0.9 beta1-0.99 beta2-0.9 output-sigmoid output-linear
        output-x255 range-unit range-standard unit-both loss-saturating loss-hinge
        loss-ls-logits loss-relativistic loss-wgan loss-wgan-gp head-logits real-label-1
        real-label-0.7 fake-label-0.5 fake-label-0.9 g-label-0.5 g-label-0 noise-0.5 noise-3
        n-critic-2 r1-100 r2-1 r2-1e4 seek-10 decay-d-1 decay-g-1e-4 decay-both-0.1 lr-decay-0.5
        ema-0.9 ema-0.9999""",
    "labels": """lr-d-x0.01 lr-d-x0.5 lr-d-x100 lr-g-x0.1 lr-g-x2 lr-g-x100 lr-both-x10 sgd-d
        sgd-both adamw-both rmsprop-both beta1-0.9 output-sigmoid output-x255 range-255
        loss-hinge-logits g-label-0 real-label-1 fake-label-0.9 noise-0.05 noise-3 n-critic-2
        r1-1 decay-g-1 ema-0.9""",
    "gp": """lr-d-x0.1 lr-d-x0.5 lr-d-x100 lr-g-x0.5 lr-g-x2 lr-g-x100 sgd-both rmsprop-both
        beta1-0.9 beta2-0.99 output-sigmoid output-linear range-255 loss-wgan-free loss-ns
        head-sigmoid noise-0.05 n-critic-1 gp-0 gp-0.001 gp-1 gp-20 gp-1e5 decay-d-1 ema-0.9""",
    "ring8": """lr-d-x0.01 lr-d-x0.1 lr-d-x0.5 lr-d-x2 lr-d-x10 lr-d-x100 lr-g-x0.01 lr-g-x0.1
        lr-g-x0.5 lr-g-x2 lr-g-x10 lr-g-x100 lr-both-x0.1 lr-both-x10 sgd-d sgd-g sgd-both sgd-0.1
        sgd-10 momentum-both rmsprop-both adamw-both beta1-0.9 beta1-0.99 beta1-0 beta2-0.9
        output-tanh output-sigmoid output-x255 range-tanh range-unit range-255 loss-ns
        loss-saturating loss-ls loss-hinge loss-wgan loss-wgan-free loss-wgan-clip-1 loss-wgan-gp
        head-sigmoid noise-0.05 noise-0.5 noise-3 n-critic-2 n-critic-5 r-0 r1-1 r1-100 r2-1e4
        seek-0.1 seek-10 decay-d-1e-4 decay-d-1 decay-g-1e-4 decay-g-1 lr-decay-0.9 ema-0.9
        ema-0.995""",
    "grid25": """lr-d-x0.01 lr-d-x0.5 lr-d-x2 lr-d-x10 lr-d-x100 lr-g-x0.01 lr-g-x0.5 lr-g-x2
        lr-g-x10 lr-g-x100 lr-both-x0.5 lr-both-x10 sgd-d sgd-g sgd-both sgd-0.1 momentum-d
        rmsprop-g adamw-both beta1-0.9 beta1-0.99 beta2-0.5 output-tanh output-sigmoid range-unit
        range-255 loss-ns loss-ls loss-hinge loss-wgan loss-wgan-gp head-sigmoid noise-0.05
        noise-3 n-critic-2 r-0 r1-100 seek-10 decay-d-1e-4 decay-g-1 ema-0.9""",
    "dcgan": """lr-d-x0.01 lr-d-x0.5 lr-d-x100 lr-g-x2 lr-g-x100 sgd-both adamw-both beta1-0.9
        output-sigmoid range-255 g-label-0 real-label-0.7 noise-0.05 loss-hinge ema-0.9""",
    "start": "sgd-both lr-d-x100 output-sigmoid",  # known before the split was drawn
}

# Two patches, 150 steps apart: one that harms and one that does not, in both orders.
_PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {  # (harmful, harmless)
    "digits": (("lr-g-x100", "noise-0.05"), ("output-sigmoid", "lr-d-x0.5"),
               ("g-label-0", "decay-d-1e-4"), ("sgd-2e-4", "ema-0.9")),
    "mnist": (("lr-d-x100", "adamw-g"), ("sgd-both", "real-label-1"),
              ("noise-3", "lr-g-x0.5")),
    "labels": (("lr-g-x100", "noise-0.05"),),
    "gp": (("output-sigmoid", "ema-0.9"),),
    "ring8": (("lr-g-x100", "adamw-both"), ("range-unit", "ema-0.9"),
              ("noise-3", "lr-d-x0.5"), ("sgd-both", "decay-d-1e-4")),
    "grid25": (("lr-g-x100", "lr-d-x0.5"), ("output-sigmoid", "ema-0.9")),
}  # fmt: skip
APART = 150  # steps

# Harmless in all likelihood, so that their undo is not worth its training.
_KEPT = ("lr-d-x0.5", "lr-d-x2", "lr-g-x0.5", "lr-g-x2", "lr-both-x0.5", "adamw-d", "adamw-g",
         "adamw-both", "head-logits", "real-label-1", "fake-label-0.1", "g-label-0.9", "noise-0.05",
         "decay-d-1e-4", "decay-g-1e-4", "lr-decay-0.9", "ema-0.9", "ema-0.995", "beta1-0",
         "beta2-0.99", "seek-0.1", "gp-20", "r1-0.1")  # fmt: skip


# Plain SGD at Adam's rates hardly moves: samples fall back over a thousand steps.
_SLOW = ("digits-sgd-2e-4", "digits-momentum-both", "mnist-sgd-both", "mnist-momentum-both",
         "start-sgd-both")  # fmt: skip


@cache
def breaks() -> tuple[Break, ...]:
    """All of them, base by base."""
    return tuple(found for base in _BY_BASE for found in (*_singles(base), *_pairs(base)))


def longest(base: str) -> int:
    """Steps that a base's twin has to go on for."""
    return max(found.length for found in breaks() if found.base == base)


def _singles(base: str) -> list[Break]:
    found = []
    for slug in _BY_BASE[base].split():
        name = f"{base}-{slug}"
        hold = LONG if name in _SLOW else HELD
        found.append(Break(name, base, ((0, PATCHES[slug]),), undone=slug not in _KEPT, hold=hold))
    return found


def _pairs(base: str) -> list[Break]:
    found = []
    for harmful, harmless in _PAIRS.get(base, ()):
        first, second = PATCHES[harmful], PATCHES[harmless]
        found += [
            Break(f"{base}-{harmful}+{harmless}", base, ((0, first), (APART, second)), 0),
            Break(f"{base}-{harmless}+{harmful}", base, ((0, second), (APART, first)), 1),
        ]
    return found
