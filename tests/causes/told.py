"""What the lab says of recorded casebook runs and of the rules' scenes, kept word for word.

`python -m tests.causes.told` writes it anew: only after a change that is meant.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from ganlab.causes.history import History
from ganlab.diagnosis import Suspect, diagnose
from ganlab.diagnosis.replay import replay
from tests.diagnosis.recorded import SLUGS, observations, recorded
from tests.diagnosis.scenes import NAMES, SCENES, Scene
from tests.remedies.facts import facts_for

FOLDER = Path(__file__).with_name("golden")
RUNS, STAGED = FOLDER / "casebook.json", FOLDER / "scenes.json"
Row = dict[str, Any]


def of_run(slug: str) -> Row:
    """{state, reason, suspects} of a recorded run, as JSON brings it back."""
    found = replay(observations(slug), error=recorded(slug)["error"])
    row: Row = _plain(
        {
            "state": found.state,
            "reason": found.reason,
            "suspects": [suspect.as_row() for suspect in found.suspects],
        }
    )
    return row


def of_history(history: History) -> list[Row]:
    """The suspects of what the lab has told, as JSON brings them back."""
    suspects: tuple[Suspect, ...] = diagnose(
        history.findings, history.facts, history.metrics, history.error
    )
    rows: list[Row] = _plain([suspect.as_row() for suspect in suspects])
    return rows


def kept(file: Path) -> dict[str, Row]:
    """What was written, by name."""
    rows: dict[str, Row] = orjson.loads(file.read_bytes())
    return rows


def _staged(scene: Scene) -> Row:
    """{history, suspects} of a scene; without its remedies, which no rule reads."""
    config = scene.config
    findings = tuple(replace(each, remedies=()) for each in scene.findings(config))
    known = History(findings, facts_for(config), dict(scene.metrics), scene.error)
    row = _plain(known.as_row())
    return {"history": row, "suspects": of_history(History.of_row(row))}


def _plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


def _write(file: Path, rows: Row) -> None:
    """One to a line."""
    lines = (orjson.dumps(name) + b": " + orjson.dumps(row) for name, row in rows.items())
    file.write_bytes(b"{\n" + b",\n".join(lines) + b"\n}\n")


if __name__ == "__main__":
    _write(RUNS, {slug: of_run(slug) for slug in SLUGS})
    _write(
        STAGED,
        {
            f"{place} {name}": _staged(scene)
            for place, (name, scene) in enumerate(zip(NAMES, SCENES, strict=True))
        },
    )
