"""`ganlab bench pictures`: what each symptom looks like, from real runs of cases and corpus plans.

The handbook shows them; made anew they are the same, as the runs are repeatable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ganlab.bench.corpus.split import plans
from ganlab.casebook import CASES
from ganlab.config import RunConfig
from ganlab.engine.snapshot import generated_samples
from ganlab.engine.trainer import DivergedError, Trainer
from ganlab.lab import choose_threads
from ganlab.observation import Observation, Samples
from ganlab.panel import DetectorPanel
from ganlab.presets import PRESETS, preset
from ganlab.rehearsal import data_of
from ganlab.ui.shots import FOLDER, INDEX

STOOD = 200  # steps that a finding has stood when its picture is taken
SIZE = 224, 112  # pixels; half a grid of images
_SHADES = 16
_SELDOM = 100_000  # steps; nobody looks at the samples in between

# The run whose samples show it well: a case or a preset, on its own data, or a plan of the corpus.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "sigmoid-on-signed-data": ("scaling-mismatch",),
    "x255-output": ("clamp-death", "update-imbalance"),
    "strong-digits": ("saturation", "discriminator-dominates"),
    "collapse-digits": ("total-collapse",),
    "collapse-ring": ("partial-collapse",),
    "oscillation": ("mode-hopping", "false-equilibrium", "discriminator-blind", "off-data"),
    "fast-digits": ("dead-units", "output-saturation"),
    "momentum-digits": ("oscillation",),
    "nan-ring": ("divergence",),
    "free-ring": ("critic-unbounded",),
    "tight-ring": ("critic-overpenalised", "critic-flat"),
    "bounded-ring": ("critic-bounded",),
    "few-digits": ("memorisation",),
    "slow-ring": ("barely-moving",),
    "slow-cgan": ("conditional-collapse",),
    "shock-digits": ("quality-decline",),
    "seed4-mlp": ("samples-like-data", "not-yet-diverse"),
}


def main(progress: Callable[[str], None], folder: Path = FOLDER) -> str:
    """Takes all pictures, writes them beside their index, and says what was not seen."""
    index: dict[str, dict[str, object]] = {}
    missing = []
    for source, wanted in SOURCES.items():
        found = dict(_shots(source, set(wanted)))
        for symptom, (step, samples) in found.items():
            picture(samples).save(folder / f"{symptom}.png", optimize=True)
            config = _config(source)
            index[symptom] = {"source": source, "data": config.data, "step": step}
            progress(f"{symptom}: {source}, step {step}")
        missing += [f"{symptom} ({source})" for symptom in wanted if symptom not in found]
        (folder / INDEX).write_text(json.dumps(dict(sorted(index.items())), indent=1) + "\n")
    return f"{len(index)} pictures. Not seen: {', '.join(missing) or 'none'}."


def _config(source: str) -> RunConfig:
    """Of a case, a preset or a plan, with seed 0."""
    if source in CASES:
        case = CASES[source]
        config = case.config("digits" if "digits" in case.data else None)
    elif source in PRESETS:
        config = preset(source)
    else:
        config = next(plan for plan in plans() if plan.name == source).config(0)
    quiet = {"repeatable": True, "device": "cpu", "sample_every": _SELDOM}
    return RunConfig.of({**dict(config), **quiet})


def _shots(source: str, wanted: set[str]) -> Iterator[tuple[str, tuple[int, Samples]]]:
    """Symptom, step and samples, once a finding has stood for a while, or as the run ends."""
    config = _config(source)
    choose_threads(config)
    trainer, panel = Trainer(config, data=data_of(config)), DetectorPanel()
    patched = next((plan for plan in plans() if plan.name == source and plan.patch), None)
    since: dict[str, int] = {}
    while wanted and trainer.step < trainer.config.steps:
        if patched and trainer.step == patched.patch_at:
            trainer.apply(patched.patch)
        try:
            looks = trainer.advance(50)
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


def _cloud(real: NDArray[np.float32], fake: NDArray[np.float32]) -> Image.Image:
    image = Image.new("RGB", (SIZE[0], SIZE[0]), "white")
    draw = ImageDraw.Draw(image)
    low, high = real.min() * 1.25, real.max() * 1.25
    for points, colour in ((real, "#9fb8d8"), (fake, "#d2691e")):
        places = (np.nan_to_num(points[:, :2]) - low) / (high - low) * (SIZE[0] - 1)
        for x, y in np.clip(places, 0, SIZE[0] - 2):
            draw.rectangle((x, SIZE[0] - 1 - y, x + 1, SIZE[0] - y), fill=colour)
    return image.quantize(_SHADES)
