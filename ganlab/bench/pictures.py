"""`ganlab bench pictures`: what each symptom looks like, from real runs.

Of cases, of the corpus' plans and of live breaks. The handbook shows them; made anew they are the
same, as the runs are repeatable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ganlab.bench.corpus.split import plans
from ganlab.bench.live.catalogue import breaks
from ganlab.bench.live.plans import BASES
from ganlab.casebook import CASES
from ganlab.config import ConfigError, Patch, RunConfig, Set
from ganlab.engine.pending import DivergedError
from ganlab.engine.snapshot import generated_samples
from ganlab.engine.trainer import Trainer
from ganlab.knob import nearest
from ganlab.lab import choose_threads
from ganlab.observation import Observation, Samples
from ganlab.panel import DetectorPanel
from ganlab.presets import PRESETS, preset
from ganlab.rehearsal import data_of
from ganlab.ui.shots import FOLDER, INDEX

STOOD = 200  # steps that a finding has stood when its picture is taken
SIZE = 224, 112  # pixels; half a grid of images
_SHADES = 16
_STRIDE = 50  # steps between two looks at the findings; a patch comes at a multiple of it
_SPOT = 0.05  # data units; points that lie so close to each other look like one
_SELDOM = 100_000  # steps; nobody looks at the samples in between

# The run whose samples show it well: a case, a preset, a plan of the corpus or a live break.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "sigmoid-on-signed-data": ("scaling-mismatch",),
    "x255-output": ("clamp-death", "update-imbalance"),
    "flip-digits": ("saturation",),
    "collapse-digits-slow": ("discriminator-dominates", "total-collapse"),
    "sat-ring": ("partial-collapse",),
    "oscillation": ("mode-hopping", "false-equilibrium", "off-data"),
    "fast-digits": ("output-saturation", "barely-moving", "discriminator-blind"),
    "fast-hinge": ("dead-units",),
    "nan-ring": ("divergence",),
    "free-ring": ("critic-unbounded", "oscillation"),
    "tight-ring": ("critic-overpenalised", "critic-flat"),
    "bounded-ring": ("critic-bounded",),
    "few-digits": ("memorisation",),
    "label-not-used-yet": ("conditional-collapse",),
    "strong-ring": ("quality-decline",),
    "ok-grid-rp": ("equilibrium",),
    "ok-digits-plain": ("not-yet-diverse",),
    "ok-digits-rp": ("samples-like-data",),
    "digits-lr-g-x100": ("worse-since-change",),
    "digits-sgd-2e-4": ("stalled-since-change",),
}


def main(progress: Callable[[str], None], folder: Path = FOLDER, only: Collection[str] = ()) -> str:
    """Takes the pictures, writes them beside their index, and says what was not seen.

    `only` names the symptoms wanted, all by default; the pictures of the others stay. Raises
    ConfigError on a symptom without a source.
    """
    sources = _asked(only)
    path = folder / INDEX
    index: dict[str, dict[str, object]] = json.loads(path.read_text()) if path.exists() else {}
    missing = []
    for source, wanted in sources.items():
        found = dict(_shots(source, set(wanted)))
        for symptom, (step, samples) in found.items():
            picture(samples).save(folder / f"{symptom}.png", optimize=True)
            config = _course(source).config
            row = {"source": source, "data": config.data, "step": step, "note": note(samples)}
            index[symptom] = row
            progress(f"{symptom}: {source}, step {step}")
        missing += [f"{symptom} ({source})" for symptom in wanted if symptom not in found]
        path.write_text(json.dumps(dict(sorted(index.items())), indent=1) + "\n")
    return f"{len(index)} pictures. Not seen: {', '.join(missing) or 'none'}."


def _asked(only: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The sources that show the symptoms wanted, each with those of its own."""
    known = [symptom for wanted in SOURCES.values() for symptom in wanted]
    for symptom in only:
        if symptom not in known:
            raise ConfigError(
                f"No picture of {symptom!r}; allowed: {', '.join(sorted(known))}."
                + nearest(symptom, tuple(known))
            )
    chosen = set(only) or set(known)
    asked = {name: tuple(s for s in wanted if s in chosen) for name, wanted in SOURCES.items()}
    return {name: wanted for name, wanted in asked.items() if wanted}


