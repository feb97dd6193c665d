"""What one look at a training pair says: numbers, facts and samples. Knows nothing of torch."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Unit:
    """The unit and the meaning of a metric: its axis label and its tooltip."""

    name: str
    doc: str


class Metrics(TypedDict, total=False):
    """Measurements of one step; a missing key means not measured."""

    d_loss: Annotated[float, Unit("nats", "D's loss, real and fake terms added, no penalties")]
    g_loss: Annotated[float, Unit("nats", "G's loss, no extra terms")]
    penalty: Annotated[float, Unit("", "D's weighted penalties (gradient penalty, R1, R2)")]
    d_real: Annotated[float, Unit("probability", "mean D(x)")]
    d_fake: Annotated[float, Unit("probability", "mean D(G(z))")]
    d_accuracy: Annotated[float, Unit("share", "D's accuracy on real and fake at 0.5")]
    logit_real: Annotated[float, Unit("logits", "mean D output on real, before any sigmoid")]
    logit_fake: Annotated[float, Unit("logits", "mean D output on fake, before any sigmoid")]
    logit_real_std: Annotated[float, Unit("logits", "spread of D's output on real")]
    logit_fake_std: Annotated[float, Unit("logits", "spread of D's output on fake")]
    auc: Annotated[float, Unit("probability", "P(D ranks a real sample above a fake one)")]
    loss_slope: Annotated[float, Unit("1", "mean |dL_G / d logit|, G's signal at D's output")]
    grad_norm_d: Annotated[float, Unit("norm", "L2 norm of D's gradient")]
    grad_norm_g: Annotated[float, Unit("norm", "L2 norm of G's gradient")]
    input_gradient: Annotated[float, Unit("norm", "mean over D's n inputs of n * |dL_G / dG(z)|")]
    interpolate_norm: Annotated[float, Unit("norm", "critic's gradient norm on interpolates")]
    interpolate_norm_std: Annotated[float, Unit("norm", "its spread over samples")]
    fake_mean: Annotated[float, Unit("data units", "mean of generated values")]
    fake_std: Annotated[float, Unit("data units", "standard deviation of generated values")]
    fake_low: Annotated[float, Unit("data units", "0.1 % quantile of generated values")]
    fake_high: Annotated[float, Unit("data units", "99.9 % quantile of generated values")]
    std_ratio: Annotated[
        float, Unit("ratio", "pixelwise std of fakes / of reals, mean over pixels")
    ]
    overflow: Annotated[float, Unit("share", "generated values outside the real range +-5 %")]
    output_saturation: Annotated[float, Unit("share", "outputs within 1.5 % of a bound")]
    diversity: Annotated[float, Unit("ratio", "median pair distance of fakes / of reals")]
    top_bin: Annotated[float, Unit("share", "fakes in the fullest codebook bin")]
    codebook_js: Annotated[float, Unit("nats", "Jensen-Shannon distance to the real codebook")]
    off_data: Annotated[
        float, Unit("share", "fakes farther from every codebook bin than 99.9 % of reals are")
    ]
    codebook_js_long: Annotated[
        float, Unit("nats", "codebook_js over the samples of the last 8 probes")
    ]
    codebook_entropy: Annotated[
        float, Unit("ratio", "entropy of the last 8 probes' codebook shares / of reals")
    ]
    missing_mass: Annotated[
        float, Unit("share", "real data in codebook bins that the last 8 probes hardly reached")
    ]
    mode_shift: Annotated[
        float, Unit("share", "samples that changed their codebook bin since the last probe")
    ]
    mode_turns: Annotated[
        float, Unit("nats", "information between probe and codebook bin, over the last 10 probes")
    ]
    two_sample_auc: Annotated[
        float, Unit("probability", "AUC of a linear test between reals and fakes; 0.5: alike")
    ]
    real_fake_distance: Annotated[
        float, Unit("data units", "mean distance between a real and a generated sample")
    ]
    label_effect: Annotated[
        float, Unit("ratio", "variance between over within classes, of fakes / of reals")
    ]
    dead_units_g: Annotated[float, Unit("share", "G's ReLU units at zero for every sample")]
    dead_units_d: Annotated[float, Unit("share", "D's ReLU units at zero for every held-out real")]
    drift: Annotated[float, Unit("ratio", "move of G(fixed z) since the last probe / real spread")]
    logit_held_out: Annotated[float, Unit("logits", "mean D output on real samples held out")]
    train_gap: Annotated[
        float, Unit("deviations", "D's mean output on its training reals above held-out ones")
    ]
    label_auc_d: Annotated[
        float, Unit("probability", "P(D ranks a real with its label above one with a wrong one)")
    ]
    update_ratio_d: Annotated[float, Unit("1/step", "relative move of D's weights a step")]
    update_ratio_g: Annotated[float, Unit("1/step", "relative move of G's weights a step")]
    adam_snr_d: Annotated[float, Unit("ratio", "squared mean over mean square of D's gradient")]
    adam_snr_g: Annotated[float, Unit("ratio", "squared mean over mean square of G's gradient")]
    eps_dominated_d: Annotated[
        float, Unit("share", "D's weights whose gradient is so small that Adam's eps rules")
    ]
    eps_dominated_g: Annotated[
        float, Unit("share", "G's weights whose gradient is so small that Adam's eps rules")
    ]
    steps_per_second: Annotated[float, Unit("steps/s", "generator updates a second")]
    probe_every: Annotated[float, Unit("steps", "probe interval in force")]


class Facts(TypedDict, total=False):
    """What does not change from step to step; sent first, and again after a patch changes it."""

    loss: str
    head: str
    optimizer_d: str
    optimizer_g: str
    output: str
    data_range: str
    real_label: float
    fake_label: float
    generator_label: float
    batch_size: int
    n_critic: int
    lr_d: float
    lr_g: float
    momentum_d: float  # beta1 of Adam, momentum of SGD, 0 without either
    momentum_g: float
    gp_weight: float  # 0 without a gradient penalty
    weight_clip: float  # 0 without clipping
    r1_weight: float
    norm_d: str
    norm_g: str
    latent_dim: int
    conditional: str
    pack: int  # samples in one input of D
    train_size: int  # real samples that D sees
    modes: int  # bins of the codebook
    epoch_steps: float  # generator updates until D has seen the data once
    real_low: float  # data units, 0.1 % quantile of real values
    real_high: float  # data units, 99.9 % quantile
    real_min: float
    real_max: float
    reach_low: float | None  # data units, what G's output activation can reach; None: unbounded
    reach_high: float | None
    unreachable: Annotated[float, Unit("share", "real values outside what G's output reaches")]
    waste: Annotated[float, Unit("share", "part of G's output range without any real value")]
    dimensions: int  # numbers in one sample
    parameters_g: int
    parameters_d: int
    changes: int  # live patches so far that have a say in training
    left_out: str  # files of the data that could not be read, in words; missing: none


def _units(words: type) -> dict[str, Unit]:
    hints = typing.get_type_hints(words, include_extras=True)
    return {
        name: typing.get_args(hint)[1]
        for name, hint in hints.items()
        if typing.get_origin(hint) is Annotated
    }


METRICS: dict[str, Unit] = _units(Metrics)
FACTS: dict[str, Unit] = _units(Facts)  # those that serve as evidence


@dataclass(frozen=True)
class Samples:
    """Generated samples of one step, with what is drawn beside them."""

    image: NDArray[np.uint8] | None = None  # (height, width) or (height, width, 3): a grid
    points: NDArray[np.float32] | None = None  # (n, dimensions), in the data's own units
    surface: Mapping[str, Any] | None = None  # x, y: axes; d: rows of D's output in [0, 1]
    histogram: Mapping[str, Any] | None = None  # edges (k+1), real (k), fake (k): densities


@dataclass(frozen=True)
class Observation:
    """One look at a run after generator update `step` (0: before the first)."""

    step: int
    metrics: Metrics
    facts: Facts | None = None
    samples: Samples | None = field(default=None, compare=False)
    seconds: float = field(default=0.0, compare=False)  # of training, since the run started
