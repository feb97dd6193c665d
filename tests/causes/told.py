"""What the lab says of recorded casebook runs and of the rules' scenes, kept word for word.

`python -m tests.causes.told` writes it anew: only after a change that is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from ganlab.diagnosis.replay import replay
from tests.diagnosis.recorded import SLUGS, observations, recorded
from tests.diagnosis.scenes import NAMES, SCENES, Scene

FILE = Path(__file__).with_name("golden") / "casebook.json"
Row = dict[str, Any]


def _of_run(slug: str) -> Row:
    found = replay(observations(slug), error=recorded(slug)["error"])
    return {
        "state": found.state,
        "reason": found.reason,
        "suspects": [suspect.as_row() for suspect in found.suspects],
    }


def _of_scene(scene: Scene) -> Row:
    suspects = scene.suspects(scene.config, error=scene.error)
    return {"suspects": [suspect.as_row() for suspect in suspects]}


SAID: Mapping[str, Callable[[], Row]] = {
    **{f"run {slug}": partial(_of_run, slug) for slug in SLUGS},
    **{f"{place} {name}": partial(_of_scene, scene)
       for place, (name, scene) in enumerate(zip(NAMES, SCENES, strict=True))},
}  # fmt: skip


def said(name: str) -> Row:
    """The diagnosis of one of these, as JSON brings it back."""
    row: Row = orjson.loads(orjson.dumps(SAID[name]()))
    return row


def kept() -> dict[str, Row]:
    """The same as it was written, by name."""
    rows: dict[str, Row] = orjson.loads(FILE.read_bytes())
    return rows


if __name__ == "__main__":
    FILE.write_bytes(
        orjson.dumps({name: said(name) for name in SAID}, option=orjson.OPT_INDENT_2) + b"\n"
    )
