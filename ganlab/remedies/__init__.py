"""Cures as data: the catalogue, what answers a symptom or a cause, and what can act."""

from ganlab.remedies.acting import Offer, Settings, offered
from ganlab.remedies.answers import Situation
from ganlab.remedies.symptoms import (
    for_blind_d,
    for_clamp_death,
    for_collapse,
    for_critic,
    for_dead_units,
    for_divergence,
    for_ignored_labels,
    for_imbalance,
    for_memorisation,
    for_missing_modes,
    for_oscillation,
    for_pinned_output,
    for_saturation,
    for_scaling,
    for_tiny_steps,
)

__all__ = [
    "Offer",
    "Settings",
    "Situation",
    "for_blind_d",
    "for_clamp_death",
    "for_collapse",
    "for_critic",
    "for_dead_units",
    "for_divergence",
    "for_ignored_labels",
    "for_imbalance",
    "for_memorisation",
    "for_missing_modes",
    "for_oscillation",
    "for_pinned_output",
    "for_saturation",
    "for_scaling",
    "for_tiny_steps",
    "offered",
]
