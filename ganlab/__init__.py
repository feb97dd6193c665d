"""ganlab: the interactive GAN failure-diagnosis lab.

    from ganlab import RunConfig, DetectorPanel, preset

torch is imported only by what trains.
"""

from ganlab.config import ConfigError, Patch, RunConfig, Scale, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom
from ganlab.observation import Facts, Metrics, Observation, Samples
from ganlab.panel import DetectorPanel
from ganlab.presets import PRESETS, preset

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "ConfigError",
    "DetectorPanel",
    "Evidence",
    "Facts",
    "Finding",
    "Metrics",
    "Observation",
    "Patch",
    "Remedy",
    "RunConfig",
    "Samples",
    "Scale",
    "Set",
    "Severity",
    "Symptom",
    "preset",
]
