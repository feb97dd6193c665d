"""One ranking: what explains what, what harms, which are causes and notes, and when to say so."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Literal, NamedTuple

from ganlab.causes.history import History
from ganlab.causes.roster import PLACES, Thresholds, suspects
from ganlab.causes.suspect import Harm, Suspect
from ganlab.finding import Severity

CLEAR = 0.6  # confidence from which a cause explains others away
ENOUGH = 1500  # updates after which "healthy" also covers a collapse
LEAST = 200  # updates before which "healthy" is not said
_NEVER = math.inf
_CERTAIN = 0.5  # confidence from which what harms for certain is a cause
_FAILING: Mapping[Harm, float] = {"certain": _CERTAIN, "likely": 0.25, "unclear": 0.25}

Word = Literal["healthy", "cause", "not-assessed"]


class Headline(NamedTuple):
    """A verdict to whoever reads it, and to whoever calls the doctor."""

    title: str
    code: int  # the exit code


HEADLINES: Mapping[str, Headline] = {
    "healthy": Headline("Healthy", 0),
    "cause": Headline("Cause found", 1),
    "not-assessed": Headline("Not assessed", 2),
}


@dataclass(frozen=True)
class Verdict:
    """What is said in the end."""

    verdict: Word
    reason: str
    causes: tuple[Suspect, ...] = ()
    notes: tuple[Suspect, ...] = ()
    symptoms: tuple[dict[str, Any], ...] = field(default=())

    def as_row(self) -> dict[str, Any]:
        """The part of a report's JSON form that it is."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "causes": [each.as_entry() for each in self.causes],
            "notes": [each.as_entry() for each in self.notes],
            "symptoms": list(self.symptoms),
        }


def ranked(history: History, thresholds: Thresholds | None = None) -> list[Suspect]:
    """All that speaks for a cause, the best first; `thresholds` by class and name.

    What the lab has told are settings and symptoms, and one cause explains another's symptoms. What
    a script was seen to do is true whatever else is wrong with it: there the harm weighs instead.
    """
    found = suspects(history, thresholds)
    told = history.build is None
    return sorted(explained(found) if told else found, key=weight)


def explained(found: Iterable[Suspect]) -> Iterator[Suspect]:
    """Suspects in the roster's order, half as sure where one of an earlier row is clear."""
    clear: list[Suspect] = []
    for _, row in groupby(found, key=lambda each: PLACES[each.cause][0]):
        same = list(row)
        yield from (_behind(each, clear[0]) if clear else each for each in same)
        clear += [each for each in same if each.confidence >= CLEAR]


def _behind(each: Suspect, first: Suspect) -> Suspect:
    """A suspect whose symptoms an earlier cause explains."""
    word = f"{first.cause} comes earlier and explains the same symptoms."
    return replace(each, confidence=round(each.confidence / 2, 3), against=(*each.against, word))


def weight(each: Suspect) -> tuple[int, float, int]:
    """Its place in a ranking, the smallest first; what is in no roster comes after its equals."""
    return (*each.weight, PLACES[each.cause][1] if each.cause in PLACES else len(PLACES))


def failing(history: History) -> list[str]:
    """Symptoms that are failures."""
    bad = [slug for slug, found in history.symptoms.items() if found.severity is Severity.FAILURE]
    if history.prospers():  # what is said there is that the samples are wrong
        return [slug for slug in bad if slug not in ("false-equilibrium", "discriminator-blind")]
    return bad


def early(history: History, found: list[Suspect]) -> Suspect | None:
    """A cause that needs no longer look: proven, or likely with the failure it explains."""
    if not found:
        return None
    top = found[0]
    if top.harm == "certain" and top.confidence >= 0.85 and len(history.rounds) >= 6:
        return top
    if failing(history) and top.harm == "likely" and top.confidence >= 0.6:
        return top
    if history.fails() and top.harm == "likely" and top.confidence >= 0.8:
        return top
    return None


def conclude(history: History, found: list[Suspect]) -> Verdict:
    """The verdict on what was seen."""
    ended = history.ended
    symptoms = tuple(
        {"slug": slug, "severity": each.severity.name.lower(), "step": each.step}
        for slug, each in history.symptoms.items()
        if each.severity > Severity.NOTICE
    )
    bad = failing(history)
    causes = _causes(history, found, bad, bool(symptoms))
    if causes:
        notes = tuple(each for each in found if each not in causes)
        return Verdict("cause", _because(causes[0], bad), tuple(causes), notes, symptoms)
    if history.failure:
        return Verdict("not-assessed", history.failure, (), tuple(found), symptoms)
    if bad:
        reason = f"Symptoms without a cause that we can name: {', '.join(bad)}. {ended}"
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    if history.updates < LEAST:
        reason = (
            f"Only {history.updates} generator updates were seen, too few to call a pair healthy "
            f"(at least {LEAST}); nothing was found wrong in them. {ended}"
        )
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    if history.fails():
        reason = (
            f"After {history.updates} updates the samples are hardly like the data, and no cause "
            f"was found: slow, or failing in a way that we do not know. {ended}"
        )
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    limit = (
        ""
        if history.updates >= ENOUGH
        else f" A collapse shows for certain only after some {ENOUGH}: look longer with --steps."
    )
    reason = f"Nothing harmful was found in {history.updates} generator updates.{limit}"
    return Verdict("healthy", reason, (), tuple(found), symptoms)


def _causes(history: History, found: list[Suspect], bad: list[str], warned: bool) -> list[Suspect]:
    """Those that harm: for certain, or by what was seen of the samples."""
    bounds = _FAILING if bad else _bounds(history, warned)
    causes = [each for each in found if each.confidence >= bounds.get(each.harm, _NEVER)]
    if bad and not any(each.harm == "certain" for each in causes):
        causes.sort(key=lambda each: (-_fitting(each), weight(each)))
    return causes


def _bounds(history: History, warned: bool) -> Mapping[Harm, float]:
    """By harm, how sure a suspect has to be to count as a cause while nothing fails."""
    good = history.prospers()
    likely, unclear = 0.6, _NEVER
    if good:  # true, and no harm
        likely = _NEVER
    elif not warned and history.updates < LEAST:
        likely = 0.8  # too early to see what it does
    elif good is False:
        unclear = 0.75
    return {"certain": _CERTAIN, "likely": likely, "unclear": unclear}


def _fitting(each: Suspect) -> float:
    """How well a suspicion explains the failing symptoms: its confidence, in fifths."""
    return round(each.confidence * 5) / 5


def _because(top: Suspect, bad: list[str]) -> str:
    seen = f" It shows as {', '.join(bad)}." if bad else ""
    return f"{top.evidence[0]}{seen}"
