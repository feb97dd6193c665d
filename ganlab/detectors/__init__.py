"""One failure a file. Detectors know observations only: no config, network, torch or clock."""

from ganlab.detectors.barely_moving import BarelyMoving
from ganlab.detectors.base import Detector
from ganlab.detectors.clamp_death import ClampDeath
from ganlab.detectors.conditional_collapse import ConditionalCollapse
from ganlab.detectors.critic import Critic
from ganlab.detectors.dead_units import DeadUnits
from ganlab.detectors.divergence import Divergence
from ganlab.detectors.equilibrium import Equilibrium
from ganlab.detectors.memorisation import Memorisation
from ganlab.detectors.mode_hopping import ModeHopping
from ganlab.detectors.off_data import OffData
from ganlab.detectors.oscillation import Oscillation
from ganlab.detectors.output_saturation import OutputSaturation
from ganlab.detectors.partial_collapse import PartialCollapse
from ganlab.detectors.quality_decline import QualityDecline
from ganlab.detectors.samples_like_data import SamplesLikeData
from ganlab.detectors.saturation import Saturation
from ganlab.detectors.scaling_mismatch import ScalingMismatch
from ganlab.detectors.since_change import SinceChange
from ganlab.detectors.specimen import Specimen
from ganlab.detectors.total_collapse import TotalCollapse
from ganlab.detectors.update_imbalance import UpdateImbalance

DETECTORS: tuple[type[Detector], ...] = (
    Divergence,
    ClampDeath,
    ScalingMismatch,
    OutputSaturation,
    DeadUnits,
    Critic,
    Saturation,
    UpdateImbalance,
    BarelyMoving,
    Equilibrium,
    Memorisation,
    Oscillation,
    ModeHopping,
    TotalCollapse,
    PartialCollapse,
    OffData,
    ConditionalCollapse,
    QualityDecline,
    SinceChange,
    SamplesLikeData,
)

__all__ = [
    "DETECTORS",
    "BarelyMoving",
    "ClampDeath",
    "ConditionalCollapse",
    "Critic",
    "DeadUnits",
    "Detector",
    "Divergence",
    "Equilibrium",
    "Memorisation",
    "ModeHopping",
    "OffData",
    "Oscillation",
    "OutputSaturation",
    "PartialCollapse",
    "QualityDecline",
    "SamplesLikeData",
    "Saturation",
    "ScalingMismatch",
    "SinceChange",
    "Specimen",
    "TotalCollapse",
    "UpdateImbalance",
]
