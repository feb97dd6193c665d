"""A made-up measurement in the form that the benchmark writes. No figure here was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ganlab.detectors import DETECTORS

SILENT, UNASKED = "Clamp death", "Mode hopping"
FAMILIES = {"saturating loss": (19, 20, 20), "range mismatch": (20, 20, 22), "SGD": (6, 24, 10)}
SYMPTOMS = {"SGD": ("oscillation", "total-collapse")}


def row() -> dict[str, Any]:
    """The JSON form."""
    return {
        "hold": 40.0,
        "calibrating": 99,
        "runs": {"failed": 64, "healthy": 150, "neither": 12},
        "detection": _detection(61, 66, 64, 5, 210.0, 760.0),
        "rivals": {
            "loss rules": _detection(30, 55, 64, 25, 420.0, 1900.0),
            "never": _detection(0, 0, 64, 0, None, None),
        },
        "macro_f1": 0.83,
        "macro_f1_configs": 0.9,
        "macro_f1_held_out": None,
        "top1": [52, 64],
        "top3": [58, 64],
        "mild_alarms": [7, 12],
        "families": {
            name: _family(*counts) | {"symptoms": list(SYMPTOMS.get(name, ()))}
            for name, counts in FAMILIES.items()
        },
        "detectors": {kind.name: _detector(kind.name) for kind in DETECTORS},
        "states": {"G makes one sample": {"precision": [9, 10], "recall": [9, 12]}},
        "misses": ["sgd-ls@3: SGD, said nothing; first cause: no cause"],
    }


def write(folder: Path) -> Path:
    """The file, as it would lie beside the detectors."""
    file = folder / "measured.json"
    file.write_text(json.dumps(row()))
    return file


def _detection(
    hits: int, alarmed: int, failed: int, false: int, median: float | None, p90: float | None
) -> dict[str, Any]:
    return {
        "precision": [hits, alarmed],
        "recall": [hits, failed],
        "false_alarms": [false, 150],
        "median_delay": median,
        "p90_delay": p90,
    }


def _family(right: int, failed: int, named: int) -> dict[str, Any]:
    return {
        "precision": [right, named],
        "recall": [right, failed],
        "alarmed": [failed, failed],
        "own_symptom": [right, failed],
        "top3": [right, failed],
        "f1": round(2 * right / (failed + named), 4),
    }


def _detector(name: str) -> dict[str, Any]:
    if name == SILENT:
        return {"precision": [0, 0], "recall": [0, 8], "median_delay": None}
    if name == UNASKED:
        return {"precision": [0, 0], "recall": [0, 0], "median_delay": None}
    return {"precision": [18, 20], "recall": [15, 24], "median_delay": 150.0}
