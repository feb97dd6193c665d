"""What keeps a Wasserstein critic from being arbitrarily steep."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from torch import nn

from ganlab.doctor.rules.balance import poor
from ganlab.doctor.seen import Seen
from ganlab.doctor.sheet import Sheet
from ganlab.doctor.words import Suspicion

_GP = "Gulrajani et al. 2017 (arXiv:1704.00028)"
_FLAT, _LOW = 0.05, 0.3  # on D's logit
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


def _linear(sheet: Sheet) -> bool:
    pairs = sheet.contracts("d real") | sheet.contracts("d fake")
    return bool(pairs) and all(contract == "linear" for contract, _ in pairs)


def _penalised(sheet: Sheet) -> bool:
    return any(seen.penalties or seen.penalised for seen in sheet.rounds)


def _spectral(sheet: Sheet) -> bool:
    for module in sheet.modules("d"):
        if hasattr(module, "weight_u") or hasattr(module, "parametrizations"):
            return True
        if "spectral" in type(module).__name__.lower():
            return True
    return False


def no_control(sheet: Sheet) -> Iterator[Suspicion]:
    """Nothing at all."""
    bounded = any(seen.probability for seen in sheet.rounds) or any(
        inner for _, inner in sheet.contracts("d real")
    )
    if not _linear(sheet) or bounded or len(sheet.rounds) < 8:
        return
    clipped = sheet.cast.discriminator.key in sheet.recorder.clamped
    if _penalised(sheet) or _spectral(sheet) or clipped or sheet.answers.get("clip"):
        return
    spans = [s.outputs["real"] for s in sheet.rounds if "real" in s.outputs]
    largest = max((max(abs(s.low), abs(s.high)) for s in spans), default=0.0)
    first = max(abs(spans[0].low), abs(spans[0].high)) if spans else 0.0
    biggest = sheet.answers.get("largest weight", 0.0)
    yield Suspicion(
        "no-lipschitz-control",
        0.9,
        (
            "D's loss is Wasserstein's (linear in its score), and no clipping, gradient penalty "
            "or spectral normalisation was seen.",
            f"D's largest weight is {biggest:.3g}; its scores reach {largest:.3g} (at first "
            f"{first:.3g}).",
        ),
        "Add a gradient penalty (lambda 10), spectral_norm on D's layers, or clip D's weights to "
        "0.01 after each of its steps.",
        sheet.where("d loss"),
        "Clipping was looked for in D's weights after its steps, penalties in calls of "
        "autograd.grad, spectral norm among D's layers.",
        "Arjovsky et al. 2017 (arXiv:1701.07875)",
    )


def clip_misplaced(sheet: Sheet) -> Iterator[Suspicion]:
    """Weights are clipped, but are outside the box when G learns from them."""
    clip = sheet.answers.get("clip")
    outside = sheet.answers.get("outside box")
    if not _linear(sheet) or not clip or not outside or outside < 0.5:
        return
    largest = sheet.answers.get("largest weight", 0.0)
    if sheet.cast.discriminator.key in sheet.recorder.clamped_copies and len(sheet.rounds) >= 8:
        yield Suspicion(
            "no-lipschitz-control",
            0.92,
            (
                f"clamp made copies of D's weights that lie within {clip:.3g}; the weights "
                f"themselves reach {largest:.3g}: the copies were thrown away.",
            ),
            f"Clip in place: p.data.clamp_(-{clip:.3g}, {clip:.3g}), with the underscore.",
            sheet.where("d step"),
            f"The weights were looked at after clipping: outside the box in {outside:.0%} of G's "
            "steps.",
            "Arjovsky et al. 2017 (arXiv:1701.07875)",
        )
        return
    yield Suspicion(
        "no-lipschitz-control",
        0.6,
        (
            f"D's weights are clipped to {clip:.3g}, but in {outside:.0%} of G's steps looked at "
            "some lay outside the box: they are clipped too early or too seldom.",
        ),
        "Clip D's weights right after each of its steps, before G's.",
        sheet.where("d step"),
        "The box was read off the weights themselves.",
        "martinarjovsky/WassersteinGAN #50",
        harm="unclear",
    )


def penalty_norm(sheet: Sheet) -> Iterator[Suspicion]:
    """A norm over part of a sample's dimensions, or over the whole batch."""
    found = [p for seen in sheet.rounds for p in seen.penalties]
    if len(found) < 3:
        return
    shape, dims, norm, _ = found[-1]
    wanted = set(range(1, len(shape)))
    if not shape or set(dims) == wanted or len(shape) < 2:
        return
    whole = not dims or set(dims) == set(range(len(shape)))
    sizes = "x".join(str(n) for n in shape)
    if whole and len(shape) == 2 and shape[0] == 1:
        return
    said = (
        "over the whole batch at once"
        if whole
        else f"over dimension {', '.join(map(str, dims))} only"
    )
    yield Suspicion(
        "gradient-penalty-norm",
        0.92,
        (
            f"The penalty takes the norm of a gradient of shape {sizes} {said}; its mean is "
            f"{norm:.3g}.",
            "Each sample's own gradient norm, over all its numbers, is what has to be 1.",
        ),
        "gradients = gradients.view(len(gradients), -1) before gradients.norm(2, dim=1).",
        sheet.where("d loss"),
        "Read off the graph: the shape that entered the norm and the dimensions it was taken over.",
        _GP,
        harm="likely",
    )