@dataclass(frozen=True)
class Course:
    """A run with the patches that are made in it, by the updates done before each."""

    config: RunConfig
    patches: Mapping[int, Patch]


def _course(source: str) -> Course:
    """Of a case, a preset, a plan or a live break, with seed 0; a break is not undone."""
    patches: Mapping[int, Patch] = {}
    if source in CASES:
        case = CASES[source]
        config = case.config("digits" if "digits" in case.data else None)
    elif source in PRESETS:
        config = preset(source)
    elif plan := next((plan for plan in plans() if plan.name == source), None):
        config, patches = plan.config(0), {plan.patch_at: plan.patch} if plan.patch else {}
    else:
        found = next(each for each in breaks() if each.name == source)
        base = BASES[found.base]
        config, patches = base.config(0), {base.ready + at: patch for at, patch in found.patches}
        config = config.patched({"steps": Set(base.ready + found.held)})
    quiet = {"repeatable": True, "device": "cpu", "sample_every": _SELDOM}
    return Course(RunConfig.of({**dict(config), **quiet}), patches)


def _shots(source: str, wanted: set[str]) -> Iterator[tuple[str, tuple[int, Samples]]]:
    """Symptom, step and samples, once a finding has stood for a while, or as the run ends."""
    course = _course(source)
    choose_threads(course.config)
    trainer, panel = Trainer(course.config, data=data_of(course.config)), DetectorPanel()
    since: dict[str, int] = {}
    while wanted and trainer.step < trainer.config.steps:
        if patch := course.patches.get(trainer.step):
            trainer.apply(patch)
        try:
            looks = trainer.advance(_STRIDE)
        except DivergedError:
            break
        for look in looks:
            _follow(panel, look, since)
        for symptom in [s for s in wanted & since.keys() if trainer.step - since[s] >= STOOD]:
            wanted.discard(symptom)
            yield symptom, (trainer.step, _samples(trainer))
    for symptom in wanted & since.keys():
        yield symptom, (trainer.step, _samples(trainer))


def _follow(panel: DetectorPanel, look: Observation, since: dict[str, int]) -> None:
    for event in panel.update(look):
        if event.kind == "closed":
            since.pop(event.finding.symptom.value, None)
        else:
            since.setdefault(event.finding.symptom.value, look.step)


def _samples(trainer: Trainer) -> Samples:
    assert trainer.probe is not None
    samples = generated_samples(trainer.probe, trainer.averaged_generator())
    real = trainer.real.points
    return replace(samples, surface=None if real is None else {"real": real})


def picture(samples: Samples) -> Image.Image:
    """Half a grid of images, or the generated points over the real ones, in few shades."""
    if samples.image is not None:
        image = Image.fromarray(samples.image[: SIZE[1]])
        return image.convert("L").quantize(_SHADES)
    assert samples.points is not None and samples.surface is not None
    return _cloud(samples.surface["real"], samples.points)


def note(samples: Samples) -> str:
    """What a picture cannot show: that there is no more to see in it."""
    if samples.image is not None:
        flat = int(samples.image.max()) - int(samples.image.min()) <= 2
        return "every pixel has the same shade" if flat else ""
    assert samples.points is not None
    points = np.nan_to_num(samples.points[:, :2])
    return "all points lie in one spot" if float(np.ptp(points, axis=0).max()) < _SPOT else ""


def _cloud(real: NDArray[np.float32], fake: NDArray[np.float32]) -> Image.Image:
    """Points outside the picture lie at its edge."""
    side = SIZE[0]
    image = Image.new("P", (side, side))
    image.putpalette([*b"\xff\xff\xff", *b"\x9f\xb8\xd8", *b"\xd2\x69\x1e"])
    draw = ImageDraw.Draw(image)
    low, high = real.min() * 1.25, real.max() * 1.25
    for shade, (points, size) in enumerate(((real, 2), (fake, 3)), 1):
        places = (np.nan_to_num(points[:, :2]) - low) / (high - low) * (side - 1)
        for x, y in np.clip(places, 0, side - size).astype(int):
            draw.rectangle((x, side - size - y, x + size - 1, side - 1 - y), fill=shade)
    return image
