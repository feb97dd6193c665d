"""What was measured of the detectors, in words. Pure; every figure comes from the measurement."""

from __future__ import annotations

from collections.abc import Collection

from ganlab.detectors.measured import DetectorScore, FamilyScore, Measured, Rate
from ganlab.ui import entries
from ganlab.ui.timeline import count

COMMAND = "python -m ganlab bench detectors --sealed"
_LOW = 0.8  # a recall below which the reader asks who sees the rest


def headline(found: Measured) -> str:
    """False alarms first, then what is noticed, when, and how often for the right reason."""
    seen = found.detection
    false = seen.false_alarms
    lines = [
        f"Of {false.all} healthy runs **{false.hits} raised an alarm** ({_interval(false)}).",
        f"Of {seen.recall.all} failed runs **{seen.recall.hits} were noticed**{_delays(found)}.",
        f"The first cause that the diagnosis names was **right in {_rate(found.top1)}**; one of "
        f"its first three in {_rate(found.top3)}.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _interval(rate: Rate) -> str:
    low, high = (f"{100 * bound:.1f} %" for bound in rate.interval)
    return (
        f"{100 * rate.value:.1f} %; so few runs leave it open where between {low} and {high} the "
        "true share lies, with 95 % confidence"
    )


def _delays(found: Measured) -> str:
    middle, late = found.detection.median_delay, found.detection.p90_delay
    if middle is None or late is None:
        return ""
    return (
        f", half of them within {count(round(middle))} steps of the onset and nine in ten within "
        f"{count(round(late))}"
    )


def fine_print(found: Measured) -> list[str]:
    """On which runs, by which rule, and how to get the figures again."""
    runs, mild = found.runs, found.mild_alarms
    lines = [
        f"Measured on {runs['failed'] + runs['healthy']} recorded runs on which no threshold was "
        "set; what became of each was told by means that no detector uses. "
        f"Again: `{COMMAND}`."
    ]
    if found.hold is not None:
        lines.append(
            f"An alarm counts once it has stood for {count(round(max(0.0, found.hold)))} steps, as "
            f"set on {found.calibrating} other healthy runs."
        )
    lines.append(
        "The onset of a late fault is the step at which it was made; of a run that is wrong from "
        "the start, the step by which healthy runs of the same data have got well."
    )
    if mild.all:
        lines.append(
            f"{mild.all} more runs count as neither: half failures, faults that did no harm, sound "
            f"settings that failed. {mild.hits} of them raised an alarm."
        )
    return lines


def worst_family(found: Measured) -> str:
    """The mean, and the way to fail that is told worst."""
    mean = "" if found.macro_f1 is None else f"On average {found.macro_f1:.2f}{_parts(found)}. "
    if not found.families:
        return mean
    name, score = min(found.families.items(), key=lambda item: item[1].f1)
    return f"{mean}The worst is **{name}** with {score.f1:.2f}."


def _parts(found: Measured) -> str:
    parts = [
        (found.macro_f1_configs, "for losses and architectures known from tuning"),
        (found.macro_f1_held_out, "for others"),
    ]
    words = [f"{value:.2f} {where}" for value, where in parts if value is not None]
    return f" ({', '.join(words)})" if words else ""


def family_words(score: FamilyScore) -> str:
    """Both halves of an F1, as counts."""
    return f"{score.f1:.2f} · found {_counts(score.recall)}, right {_counts(score.precision)}"


def detector_lines(score: DetectorScore | None) -> list[str]:
    """Precision, recall and delay with their counts; that it was silent, where it was."""
    if score is None:
        return ["not yet"]
    kinds = "failed runs of the kinds it speaks of"
    asked = score.recall.all
    if not score.precision.all:
        where = f"in none of {asked} {kinds}" if asked else f"which has no {kinds}"
        return [f"never alarmed in the test, {where}"]
    lines = [
        f"precision {_rate(score.precision)}: of the runs in which it alarmed, those that failed",
        f"recall {_rate(score.recall)}: of the {kinds}, those in which it alarmed"
        if asked
        else f"recall unknown: the test has no {kinds}",
    ]
    if score.median_delay is not None:
        lines.append(f"delay {count(round(score.median_delay))} steps from the onset, median")
    return lines


def rest_line(name: str, symptoms: Collection[str], found: Measured) -> str:
    """Who notices the failed runs in which a detector of low recall stays silent; "" for others."""
    score = found.detectors.get(name)
    if score is None or not score.recall.all or score.recall.value >= _LOW:
        return ""
    kinds = {k: v for k, v in found.families.items() if set(symptoms) & set(v.symptoms)}
    alarmed = sum(family.alarmed.hits for family in kinds.values())
    total = sum(family.alarmed.all for family in kinds.values())
    if not total:
        return ""
    others = _beside(name, symptoms, kinds.values(), found)
    return (
        f"the rest: {alarmed} of these {total} runs raised an alarm of some detector "
        f"({', '.join(kinds)}).{others}"
    )


def _beside(
    name: str, symptoms: Collection[str], kinds: Collection[FamilyScore], found: Measured
) -> str:
    """The other detectors that these ways to fail make speak, the likeliest first."""
    beside = {symptom for family in kinds for symptom in family.symptoms} - set(symptoms)
    helpers = {entries.SYMPTOMS[each].name for each in beside if each in entries.SYMPTOMS} - {name}
    recalls = {each: found.detectors[each].recall for each in helpers if each in found.detectors}
    ranked = sorted(recalls.items(), key=lambda item: (-item[1].value, item[0]))
    named = ", ".join(f"{each} ({_counts(recall)})" for each, recall in ranked if recall.hits)
    return f" Of these ways to fail also speak, with their own recall: {named}." if named else ""


def rivals_table(found: Measured) -> str:
    """The lab and every simpler rule, the best F1 first, as Markdown."""
    everyone = {"**ganlab**": found.detection, **found.rivals}
    rows = [
        f"| {name} | {_rate(score.precision)} | {_rate(score.recall)} | {score.f1:.2f} "
        f"| {_rate(score.false_alarms)} | {_delay(score.median_delay)} |"
        for name, score in sorted(everyone.items(), key=lambda item: -item[1].f1)
    ]
    head = "| | precision | recall | F1 | healthy with alarm | median delay |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def _delay(steps: float | None) -> str:
    return "–" if steps is None else count(round(steps))


def states_table(found: Measured) -> str:
    """What stood at the runs' ends against what was so, as Markdown; empty without any."""
    if not found.states:
        return ""
    rows = [
        f"| {name} | {_rate(score.precision)} | {_rate(score.recall)} |"
        for name, score in found.states.items()
    ]
    return "\n".join(["| at a run's end | precision | recall |", "|---|---|---|", *rows])


def _rate(rate: Rate) -> str:
    return f"{_counts(rate)} ({100 * rate.value:.0f} %)" if rate.all else _counts(rate)


def _counts(rate: Rate) -> str:
    return f"{rate.hits} of {rate.all}"
