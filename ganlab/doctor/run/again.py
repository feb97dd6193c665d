"""A stored run of a script judged again, without running it: the same words as its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ganlab.causes.history import History
from ganlab.causes.roster import Thresholds
from ganlab.causes.weigh import Verdict, conclude, ranked
from ganlab.doctor.run.ending import with_code
from ganlab.finding import Finding, finding_of_row
from ganlab.runs.record import Damaged
from ganlab.runs.store import RunStore


def history_of(store: RunStore, run: str) -> History | None:
    """What a script's report was said of; None where the run has none. Raises Damaged."""
    row = store.doctor_history(run)
    if row is None:
        return None
    try:
        return History.of_row(row)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Damaged(
            f"history.json in {run} is not what this version writes ({error}); allowed: what "
            "ganlab wrote. Run the script under the doctor again."
        ) from error


def again(history: History, thresholds: Thresholds | None = None, code: int | None = 0) -> Verdict:
    """The verdict, with other thresholds of causes if wanted; `code`: the script's exit code."""
    found = conclude(history, ranked(history, thresholds))
    if code is None:
        return found
    return replace(found, reason=found.reason.replace(with_code(0), with_code(code)))


def standing(events: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What stands after these events, in the order in which it opened."""
    found: dict[str, Finding] = {}
    for row in events:
        if row["event"] == "closed":
            found.pop(row["symptom"], None)
        else:
            found[row["symptom"]] = replace(finding_of_row(row), remedies=())
    return tuple(found.values())
