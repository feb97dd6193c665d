"""All causes, in the order in which one explains the next: the only place that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from ganlab.causes.balance.adam_momentum import AdamMomentum
from ganlab.causes.balance.discriminator_too_strong import DiscriminatorTooStrong
from ganlab.causes.balance.discriminator_too_weak import DiscriminatorTooWeak
from ganlab.causes.balance.learning_rate_too_high import LearningRateTooHigh
from ganlab.causes.balance.learning_rate_too_low import LearningRateTooLow
from ganlab.causes.balance.mixed_precision_overflow import MixedPrecisionOverflow
from ganlab.causes.balance.mode_collapse import ModeCollapse
from ganlab.causes.balance.optimizer_unsuited import OptimizerUnsuited
from ganlab.causes.base import Cause
from ganlab.causes.data.constant_condition import ConstantCondition
from ganlab.causes.data.fixed_noise import FixedNoise
from ganlab.causes.data.latent_mismatch import LatentMismatch
from ganlab.causes.data.latent_too_small import LatentTooSmall
from ganlab.causes.data.range_mismatch import RangeMismatch
from ganlab.causes.data.too_few_images import TooFewImages
from ganlab.causes.directions import Directions
from ganlab.causes.history import History
from ganlab.causes.lipschitz.batchnorm_in_critic import BatchnormInCritic
from ganlab.causes.lipschitz.gradient_penalty_norm import GradientPenaltyNorm
from ganlab.causes.lipschitz.gradient_penalty_strong import GradientPenaltyStrong
from ganlab.causes.lipschitz.gradient_penalty_weak import GradientPenaltyWeak
from ganlab.causes.lipschitz.no_lipschitz_control import NoLipschitzControl
from ganlab.causes.loss.critic_sign import CriticSign
from ganlab.causes.loss.double_sigmoid import DoubleSigmoid
from ganlab.causes.loss.generator_sign import GeneratorSign
from ganlab.causes.loss.missing_sigmoid import MissingSigmoid
from ganlab.causes.loss.saturating_generator_loss import SaturatingGeneratorLoss
from ganlab.causes.loss.sigmoid_critic import SigmoidCritic
from ganlab.causes.loss.softmax_before_cross_entropy import SoftmaxBeforeCrossEntropy
from ganlab.causes.loss.swapped_labels import SwappedLabels
from ganlab.causes.loss.target_broadcast import TargetBroadcast
from ganlab.causes.normalisation.batchnorm_eps import BatchnormEps
from ganlab.causes.normalisation.batchnorm_mixed_batch import BatchnormMixedBatch
from ganlab.causes.normalisation.eval_mode import EvalMode
from ganlab.causes.normalisation.norm_before_output import NormBeforeOutput
from ganlab.causes.suspect import Suspect
from ganlab.causes.wiring.discriminator_frozen import DiscriminatorFrozen
from ganlab.causes.wiring.discriminator_not_stepped import DiscriminatorNotStepped
from ganlab.causes.wiring.generator_detached import GeneratorDetached
from ganlab.causes.wiring.generator_not_stepped import GeneratorNotStepped
from ganlab.causes.wiring.optimizer_shared_parameters import OptimizerSharedParameters
from ganlab.causes.wiring.optimizer_wrong_parameters import OptimizerWrongParameters
from ganlab.causes.wiring.parameters_not_optimised import ParametersNotOptimised
from ganlab.causes.wiring.stale_fakes import StaleFakes
from ganlab.causes.wiring.stale_gradients import StaleGradients
from ganlab.finding import Remedy
from ganlab.remedies import Situation

Thresholds = Mapping[str, Mapping[str, float]]  # by class and by name

# A bug, a scale, the size of steps and a critic, the balance, a momentum, what is left. A row
# explains the symptoms of those below it; within one the order says which of equals comes first.
ROSTER: tuple[tuple[type[Cause], ...], ...] = (
    (
        MissingSigmoid,
        OptimizerWrongParameters,
        OptimizerSharedParameters,
        ParametersNotOptimised,
        DiscriminatorNotStepped,
        GeneratorNotStepped,
        DiscriminatorFrozen,
        GeneratorDetached,
        FixedNoise,
        StaleFakes,
        StaleGradients,
        SwappedLabels,
        GeneratorSign,
        CriticSign,
        DoubleSigmoid,
        TargetBroadcast,
        SoftmaxBeforeCrossEntropy,
    ),
    (
        SigmoidCritic,
        LatentMismatch,
        MixedPrecisionOverflow,
        RangeMismatch,
        ConstantCondition,
        BatchnormMixedBatch,
        EvalMode,
    ),
    (
        GradientPenaltyNorm,
        NoLipschitzControl,
        GradientPenaltyWeak,
        BatchnormInCritic,
        GradientPenaltyStrong,
        NormBeforeOutput,
        LearningRateTooHigh,
        LearningRateTooLow,
    ),
    (
        SaturatingGeneratorLoss,
        TooFewImages,
        OptimizerUnsuited,
        DiscriminatorTooStrong,
        DiscriminatorTooWeak,
    ),
    (
        AdamMomentum,
        BatchnormEps,
        LatentTooSmall,
    ),
    (ModeCollapse,),
)
KINDS: tuple[type[Cause], ...] = tuple(chain.from_iterable(ROSTER))
BY_SLUG: Mapping[str, type[Cause]] = {kind.slug: kind for kind in KINDS}
PLACES: Mapping[str, tuple[int, int]] = {  # row, and place among all
    kind.slug: (row, KINDS.index(kind)) for row, kinds in enumerate(ROSTER) for kind in kinds
}


def cures_of(slug: str, situation: Situation) -> tuple[Remedy, ...]:
    """What answers the cause in the lab, the likeliest first; empty where nothing is known to."""
    kind = BY_SLUG.get(slug)
    return kind.cures(situation) if kind else ()


def worse(slug: str) -> Directions:
    """Which way a change in the lab makes the cause worse; empty where none is known to."""
    kind = BY_SLUG.get(slug)
    return kind.worse if kind else {}


def spoken_of(slug: str) -> tuple[str, ...]:
    """The settings whose live change the cause would blame; empty where it speaks of none."""
    kind = BY_SLUG.get(slug)
    return kind.spoken_of if kind else ()


def suspects(history: History, thresholds: Thresholds | None = None) -> Iterator[Suspect]:
    """All that speaks for a cause, in the roster's order; some thresholds changed if wanted."""
    for kind in KINDS:
        suspect = kind(**(thresholds or {}).get(kind.__name__, {})).explain(history)
        if suspect is not None:
            yield suspect
