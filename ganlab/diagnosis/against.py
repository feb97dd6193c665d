"""Which way a change must not go while a cause is named: what would make it worse, as data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from ganlab.causes.changes import Change
from ganlab.causes.suspect import Suspect
from ganlab.rates import too_large
from ganlab.remedies import Settings

Quantity: TypeAlias = Callable[[Settings], float]
Directions: TypeAlias = Mapping[str, int]  # by quantity: the way that makes it worse

UP, DOWN = 1, -1

_SGD = ("sgd", "momentum")

_FITTING = {
    "[-1,1]": ("tanh",),
    "[0,1]": ("sigmoid", "leaky_relu_sigmoid"),
    "[0,255]": ("x255",),
    "standardised": (),
}


def _lead(settings: Settings) -> float:
    """How far D's learning is ahead of G's."""
    lr_d, lr_g = _number(settings, "lr_d"), _number(settings, "lr_g")
    return _number(settings, "n_critic") * lr_d / lr_g if lr_g else math.inf


def _size(settings: Settings) -> float:
    """D's width over G's."""
    if settings["architecture"] == "dcgan":
        return _number(settings, "filters_d") / _number(settings, "filters_g")
    return _total(settings["hidden_d"]) / max(1.0, _total(settings["hidden_g"]))


def _total(widths: object) -> float:
    return float(sum(widths)) if isinstance(widths, tuple) else 0.0


def _misfit(settings: Settings) -> float:
    fitting = _FITTING[str(settings["data_range"])]
    return float(settings["output"] not in ("linear", *fitting))


def _plain(settings: Settings) -> float:
    return float(sum(settings[f"optimizer_{player}"] in _SGD for player in "dg"))


def _wild(settings: Settings) -> float:
    """Whether steps are too large, and no clamp bounds D's loss while they are."""
    large = any(
        too_large(str(settings[f"optimizer_{player}"]), _number(settings, f"lr_{player}"))
        for player in "dg"
    )
    return float(large and settings["head"] != "sigmoid")


def _sgd_rate(player: str) -> Quantity:
    """The rate of a player on SGD, which needs larger ones than Adam."""

    def rate(settings: Settings) -> float:
        plain = settings[f"optimizer_{player}"] in _SGD
        return _number(settings, f"lr_{player}") if plain else math.inf

    return rate


def _number(settings: Settings, name: str) -> float:
    value = settings[name]
    return float(value) if isinstance(value, int | float) else 0.0


_QUANTITIES: Mapping[str, Quantity] = {
    "D's lead": _lead,
    "D's size": _size,
    "misfit of ranges": _misfit,
    "unclamped large steps": _wild,
    "plain optimisers": _plain,
    "D's rate on SGD": _sgd_rate("d"),
    "G's rate on SGD": _sgd_rate("g"),
    "flat loss": lambda settings: float(settings["loss"] == "saturating"),
    "bounded critic": lambda settings: float(settings["head"] == "sigmoid"),
    "raw head": lambda settings: float(settings["head"] == "raw"),
    "images": lambda settings: _number(settings, "data_limit") or math.inf,
    "box": lambda settings: _number(settings, "weight_clip") or math.inf,
}  # anything else is the setting of that name


def _quantity(name: str, settings: Settings) -> float:
    measure = _QUANTITIES.get(name)
    return measure(settings) if measure else _number(settings, name)


_D_AIDS = (
    "D's lead",
    "D's size",
    "minibatch_std",
    "minibatch_discrimination",
    "pack",
    "real_label",
)
_D_REINS = (
    "r1_weight",
    "r2_weight",
    "instance_noise",
    "weight_decay_d",
    "dropout_d",
    "fake_label",
    "spectral_norm",
)
_STRONGER_D: Directions = dict.fromkeys(_D_AIDS, UP) | dict.fromkeys(_D_REINS, DOWN)
_WEAKER_D: Directions = {name: -way for name, way in _STRONGER_D.items()}
_VARIETY = ("minibatch_std", "minibatch_discrimination", "pack", "mode_seeking")

WORSE: Mapping[str, Directions] = {
    "range-mismatch": {"misfit of ranges": UP},
    "too-few-images": {"images": DOWN, "D's size": UP, **dict.fromkeys(_D_REINS, DOWN)},
    "missing-sigmoid": {"raw head": UP},
    "generator-sign": {"generator_label": DOWN},
    "sigmoid-critic": {"bounded critic": UP},
    "saturating-generator-loss": {"flat loss": UP, **_STRONGER_D},
    "no-lipschitz-control": {"gp_weight": DOWN, "box": UP},
    "gradient-penalty-weak": {"gp_weight": DOWN, "box": UP},
    "gradient-penalty-strong": {"gp_weight": UP},
    "learning-rate-too-high": {"lr_d": UP, "lr_g": UP, "unclamped large steps": UP},
    "learning-rate-too-low": {"lr_d": DOWN, "lr_g": DOWN},
    "discriminator-too-strong": _STRONGER_D,
    "discriminator-too-weak": _WEAKER_D,
    "adam-momentum": {"beta1_d": UP, "beta1_g": UP},
    "optimizer-unsuited": {
        "plain optimisers": UP,
        "D's rate on SGD": DOWN,
        "G's rate on SGD": DOWN,
    },
    "mode-collapse": dict.fromkeys(_VARIETY, DOWN),
}


def contradicts(suspect: Suspect, before: Settings, after: Settings) -> bool:
    """Whether going from the one to the other makes worse what the suspect is named for."""
    worse = {**WORSE.get(suspect.cause, {}), **_further(suspect.change)}
    return any(
        _way(_quantity(name, before), _quantity(name, after)) == way for name, way in worse.items()
    )


def _further(change: Change | None) -> Directions:
    """Further the way that a live patch went."""
    if change is None:
        return {}
    ways = {
        name: _way(_number(change.before, name), _number(change.after, name))
        for name in change.before
    }
    return {name: way for name, way in ways.items() if way}


def _way(old: float, new: float) -> int:
    if old == new or math.isclose(old, new, rel_tol=1e-9):
        return 0
    return UP if new > old else DOWN
