"""What the doctor says, as a row for JSON."""

from __future__ import annotations

import linecache
from typing import Any

from ganlab.causes.weigh import Verdict
from ganlab.doctor.run.ending import elsewhere, ended, failed
from ganlab.doctor.run.examiner import Examiner

Row = dict[str, Any]


def report_of(
    examiner: Examiner, code: int | None, error: str = "", kind: str = "", forks: int = 0
) -> Row:
    """The report in its JSON form."""
    verdict = _verdict(examiner, code, error, kind, forks)
    return {
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "causes": [_with_code(each.as_entry()) for each in verdict.causes],
        "notes": [_with_code(each.as_entry()) for each in verdict.notes],
        "symptoms": list(verdict.symptoms),
        "discovered": examiner.discovered,
        "samples": examiner.samples,
        "steps": examiner.updates,
        "seconds": round(examiner.seconds, 2),
        "overhead": round(examiner.overhead, 4),
        "script_exit": code,
        "internal_errors": examiner.recorder.errors[:5],
    }


def _with_code(row: Row) -> Row:
    """The row with the text of its line, which may be another one tomorrow."""
    if row["location"]:
        row["location"]["code"] = _code_at(row["location"])
    return row


def _code_at(location: Row) -> str:
    return linecache.getline(location["file"], location["line"]).strip()


def _verdict(examiner: Examiner, code: int | None, error: str, kind: str, forks: int) -> Verdict:
    fails = bool(error) and kind != "KeyboardInterrupt"
    failure = failed(error, kind, examiner.updates) if fails else ""
    found = examiner.verdict(ended=ended(code, error), error=error, failure=failure)
    if (found.verdict == "cause" or not fails) and forks and not examiner.optimizer_steps:
        return Verdict("not-assessed", elsewhere(forks))
    return found
