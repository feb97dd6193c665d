"""Ranges: what G can reach against what is real."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Span
from ganlab.doctor.rules.naming import suspicion


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


RULES = (range_mismatch,)