def penalty_weight(sheet: Sheet) -> Iterator[Suspicion]:
    """Lambda far too small or far too large, by what the penalty reaches."""
    found = [(norm, weight) for seen in sheet.rounds for *_, norm, weight in seen.penalties]
    if len(found) < 12 or not _linear(sheet):
        return
    norms = [norm for norm, _ in found]
    weight = statistics.median(weight for _, weight in found)
    late = statistics.median(norms[len(norms) // 2 :])
    if late > 3.0 and weight < 1.0:
        yield Suspicion(
            "gradient-penalty-weak",
            0.88,
            (
                f"The gradient norm that the penalty should hold at 1 is {late:.3g} (median of the "
                f"later half of {len(norms)} rounds); the factor before the penalty is "
                f"{weight:.3g}.",
            ),
            "Set lambda to 10.",
            sheet.where("d loss"),
            "The first rounds, where the norm settles, were left out.",
            _GP,
            harm="likely",
        )
    elif weight > 100 and 0.8 < late < 1.2:
        failed = sheet.fails()
        yield Suspicion(
            "gradient-penalty-strong",
            0.85 if failed else 0.6,
            (
                f"The factor before the penalty is {weight:.3g}; the norm is pinned at {late:.3f}.",
                *poor(sheet),
            ),
            "Set lambda to 10.",
            sheet.where("d loss"),
            "On MNIST lambda 1000 learned about as well as 10, so this alone is no failure.",
            _GP,
            harm="likely" if failed else "unclear",
        )


def held_flat(sheet: Sheet) -> Iterator[Suspicion]:
    """A penalty without a target norm (R1) that leaves D no slope to tell anything with."""
    widths = [width for seen in sheet.rounds if (width := _width(seen)) is not None][-24:]
    if not _penalised(sheet) or _linear(sheet) or len(widths) < 12:
        return
    width = statistics.median(widths)
    starved = sheet.starved()
    if width >= (_LOW if starved else _FLAT):
        return
    bad = sheet.falls_short()
    yield Suspicion(
        "gradient-penalty-strong",
        0.8 if bad or starved else 0.5,
        (
            f"D's loss holds a gradient penalty, and all that D says of real and generated samples "
            f"lies within {width:.2g} on its logit (median of {len(widths)} rounds).",
            *(("The samples are not like the data by now.",) if bad else ()),
            *(("A copy of D that learned for a while without the penalty can tell.",)
              if starved else ()),
        ),
        "Divide the penalty's factor by a hundred: R1 is used with a gamma of 0.1 to 10.",
        sheet.where("d loss"),
        "At an equilibrium D still tells single samples apart: its logits spread by tenths.",
        "Mescheder et al. 2018 (arXiv:1801.04406)",
        harm="likely" if bad or starved else "unclear",
    )  # fmt: skip


def _width(seen: Seen) -> float | None:
    """How far D's logits lie apart, within real or fake or between them; None while unknown."""
    real, fake = seen.outputs.get("real"), seen.outputs.get("fake")
    if real is None or fake is None:
        return None
    width = max(abs(real.mean - fake.mean), real.std, fake.std)
    return 4 * width if seen.probability else width  # the sigmoid's slope at 0 is a quarter


def uneven_mixture(sheet: Sheet) -> Iterator[Suspicion]:
    """A penalty at points that were mixed pixel by pixel."""
    found = [seen.uneven for seen in sheet.rounds if seen.uneven is not None]
    if len(found) < 3 or statistics.median(found) < 0.05:
        return
    yield Suspicion(
        "gradient-penalty-norm",
        0.5,
        (
            "The penalty's points lie between real and generated samples by a share that differs "
            f"within a sample (deviation {statistics.median(found):.2f}): it is drawn for each "
            "number instead of each sample.",
        ),
        "alpha = torch.rand(len(real), 1, 1, 1), or (len(real), 1) for vectors.",
        sheet.where("d loss"),
        "The share was computed back from the samples themselves.",
        "hwalsuklee/tensorflow-generative-model-collections #17",
        harm="unclear",
    )


def batchnorm_in_critic(sheet: Sheet) -> Iterator[Suspicion]:
    """A per-sample penalty on a D that mixes samples."""
    layers = [m for m in sheet.modules("d") if isinstance(m, _NORMS)]
    if not layers or not any(seen.penalties for seen in sheet.rounds):
        return
    yield Suspicion(
        "batchnorm-in-critic",
        0.85,
        (
            f"D has {len(layers)} batch-norm layers and a gradient penalty, which is taken sample "
            "by sample: batch norm makes each sample's gradient depend on the others.",
        ),
        "Use nn.LayerNorm or nn.InstanceNorm in the critic, or no normalisation.",
        sheet.where("d loss"),
        "The layers were in training mode." if any(m.training for m in layers) else "",
        _GP,
        harm="likely",
    )


RULES = (no_control, clip_misplaced, penalty_norm, penalty_weight, held_flat, uneven_mixture,
         batchnorm_in_critic)  # fmt: skip
