"""Every setting of a run, once: form, tooltip, command line and docs read it here."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganlab import combinations
from ganlab.choices import ACTIVATIONS, DATASETS, NORMS
from ganlab.choices import ADAPTIVE as ADAPTIVE
from ganlab.choices import CLASSES as CLASSES
from ganlab.choices import IMAGE_DATASETS as IMAGE_DATASETS
from ganlab.choices import LOSSES as LOSSES
from ganlab.choices import OPTIMIZERS as OPTIMIZERS
from ganlab.choices import OUTPUTS as OUTPUTS
from ganlab.choices import PROBABILITY_LOSSES as PROBABILITY_LOSSES
from ganlab.choices import RANGES as RANGES
from ganlab.knob import ConfigError as ConfigError
from ganlab.knob import Knob as Knob
from ganlab.knob import Value as Value
from ganlab.knob import knob, nearest
from ganlab.patch import AtLeast as AtLeast
from ganlab.patch import AtMost as AtMost
from ganlab.patch import Patch as Patch
from ganlab.patch import Scale as Scale
from ganlab.patch import Set as Set

_RATE: dict[str, Any] = {"low": 0.0, "high": 10.0, "log": True, "hot": True}
_BETA: dict[str, Any] = {"low": 0.0, "high": 0.99999, "hot": True}
_WEIGHT: dict[str, Any] = {"low": 0.0, "high": 1e6, "hot": True}


@dataclass(frozen=True)
class RunConfig:
    """One run, complete: equal configs, seeds and devices give equal runs.

    The defaults train readable digits on the embedded data: a batch-normalised MLP generator
    against an MLP discriminator with dropout and one-sided label smoothing.
    """

    data: str = knob("digits", "What D sees as real.", group="data", choices=DATASETS)
    data_range: str = knob(
        "[-1,1]",
        "The range real samples are scaled to; G's output has to reach it.",
        group="data", hot=True, choices=RANGES,
    )  # fmt: skip
    data_folder: str = knob(
        "", "Folder with your own images.", group="data", when=("data", ("folder",))
    )
    image_size: int = knob(
        28, "Images are resized to this height and width.",
        group="data", low=8, high=128, unit="pixels", when=("data", IMAGE_DATASETS),
    )  # fmt: skip
    channels: int = knob(
        1, "1 for gray, 3 for RGB.", group="data", low=1, high=3, when=("data", IMAGE_DATASETS)
    )
    held_out: float = knob(
        0.05, "Share of the real data that D never sees.", group="data", low=0.0, high=0.5
    )
    data_limit: int = knob(
        0, "Real samples that D sees; 0 is all of them.", group="data", high=10_000_000
    )
    batch_size: int = knob(64, "Real samples in one update.", group="data", low=1, high=8192)

    architecture: str = knob(
        "mlp", "Fully connected, or the strided convolutions of DCGAN.",
        group="networks", choices=("mlp", "dcgan"), source="Radford et al. 2016 (arXiv:1511.06434)",
    )  # fmt: skip
    latent_dim: int = knob(
        100, "Length of the latent z, drawn from N(0, 1).", group="networks", low=1, high=4096
    )
    hidden_g: tuple[int, ...] = knob(
        (256, 512), "Widths of G's hidden layers.",
        group="networks", low=1, high=8192, when=("architecture", ("mlp",)),
    )  # fmt: skip
    hidden_d: tuple[int, ...] = knob(
        (512, 256), "Widths of D's hidden layers.",
        group="networks", low=1, high=8192, when=("architecture", ("mlp",)),
    )  # fmt: skip
    filters_g: int = knob(
        64, "G's channels before its last layer.",
        group="networks", low=1, high=1024, when=("architecture", ("dcgan",)),
    )  # fmt: skip
    filters_d: int = knob(
        64, "D's channels after its first layer.",
        group="networks", low=1, high=1024, when=("architecture", ("dcgan",)),
    )  # fmt: skip
    activation_g: str = knob(
        "leaky_relu", "After each hidden layer of G.", group="networks", choices=ACTIVATIONS
    )
    activation_d: str = knob(
        "leaky_relu", "After each hidden layer of D.", group="networks", choices=ACTIVATIONS
    )
    norm_g: str = knob(
        "batch_after_activation", "Normalisation in G.", group="networks", choices=NORMS,
        source="Ioffe & Szegedy 2015 (arXiv:1502.03167)",
    )  # fmt: skip
    norm_d: str = knob("none", "Normalisation in D.", group="networks", choices=NORMS)
    dropout_g: float = knob(0.0, "Share of G's hidden units dropped.", group="networks", high=0.95)
    dropout_d: float = knob(0.3, "Share of D's hidden units dropped.", group="networks", high=0.95)
    init: str = knob(
        "pytorch", "First weights: PyTorch's own, or DCGAN's N(0, 0.02).",
        group="networks", choices=("pytorch", "dcgan"),
        source="Radford et al. 2016 (arXiv:1511.06434)",
    )  # fmt: skip
    output: str = knob(
        "tanh", "G's output activation; x255 is a sigmoid times 255.",
        group="networks", hot=True, choices=OUTPUTS,
    )  # fmt: skip
    head: str = knob(
        "sigmoid", "D ends in a sigmoid (BCELoss, with its clamp at 100) or in logits; raw "
        "hands its unbounded output to BCELoss as if it were a probability.",
        group="networks", hot=True, choices=("sigmoid", "logits", "raw"),
    )  # fmt: skip
    conditional: str = knob(
        "none", "Feed the class label to both networks, one-hot or embedded.",
        group="networks", choices=("none", "one_hot", "embedding"),
        source="Mirza & Osindero 2014 (arXiv:1411.1784)",
    )  # fmt: skip
    embedding_dim: int = knob(
        50, "Length of G's label embedding.",
        group="networks", low=1, high=1024, when=("conditional", ("embedding",)),
    )  # fmt: skip
    spectral_norm: bool = knob(
        False, "Divide the weights of D's layers by their largest singular value.",
        group="networks", source="Miyato et al. 2018 (arXiv:1802.05957)",
    )  # fmt: skip
    minibatch_std: bool = knob(
        False, "Append the batch's standard deviation to D's last features.",
        group="networks", source="Karras et al. 2018 (arXiv:1710.10196)",
    )  # fmt: skip
    minibatch_discrimination: int = knob(
        0, "Kernels that let D compare samples of a batch; 0 is off.",
        group="networks", high=512, source="Salimans et al. 2016 (arXiv:1606.03498)",
    )  # fmt: skip

    pack: int = knob(
        1, "Samples that D sees side by side as one input, all real or all generated; 1 is off.",
        group="networks", low=1, high=8, unit="samples",
        source="Lin et al. 2018, PacGAN (arXiv:1712.04086)",
    )  # fmt: skip

    loss: str = knob(
        "non_saturating", "What D and G minimise.", group="objective", hot=True, choices=LOSSES,
        source="Goodfellow 2014; Mao 2017; Lim & Ye 2017; Arjovsky 2017; Gulrajani 2017; "
        "Huang 2024 (R3GAN)",
    )  # fmt: skip
    real_label: float = knob(
        0.9, "D's target on real samples; below 1 is one-sided label smoothing.",
        group="objective", hot=True, high=1.0, source="Salimans et al. 2016 (arXiv:1606.03498)",
        when=("loss", PROBABILITY_LOSSES),
    )  # fmt: skip
    fake_label: float = knob(
        0.0, "D's target on generated samples; above 0 is two-sided smoothing.",
        group="objective", hot=True, high=1.0, when=("loss", PROBABILITY_LOSSES),
    )  # fmt: skip
    generator_label: float = knob(
        1.0, "What G wants D to say of its samples; 0 is the classic forgotten flip.",
        group="objective", hot=True, high=1.0, when=("loss", ("non_saturating",)),
    )  # fmt: skip
    instance_noise: float = knob(
        0.0, "Gaussian noise on D's inputs, real and generated.",
        group="objective", hot=True, high=10.0, unit="standard deviations of the data",
        source="Arjovsky & Bottou 2017 (arXiv:1701.04862)",
    )  # fmt: skip
    mode_seeking: float = knob(
        0.0, "Weight of the mode-seeking term in G's loss.",
        group="objective", source="Mao et al. 2019 (arXiv:1903.05628)", **_WEIGHT,
    )  # fmt: skip
    n_critic: int = knob(
        1, "D updates for each G update.", group="objective", hot=True, low=1, high=100
    )
    weight_clip: float = knob(
        0.01, "Critic weights are clipped to plus and minus this after each step; 0 is off.",
        group="objective", hot=True, high=100.0, when=("loss", ("wgan",)),
        source="Arjovsky et al. 2017 (arXiv:1701.07875)",
    )  # fmt: skip
    gp_weight: float = knob(
        10.0, "Lambda of the gradient penalty.", group="objective", when=("loss", ("wgan_gp",)),
        source="Gulrajani et al. 2017 (arXiv:1704.00028)", **_WEIGHT,
    )  # fmt: skip
    r1_weight: float = knob(
        0.0, "Gamma of the R1 penalty: the squared gradient of D's logit at real samples.",
        group="objective", source="Mescheder et al. 2018 (arXiv:1801.04406)", **_WEIGHT,
    )  # fmt: skip
    r2_weight: float = knob(
        0.0, "Gamma of the R2 penalty: the same at generated samples.",
        group="objective", source="Mescheder et al. 2018 (arXiv:1801.04406)", **_WEIGHT,
    )  # fmt: skip
    update_order: str = knob(
        "d_first", "Which network moves first in a step.",
        group="objective", choices=("d_first", "g_first"),
    )  # fmt: skip
    fresh_fakes: bool = knob(
        True, "The second network gets newly generated samples, not the first one's.",
        group="objective",
    )  # fmt: skip
    ema_decay: float = knob(
        0.0, "Moving average of G's weights and buffers, used for samples; 0 is off.",
        group="objective", hot=True, high=0.99999, source="Yazici et al. 2019 (arXiv:1806.04498)",
    )  # fmt: skip

    optimizer_d: str = knob(
        "adam", "D's optimiser.", group="discriminator", hot=True, choices=OPTIMIZERS
    )
    lr_d: float = knob(2e-4, "D's learning rate.", group="discriminator", **_RATE)
    beta1_d: float = knob(
        0.5, "Adam's momentum for D.", group="discriminator", when=("optimizer_d", ADAPTIVE),
        source="Radford et al. 2016 (arXiv:1511.06434)", **_BETA,
    )  # fmt: skip
    beta2_d: float = knob(
        0.999, "Adam's memory of squared gradients for D.",
        group="discriminator", when=("optimizer_d", ADAPTIVE), **_BETA,
    )  # fmt: skip
    momentum_d: float = knob(
        0.5, "Momentum of D's SGD.", group="discriminator", when=("optimizer_d", ("momentum",)),
        **_BETA,
    )  # fmt: skip
    weight_decay_d: float = knob(0.0, "D's weight decay.", group="discriminator", **_WEIGHT)

    optimizer_g: str = knob(
        "adam", "G's optimiser.", group="generator", hot=True, choices=OPTIMIZERS
    )
    lr_g: float = knob(2e-4, "G's learning rate.", group="generator", **_RATE)
    beta1_g: float = knob(
        0.5, "Adam's momentum for G.", group="generator", when=("optimizer_g", ADAPTIVE),
        source="Radford et al. 2016 (arXiv:1511.06434)", **_BETA,
    )  # fmt: skip
    beta2_g: float = knob(
        0.999, "Adam's memory of squared gradients for G.",
        group="generator", when=("optimizer_g", ADAPTIVE), **_BETA,
    )  # fmt: skip
    momentum_g: float = knob(
        0.5, "Momentum of G's SGD.", group="generator", when=("optimizer_g", ("momentum",)),
        **_BETA,
    )  # fmt: skip
    weight_decay_g: float = knob(0.0, "G's weight decay.", group="generator", **_WEIGHT)
    lr_decay: float = knob(
        1.0, "Both learning rates are multiplied by this after each epoch.",
        group="generator", hot=True, low=0.01, high=1.0,
    )  # fmt: skip

    steps: int = knob(
        2500, "Generator updates until the run finishes.",
        group="run", hot=True, low=1, high=10_000_000, unit="steps",
    )  # fmt: skip
    seed: int = knob(0, "Seed of weights, batches and noise.", group="run", high=2**31 - 1)
    device: str = knob(
        "auto", "Where to train; auto takes CUDA, else MPS, else the CPU.",
        group="run", choices=("auto", "cpu", "cuda", "mps"),
    )  # fmt: skip
    observe_every: int = knob(
        10, "Steps between two rows of measurements.",
        group="run", hot=True, low=1, high=1000, unit="steps",
    )  # fmt: skip
    probe_every: int = knob(
        50, "Steps between two probes of G on private noise.",
        group="run", low=1, high=100_000, unit="steps",
    )  # fmt: skip
    sample_every: int = knob(
        50, "Steps between two sample grids.",
        group="run", hot=True, low=1, high=100_000, unit="steps",
    )  # fmt: skip
    checkpoint_every: int = knob(
        1000, "Steps between two checkpoints.", group="run", low=1, high=10_000_000, unit="steps"
    )
    repeatable: bool = knob(
        False, "Repeat exactly on the CPU: one thread, and probes at fixed steps at any load.",
        group="run",
    )  # fmt: skip
    allow_faults: bool = knob(
        False, "Build combinations known to be wrong, to study them.", group="run"
    )

    def __post_init__(self) -> None:
        for name, setting in KNOBS.items() if "KNOBS" in globals() else ():
            object.__setattr__(self, name, setting.check(getattr(self, name)))
        combinations.check(self)

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        """Pairs of name and value, so that `dict(config)` is the JSON form."""
        return ((name, getattr(self, name)) for name in KNOBS)

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> RunConfig:
        """A config from names and values (typed or text). Raises ConfigError on unknown names."""
        checked: dict[str, Any] = {
            name: find_knob(name).check(value) for name, value in settings.items()
        }
        return cls(**checked)

    def patched(self, patch: Patch) -> RunConfig:
        """This config with the patch applied; self stays as it is."""
        changes: dict[str, Any] = {}
        for name, change in patch.items():
            changes[name] = find_knob(name).check(change.applied_to(getattr(self, name)))
        return dataclasses.replace(self, **changes)

    @property
    def is_image(self) -> bool:
        """Whether samples are images (else points)."""
        return self.data in IMAGE_DATASETS


def is_hot(patch: Patch) -> bool:
    """Whether every setting of the patch may change while a run trains."""
    return all(find_knob(name).hot for name in patch)


def find_knob(name: str) -> Knob:
    """The knob of that name. Raises ConfigError with the nearest name."""
    if name not in KNOBS:
        raise ConfigError(
            f"RunConfig has no field {name!r}." + nearest(name, tuple(KNOBS))
            + " `python -m ganlab run --list-settings` prints them all."
        )  # fmt: skip
    return KNOBS[name]


def _knobs() -> dict[str, Knob]:
    fields: Any = dataclasses.fields(RunConfig)
    hints = typing.get_type_hints(RunConfig)
    return {
        field.name: Knob(
            name=field.name,
            kind=typing.get_origin(hints[field.name]) or hints[field.name],
            default=field.default,
            **field.metadata,
        )
        for field in fields
    }


KNOBS: dict[str, Knob] = _knobs()
