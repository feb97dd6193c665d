"""ganlab: the interactive GAN failure-diagnosis lab.

    from ganlab import RunConfig, DetectorPanel, preset
    from ganlab import Monitor, lightning_callback  # the doctor in your own loop

torch is imported only by what trains, and by these two when they are asked for.
"""

import typing as _typing
from importlib import import_module as _import_module

from ganlab.config import ConfigError, Patch, RunConfig, Scale, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom
from ganlab.observation import Facts, Metrics, Observation, Samples
from ganlab.panel import DetectorPanel
from ganlab.presets import PRESETS, preset

if _typing.TYPE_CHECKING:
    from ganlab.lightning import lightning_callback
    from ganlab.monitor import Monitor

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "ConfigError",
    "DetectorPanel",
    "Evidence",
    "Facts",
    "Finding",
    "Metrics",
    "Monitor",
    "Observation",
    "Patch",
    "Remedy",
    "RunConfig",
    "Samples",
    "Scale",
    "Set",
    "Severity",
    "Symptom",
    "lightning_callback",
    "preset",
]

_LATE = {"Monitor": "ganlab.monitor", "lightning_callback": "ganlab.lightning"}


def __getattr__(name: str) -> object:
    """The names that bring torch along."""
    if name not in _LATE:
        raise AttributeError(f"module 'ganlab' has no attribute {name!r}")
    value = globals()[name] = getattr(_import_module(_LATE[name]), name)
    return value
