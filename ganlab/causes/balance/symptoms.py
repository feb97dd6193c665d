"""Which symptoms these causes explain."""

from __future__ import annotations

from ganlab.finding import Symptom

COLLAPSED = (Symptom.TOTAL_COLLAPSE, Symptom.PARTIAL_COLLAPSE, Symptom.MODE_HOPPING)
WINS = (Symptom.SATURATION, Symptom.DISCRIMINATOR_DOMINATES)
LOST = (Symptom.DISCRIMINATOR_BLIND, Symptom.FALSE_EQUILIBRIUM)
# A script's clamp may be where a D that wins is seen.
D_WINS = (*WINS, Symptom.CLAMP_DEATH)
BAD = (
    *COLLAPSED,
    *D_WINS,
    Symptom.SCALING_MISMATCH,
    Symptom.OUTPUT_SATURATION,
    Symptom.DIVERGENCE,
    *LOST,
    Symptom.OSCILLATION,
    Symptom.DEAD_UNITS,
)
