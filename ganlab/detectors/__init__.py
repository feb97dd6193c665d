"""One failure a file. Detectors know observations only: no config, network, torch or clock."""

from ganlab.detectors.base import Detector
from ganlab.detectors.divergence import Divergence
from ganlab.detectors.saturation import Saturation
from ganlab.detectors.scaling_mismatch import ScalingMismatch
from ganlab.detectors.specimen import Specimen
from ganlab.detectors.total_collapse import TotalCollapse

DETECTORS: tuple[type[Detector], ...] = (Divergence, ScalingMismatch, Saturation, TotalCollapse)

__all__ = [
    "DETECTORS",
    "Detector",
    "Divergence",
    "Saturation",
    "ScalingMismatch",
    "Specimen",
    "TotalCollapse",
]
