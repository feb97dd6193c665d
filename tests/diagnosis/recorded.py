"""Casebook runs as recorded at seed 0: steps, metrics to four digits, facts. Small on purpose."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import orjson

from ganlab.observation import Facts, Metrics, Observation

FOLDER = Path(__file__).with_name("traces")
SLUGS = tuple(sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz")))


def recorded(slug: str) -> dict[str, Any]:
    """{rows, facts, error, data, seed} of a case's run."""
    loaded: dict[str, Any] = orjson.loads(
        gzip.decompress((FOLDER / f"{slug}.json.gz").read_bytes())
    )
    return loaded


def observations(slug: str) -> Iterator[Observation]:
    """The run as the detectors saw it."""
    run = recorded(slug)
    facts = {step: found for step, found in run["facts"]}
    for row in run["rows"]:
        metrics = {name: value for name, value in row.items() if name != "step"}
        yield Observation(
            row["step"], cast(Metrics, metrics), cast("Facts | None", facts.get(row["step"]))
        )
