"""Which way a change of the lab's settings makes a cause worse: the words that causes say it in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from ganlab.rates import PLAIN, too_large
from ganlab.remedies import Settings

Quantity: TypeAlias = Callable[[Settings], float]
Directions: TypeAlias = Mapping[str, int]  # by quantity: the way that makes it worse

UP, DOWN = 1, -1

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
    return float(sum(settings[f"optimizer_{player}"] in PLAIN for player in "dg"))


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
        plain = settings[f"optimizer_{player}"] in PLAIN
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


_D_AIDS = (
    "D's lead",
    "D's size",
    "minibatch_std",
    "minibatch_discrimination",
    "pack",
    "real_label",
)
D_REINS = (
    "r1_weight",
    "r2_weight",
    "instance_noise",
    "weight_decay_d",
    "dropout_d",
    "fake_label",
    "spectral_norm",
)
STRONGER_D: Directions = dict.fromkeys(_D_AIDS, UP) | dict.fromkeys(D_REINS, DOWN)
WEAKER_D: Directions = {name: -way for name, way in STRONGER_D.items()}
VARIETY = ("minibatch_std", "minibatch_discrimination", "pack", "mode_seeking")


def quantity(name: str, settings: Settings) -> float:
    """One of the quantities above, or the setting of that name as a number.

    Raises KeyError where there is neither.
    """
    measure = _QUANTITIES.get(name)
    return measure(settings) if measure else _number(settings, name)
