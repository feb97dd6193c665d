"""A case and what was measured of it in words. Pure; draws nothing and starts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ganlab.casebook.case import Case, Declined, Expectation, Fix, Named, Refused, Signature
from ganlab.casebook.measured import Measured, measured
from ganlab.causes import CAUSES
from ganlab.config import IMAGE_DATASETS, KNOBS
from ganlab.finding import patch_as_row
from ganlab.ui import entries
from ganlab.ui.timeline import count, patch_words, title, value_words

FAILS, TRAINS = ":material/heart_broken:", ":material/check_circle:"
QUICK = ":material/bolt:"
_VERDICTS = {
    "true": ("green", ":material/check:", "claim true"),
    "partly": ("orange", ":material/contrast:", "claim partly true"),
    "false": ("red", ":material/close:", "claim false"),
    "ours": ("violet", ":material/science:", "our own case"),
}
_DATA = {
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "ring8": "8 clusters on a ring",
    "grid25": "25 clusters on a grid",
    "mixture1d": "4 clusters on a line",
    "gaussian1d": "one Gaussian on a line",
}


def task(data: str) -> str:
    """What G learns on this data, after 'learns to'."""
    if data in IMAGE_DATASETS:
        return "draw handwritten digits" if data in ("digits", "mnist") else "draw images"
    return f"put points where those of the data lie ({dataset(data)})"


def dataset(name: str) -> str:
    """The data set as one writes it."""
    return _DATA.get(name, name)


def verdict_badge(case: Case) -> str:
    """What we found of the document's claim, as coloured Markdown."""
    colour, icon, words = _VERDICTS[case.verdict]
    return f":{colour}-badge[{icon} {words}]"


def outcome_badge(case: Case) -> str:
    """Whether something goes wrong."""
    return f":gray-badge[{FAILS} fails]" if case.fails else f":gray-badge[{TRAINS} trains]"


def found_by(case: Case, text: str) -> bool:
    """Whether every word of the text occurs in what the case says."""
    symptoms = " ".join(str(expected) for expected in case.expects)
    cause = CAUSES[case.cause]
    hay = " ".join(
        (case.slug, case.title, case.claim, case.truth, case.watch, case.cause, cause.doc, symptoms)
    )
    return all(word in hay.lower() for word in text.lower().split())


def expected_words(expected: Expectation) -> str:
    """What has to happen, without its deadline."""
    match expected:
        case Named():
            symptom = entries.link(expected.symptom.value)
            return f"finding **{symptom}** ({expected.severity.name.lower()})"
        case Signature():
            held = f" for {expected.window} steps" if expected.window else ""
            return f"`{expected.metric}` {expected.relation} {expected.bound:g}{held}"
        case Declined():
            return f"`{expected.metric}` turns: back at {expected.factor:g} times its best"
        case Refused():
            return f"the run stops with an error: “{expected.text}”"


def deadline_words(expected: Expectation) -> str:
    """When: 'at step 0', 'by step 300'."""
    return f"by step {count(expected.by_step)}" if expected.by_step else "at step 0"


def awaited(expected: Expectation) -> str:
    """The symptom whose detector does not exist yet, in words; mostly none."""
    pending = expected.awaits if isinstance(expected, Signature | Declined) else ""
    return title(pending).lower() if pending else ""


def settings(case: Case) -> list[str]:
    """The settings that make the case, each with what it is."""
    changed: Mapping[str, Any] = case.settings
    docs = {name: knob.doc for name, knob in KNOBS.items()}
    return [
        f"`{name} = {value_words(value)}` {docs.get(name, '')}" for name, value in changed.items()
    ]


def fix_patch(fix: Fix) -> str:
    """What the fix changes."""
    return patch_words(patch_as_row(fix.patch))


def fix_measured(case: Case, fix: Fix) -> str:
    """On how many seeds it cured, one data set after the other; empty before it was measured."""
    trials = {
        data: found.fixes[fix.name]
        for data, found in measured(case.slug).items()
        if fix.name in found.fixes
    }
    return ", ".join(
        f"cured {tried.cured(case.health)} of {len(tried.seeds)} seeds on {dataset(data)}"
        for data, tried in trials.items()
    )


def measured_line(case: Case, data: str, found: Measured) -> str:
    """What our own runs on one data set said."""
    total = len(found.runs.seeds)
    if not case.fails:
        healthy = f", healthy in {found.runs.healthy(case.health)}" if case.judged else ""
        return f"{dataset(data)}: silent in {found.runs.silent} of {total} seeds{healthy}"
    cure = found.fixes.get(case.cure.name) if case.cure else None
    cured = f"; cured {cure.cured(case.health)} of {len(cure.seeds)}" if cure else ""
    return f"{dataset(data)}: {found.shown} of {total} seeds{_span(found.onsets)}{cured}"


def _span(onsets: Sequence[int | None]) -> str:
    steps = [step for step in onsets if step is not None]
    if not steps:
        return ""
    low, high = count(min(steps)), count(max(steps))
    return f", step {low}" if low == high else f", step {low}–{high}"


def measured_lines(case: Case) -> list[str]:
    """One line for each data set that was measured."""
    return [measured_line(case, data, found) for data, found in measured(case.slug).items()]
