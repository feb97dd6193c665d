"""What one recorded run is: a config by its base and its changes, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ganlab.config import RunConfig, Scale, Set
from ganlab.finding import Symptom

Settings = dict[str, Any]
SEEDS = 5
HELD_OUT_LOSSES = frozenset({"least_squares"})  # whole losses and architectures that no threshold
HELD_OUT_ARCHITECTURES = frozenset({"dcgan"})  # of this benchmark was ever looked at with

_TOY: Settings = {
    "data_range": "standardised", "output": "linear", "norm_g": "none", "dropout_d": 0.0,
    "real_label": 1.0, "head": "logits", "latent_dim": 8, "hidden_g": (64, 64),
    "hidden_d": (64, 64), "activation_g": "relu", "lr_d": 1e-3, "lr_g": 1e-3, "steps": 3000,
}  # fmt: skip
_IMAGE: Settings = {
    "hidden_g": (64, 128), "hidden_d": (128, 64), "latent_dim": 32, "lr_d": 5e-4, "lr_g": 5e-4,
    "steps": 2000,
}  # fmt: skip
_LOGITS: Settings = {"head": "logits", "dropout_d": 0.0, "real_label": 1.0}
_CRITIC: Settings = _LOGITS | {
    "loss": "wgan_gp", "n_critic": 2, "beta1_d": 0.0, "beta1_g": 0.0, "beta2_d": 0.9,
    "beta2_g": 0.9,
}  # fmt: skip
_RELATIVISTIC: Settings = _LOGITS | {"loss": "relativistic"}
_SMALL_DCGAN: Settings = {
    "architecture": "dcgan", "filters_g": 8, "filters_d": 8, "latent_dim": 32,
    "activation_g": "relu", "norm_g": "batch", "norm_d": "batch", "dropout_d": 0.0,
    "init": "dcgan", "head": "logits", "lr_d": 5e-4, "lr_g": 5e-4, "steps": 1000,
}  # fmt: skip

BASES: Mapping[str, Settings] = {
    "toy": _TOY,
    "toy-r1": _TOY | {"r1_weight": 0.1},
    "toy-rp": _TOY | {"loss": "relativistic", "r1_weight": 0.1, "r2_weight": 0.1},
    "toy-gp": _TOY | _CRITIC | {"gp_weight": 1.0, "n_critic": 3},
    "bn": _IMAGE,
    "plain": _IMAGE | {
        "norm_g": "none", "dropout_d": 0.0, "real_label": 1.0, "activation_g": "relu",
        "activation_d": "relu",
    },
    "rp": _IMAGE | _RELATIVISTIC | {"r1_weight": 1.0},
    "sn": _IMAGE | _LOGITS | {"loss": "hinge", "spectral_norm": True},
    "gp": _IMAGE | _CRITIC | {"steps": 1500},
    "ls": _IMAGE | {"head": "logits", "loss": "least_squares"},
    "cgan": _IMAGE | {"conditional": "one_hot"},
    "dcgan": _SMALL_DCGAN,
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One config, recorded once a seed; `patch` is applied at its step, as a user would."""

    name: str
    base: str
    changes: Settings
    patch_at: int = 0
    patch: Mapping[str, Set | Scale] = field(default_factory=dict)

    def config(self, seed: int) -> RunConfig:
        """The config of a seed."""
        settings = {**BASES[self.base], **self.changes, "seed": seed, **_QUIET}
        return RunConfig.of(settings)

    @property
    def held_out(self) -> bool:
        """Whether its loss or its architecture is one that was held out."""
        config = self.config(0)
        return config.loss in HELD_OUT_LOSSES or config.architecture in HELD_OUT_ARCHITECTURES


_QUIET: Settings = {
    "sample_every": 100_000, "checkpoint_every": 1_000_000, "allow_faults": True, "device": "cpu",
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """One way to fail: what a diagnosis may call it, and which symptoms are its own.

    The last two plans are sealed, the last of them with a held-out loss or architecture.
    """

    slug: str
    causes: tuple[str, ...]
    symptoms: frozenset[Symptom]
    plans: tuple[Plan, ...]
    fails_by_memory: bool = False  # D's memory is the failure, whatever the samples look like


def plan(name: str, base: str, **changes: Any) -> Plan:
    """A config that fails from the start."""
    return Plan(name, base, changes)


def patched(
    name: str, base: str, at: int, patch: Mapping[str, Set | Scale], **changes: Any
) -> Plan:
    """A config that is well until somebody turns a knob at a step."""
    return Plan(name, base, changes, at, patch)
