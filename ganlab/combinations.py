"""Which settings do not go together, each fine by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias

from ganlab.choices import CLASSES, PROBABILITY_LOSSES
from ganlab.knob import ConfigError

_Refusal: TypeAlias = tuple[bool, tuple[str, ...], str]  # whether it holds, of which settings, why


class Settings(Protocol):
    """Those that a rule reads."""

    @property
    def data(self) -> str: ...

    @property
    def data_folder(self) -> str: ...

    @property
    def is_image(self) -> bool: ...

    @property
    def image_size(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def batch_size(self) -> int: ...

    @property
    def architecture(self) -> str: ...

    @property
    def norm_g(self) -> str: ...

    @property
    def norm_d(self) -> str: ...

    @property
    def head(self) -> str: ...

    @property
    def conditional(self) -> str: ...

    @property
    def pack(self) -> int: ...

    @property
    def loss(self) -> str: ...

    @property
    def allow_faults(self) -> bool: ...


def check(settings: Settings) -> None:
    """Refuses what cannot run, and (unless allow_faults) what is known to be wrong.

    Raises ConfigError.
    """
    for broken, names, text in _impossible(settings):
        if broken:
            raise ConfigError(text, names)
    for broken, names, text in _known_faults(settings):
        if broken and not settings.allow_faults:
            raise ConfigError(f"{text} To study this fault, set allow_faults=true.", names)


def _impossible(settings: Settings) -> Iterator[_Refusal]:
    labelled = settings.data in CLASSES
    yield (
        settings.conditional != "none" and not labelled,
        ("conditional", "data"),
        f"conditional={settings.conditional!r} needs labels, and data={settings.data!r} has none; "
        f"allowed data: {', '.join(CLASSES)}. Set conditional=none or choose one of them.",
    )
    yield (
        settings.architecture == "dcgan" and not settings.is_image,
        ("architecture", "data"),
        f"architecture='dcgan' makes images, and data={settings.data!r} is points; "
        "set architecture=mlp.",
    )
    yield (
        settings.architecture == "dcgan" and settings.image_size not in (28, 32, 64),
        ("image_size", "architecture"),
        f"architecture='dcgan' with image_size={settings.image_size}; allowed: 28, 32, 64.",
    )
    yield (
        settings.is_image and settings.channels == 2,
        ("channels",),
        "channels is 2; allowed: 1 (gray) or 3 (RGB).",
    )
    yield (
        settings.data == "folder" and not settings.data_folder,
        ("data_folder", "data"),
        "data='folder' needs data_folder; set it to a folder with images.",
    )
    yield (
        settings.head == "raw" and settings.loss not in PROBABILITY_LOSSES,
        ("head", "loss"),
        f"head='raw' is a mistake with BCELoss only, and loss={settings.loss!r} takes raw scores "
        "anyway; set head=logits.",
    )
    yield (
        settings.batch_size < 2 and "batch" in (settings.norm_g + settings.norm_d),
        ("batch_size", "norm_g", "norm_d"),
        f"batch_size={settings.batch_size} with batch norm has no variance; use at least 2, "
        "or set norm_g and norm_d to none.",
    )
    yield from _packing(settings)


def _packing(settings: Settings) -> Iterator[_Refusal]:
    pack, batch = settings.pack, settings.batch_size
    yield (
        batch % pack > 0,
        ("batch_size", "pack"),
        f"batch_size={batch} with pack={pack} leaves {batch % pack} of the samples over; allowed: "
        f"multiples of {pack}. Set batch_size={max(1, batch // pack) * pack}, or pack=1.",
    )
    yield (
        pack > 1 and settings.conditional != "none",
        ("pack", "conditional"),
        f"pack={pack} shows D several samples under one verdict, and "
        f"conditional={settings.conditional!r} gives each its own label; allowed: one of the two. "
        "Set pack=1 or conditional=none.",
    )
    yield (
        pack > 1 and batch == pack and settings.norm_d.startswith("batch"),
        ("batch_size", "pack", "norm_d"),
        f"batch_size={batch} with pack={pack} is a single input of D, which batch norm gives no "
        f"variance; use at least batch_size={2 * pack}, or set norm_d=none.",
    )


def _known_faults(settings: Settings) -> Iterator[_Refusal]:
    yield (
        settings.head == "raw",
        ("head",),
        "head='raw' gives BCELoss numbers outside [0, 1], which it refuses; set head=sigmoid, or "
        "head=logits.",
    )
    yield (
        settings.head == "sigmoid" and settings.loss not in PROBABILITY_LOSSES,
        ("loss", "head"),
        f"loss={settings.loss!r} works on raw scores, and head='sigmoid' bounds them to [0, 1]; "
        "set head=logits.",
    )
    yield (
        settings.loss == "wgan_gp" and settings.norm_d.startswith("batch"),
        ("loss", "norm_d"),
        f"loss='wgan_gp' penalises each sample's gradient, and norm_d={settings.norm_d!r} mixes "
        "the samples of a batch; set norm_d=none or norm_d=layer.",
    )
