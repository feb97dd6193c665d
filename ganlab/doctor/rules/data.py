"""Ranges, the number of real samples, noise and conditions."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Span
from ganlab.doctor.rules.naming import suspicion

_ENCODES = frozenset(
    [
        "embedding",
        "one_hot",
        "scatter_",
        "scatter",
        "eye",
        "eq",
        "index_select",
        "gather",
        "__getitem__",
    ]
)

# Noise that G draws by itself.
_DRAWS = frozenset({"randn", "rand", "randn_like", "rand_like", "normal", "normal_", "dropout"})


def range_mismatch(history: History) -> Iterator[Suspect]:
    """What G can reach against what is real."""
    reals = [seen.ranges["real"] for seen in history.rounds if "real" in seen.ranges]
    activation = history.activation
    if len(reals) < 3:
        return
    real = _joined(reals)
    bounds = history.reach()
    share = history.outcome.get("unreachable")
    if bounds is not None and share is not None:
        low, high = bounds
        text = (
            f"G ends in {activation.lower()}, which reaches [{low:g}, {high:g}]; the real samples "
            f"that D gets lie in [{real.low:.3g}, {real.high:.3g}] (standard deviation "
            f"{real.std:.3g})."
        )
        if share > 0.01:
            far = max(low - real.low, real.high - high) / (high - low)
            yield suspicion(
                "range-mismatch",
                0.96 if share > 0.05 or far > 0.5 else 0.7,
                (text, f"{share:.1%} of the real values are out of G's reach."),
                f"Scale the data to [{low:g}, {high:g}] (for images in [0, 1]: "
                "transforms.Normalize(0.5, 0.5) with tanh), or let G end in an activation that "
                "reaches the data.",
                history.where("d real"),
                "Quantiles were compared, so a few outliers do not count.",
                "Radford et al. 2016 (arXiv:1511.06434)",
                harm="certain" if share > 0.05 or far > 0.5 else "likely",
            )
            return
        wasted = history.outcome.get("waste", 0.0)
        if wasted > 0.4:
            slow = history.prospers() is False
            # Where samples varied less than the data by a third, the repaired script's were far
            # better (measured); elsewhere the same bug did no harm.
            varied = history.outcome.get("diversity", 1.0)
            dull = history.updates >= 1000 and varied < 0.7
            yield suspicion(
                "range-mismatch",
                0.95 if wasted > 0.9 else 0.75 if slow or dull else 0.55,
                (
                    text,
                    f"{wasted:.0%} of G's range holds no real value.",
                    *(("By now the samples do not fit the data.",) if slow else ()),
                    *((f"Samples vary {varied:.0%} as much as the data.",) if dull else ()),
                ),
                "Scale the data to G's whole range: transforms.Normalize(0.5, 0.5) with tanh.",
                history.where("d real"),
                "G can reach every real value, so this slows training rather than ending it.",
                "Radford et al. 2016 (arXiv:1511.06434)",
                harm="certain" if wasted > 0.9 or dull else "likely" if slow else "unclear",
            )
            return
    yield from _runaway(history, real)


def _joined(spans: list[Span]) -> Span:
    return Span(
        min(s.low for s in spans),
        max(s.high for s in spans),
        statistics.mean(s.mean for s in spans),
        statistics.mean(s.std for s in spans),
    )


def _typical(spans: list[Span]) -> Span:
    """Medians: a sample grid from noise of its own now and then does not count."""
    return Span(
        *(
            statistics.median(getattr(span, name) for span in spans)
            for name in ("low", "high", "mean", "std")
        )
    )


def _runaway(history: History, real: Span) -> Iterator[Suspect]:
    """An unbounded G that stays far off."""
    fakes = [seen.ranges["fake"] for seen in list(history.rounds)[-16:] if "fake" in seen.ranges]
    if len(fakes) < 8 or history.updates < 300 or real.std <= 0:
        return
    fake = _joined(fakes)
    ratio = fake.std / max(real.std, 1e-12)
    wide = (fake.high - fake.low) / max(real.high - real.low, 1e-12)
    apart = fake.low > real.high or fake.high < real.low
    if ratio <= 8 and wide <= 8 and not apart:  # too narrow is a collapse, not a range
        return
    yield suspicion(
        "range-mismatch",
        0.5,
        (
            f"Generated values lie in [{fake.low:.3g}, {fake.high:.3g}] (deviation "
            f"{fake.std:.3g}), real ones in [{real.low:.3g}, {real.high:.3g}] ({real.std:.3g}).",
        ),
        "Scale the data to about unit deviation, or let G end in tanh on data in [-1, 1].",
        history.where("d real"),
        f"G has no bounded last activation, and has not come nearer in {history.updates} updates.",
        harm="likely",
    )


def too_few_images(history: History) -> Iterator[Suspect]:
    """So few real samples that D sees each of them again and again."""
    distinct, shown = history.distinct, history.real_seen
    if not distinct or shown < 5 * distinct or distinct > 1000:
        return
    discrete = history.outcome.get("dimensions", 100) <= 2
    yield suspicion(
        "too-few-images",
        0.6 if discrete else 0.85 if distinct <= 500 else 0.6,
        (
            f"Only about {distinct} different real samples were seen among {shown} shown to D: "
            f"each came back {shown / distinct:.0f} times already.",
        ),
        "Use more data or augmentation that both real and generated samples pass through "
        "(DiffAugment, ADA); check that the loader does not hand out one batch for ever.",
        history.where("d real"),
        "Samples are compared by value, so augmented copies would count as different ones.",
        "Karras et al. 2020 (arXiv:2006.06676)",
        # Of so few G learns copies at best, which no comparison with these very samples shows.
        harm="certain" if distinct <= 300 and not discrete else "likely",
    )


def fixed_noise(history: History) -> Iterator[Suspect]:
    """One z for ever."""
    marks = [noise[2] for seen in history.rounds for noise in seen.noise]
    if len(marks) < 8 or (not any(any(mark) for mark in marks) and len(set(marks)) > 1):
        return
    if len(set(marks)) <= max(1, len(marks) // 8):
        zero = not any(any(mark) for mark in marks)
        yield suspicion(
            "fixed-noise",
            0.96,
            (
                f"G got the same {'all-zero ' if zero else ''}noise in each of {len(marks)} passes "
                f"looked at ({len(set(marks))} different one{'s' * (len(set(marks)) > 1)}).",
            ),
            "Draw new noise in every step: z = torch.randn(batch_size, latent_dim).",
            history.where("g call"),
            "The passes were made in training, not for the sample grid.",
        )


def latent_mismatch(history: History) -> Iterator[Suspect]:
    """Different priors in D's step and in G's."""
    spans: dict[str, list[Span]] = {"d": [], "g": []}
    for seen in history.rounds:
        for phase, span, _ in seen.noise:
            spans[phase].append(span)
    if min(len(found) for found in spans.values()) < 8:
        return
    d, g = _typical(spans["d"]), _typical(spans["g"])
    scale = max(d.std, g.std, 1e-9)
    shifted = abs(d.mean - g.mean) > 0.25 * scale
    scaled = max(d.std, g.std) > 1.3 * max(min(d.std, g.std), 1e-9)
    if not (shifted or scaled):
        return
    yield suspicion(
        "latent-mismatch",
        0.92,
        (
            f"z has mean {d.mean:.2f} and deviation {d.std:.2f} (range [{d.low:.2f}, "
            f"{d.high:.2f}]) in D's step, but mean {g.mean:.2f} and deviation {g.std:.2f} "
            f"([{g.low:.2f}, {g.high:.2f}]) in G's.",
        ),
        "Draw z from one prior everywhere: torch.randn in D's step, in G's and when sampling.",
        history.where("g call"),
        f"{len(spans['d'])} and {len(spans['g'])} passes: chance does not explain it.",
    )


def ignored_condition(history: History) -> Iterator[Suspect]:
    """Classes that G is given and that change nothing in its samples."""
    if history.answers.get("condition") != 0.0:
        return
    encoded = bool(history.made_of.generator.functions & _ENCODES)
    yield suspicion(
        "constant-condition",
        0.88,
        (
            "On a copy of G the classes were exchanged between samples: not one number of the "
            "samples changed.",
        ),
        "Follow the label through G's forward: scatter without its underscore, for one, returns "
        "the one-hot table instead of filling it.",
        history.where("g call"),
        "G's forward encodes the label, so it is meant to count."
        if encoded
        else "G's forward does nothing with the label: it may be given for form's sake.",
        "Mirza and Osindero 2014 (arXiv:1411.1784)",
        harm="certain" if encoded else "none",
    )


def constant_condition(history: History) -> Iterator[Suspect]:
    """A condition that says nothing, or a class number where classes are meant."""
    for who in PLAYERS:
        found = [each for seen in history.rounds for each in seen.conditions.get(who, [])]
        if len(found) < 8:
            continue
        name = who.upper()
        constant = sum(spread == 0.0 for _, spread, _, _ in found) / len(found)
        if constant > 0.95 and len({high for _, _, high, _ in found}) == 1:
            yield suspicion(
                "constant-condition",
                0.88,
                (
                    f"The condition that {name} gets is the same for every sample in all "
                    f"{len(found)} passes looked at.",
                ),
                "Pass each sample's own label (one-hot or embedded) to both networks.",
                history.where("g call" if who == "g" else "d real"),
                "Compared over samples and over steps.",
            )
            return
        network = history.made_of.of(who)
        encoded = bool(network.functions & _ENCODES) or not network.functions
        plain = [
            e
            for e in found
            if e[3] == 1 and e[2] > 1.5 and (e[0] == "whole" or (e[0] == "index" and not encoded))
        ]
        if len(plain) > 0.8 * len(found):
            yield suspicion(
                "constant-condition",
                0.7,
                (
                    f"The condition of {name} is one plain number a sample, up to "
                    f"{max(e[2] for e in plain):g}: a class index used as a quantity.",
                ),
                "Use F.one_hot(labels, classes).float() or nn.Embedding(classes, n)(labels).",
                history.where("g call" if who == "g" else "d real"),
                "It holds whole numbers, is one column wide, and is neither embedded nor turned "
                "into one-hot inside the network.",
                "Lornatang/conditional_gan PR #7",
            )
            return


def small_latent(history: History) -> Iterator[Suspect]:
    """Fewer latent numbers than the data has directions."""
    size, directions = history.outcome.get("latent", 0), history.outcome.get("intrinsic", 0.0)
    draws_more = bool(history.made_of.generator.functions & _DRAWS)
    if not 0 < size <= 4 or directions < 3 * size or draws_more:
        return
    yield suspicion(
        "latent-too-small",
        0.85 if size == 1 else 0.45,
        (
            f"z has {size:g} number{'s' * (size > 1)} for samples of "
            f"{history.outcome['dimensions']:g}, which vary in about {directions:.0f} directions.",
        ),
        "Use 64 to 128 latent numbers for images, and no fewer than the data has directions.",
        history.where("g call"),
        "On MNIST a latent of two covered most classes, so two are no failure by themselves."
        if size > 1
        else "The directions were counted by the distances of nearest neighbours, not in pixels.",
        "Facco et al. 2017 (doi:10.1038/s41598-017-11873-y)",
        harm="certain" if size == 1 else "unclear",
    )


RULES = (range_mismatch, too_few_images, fixed_noise, latent_mismatch, ignored_condition,
         constant_condition, small_latent)  # fmt: skip
