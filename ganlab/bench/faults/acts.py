"""Ways to damage a stored run's folder. Knows no damage by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganlab.bench.faults.specimen import FINDING, PATCH, REPORT, row

Act = Callable[[Path], object]
EVENT = {"event": "opened"} | FINDING.as_row()


def as_json(value: object) -> bytes:
    """JSON as others may write it: of numbers of any size, too."""
    return json.dumps(value).encode()


def put(name: str, content: bytes) -> Act:
    """Another content of a file."""
    return lambda folder: (folder / name).write_bytes(content)


def fields(name: str, /, **new: Any) -> Act:
    """Other values of fields of a JSON file."""

    def act(folder: Path) -> None:
        old: dict[str, Any] = json.loads((folder / name).read_bytes())
        (folder / name).write_bytes(as_json(old | new))

    return act


def setting(**new: Any) -> Act:
    """Other settings."""

    def act(folder: Path) -> None:
        about: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        (folder / "config.json").write_bytes(as_json(about | {"config": about["config"] | new}))

    return act


def rows(log: str, *added: object) -> Act:
    """Rows at the end of a log; bytes as they are."""
    lines = [line if isinstance(line, bytes) else as_json(line) for line in added]

    def act(folder: Path) -> None:
        with (folder / f"{log}.jsonl").open("ab") as file:
            file.write(b"".join(line + b"\n" for line in lines))

    return act


def metric(**new: Any) -> Act:
    """A row of metrics in which some values are others."""
    return rows("metrics", row(50) | new)


def finding(**new: Any) -> Act:
    """An event of a finding in which some values are others."""
    return rows("findings", EVENT | {"step": 30} | new)


def evidence(**new: Any) -> Act:
    """A finding with other evidence."""
    return finding(evidence=[EVENT["evidence"][0] | new])


def remedy(**new: Any) -> Act:
    """A finding with another remedy."""
    return finding(remedies=[EVENT["remedies"][0] | new])


def patch(**new: Any) -> Act:
    """A live change in which some values are others."""
    return rows("patches", PATCH | {"step": 31} | new)


def report(**new: Any) -> Act:
    """A report of the doctor in which some values are others."""
    return fields("report.json", **new)


def cause(**new: Any) -> Act:
    """A report with another cause."""
    return report(causes=[REPORT["causes"][0] | new])  # type: ignore[index]


def instead(name: str, make: Callable[[Path], object]) -> Act:
    """Something else in the place of a file or a folder."""

    def act(folder: Path) -> None:
        path = folder / name
        aside = folder.parent / f".{folder.name}-{path.name}"
        if path.exists() and not path.is_symlink():
            path.rename(aside)
        make(path)

    return act


def to_itself(path: Path) -> None:
    path.symlink_to(path)


def to_aside(path: Path) -> None:
    """A link to what was there: outside of the folder now."""
    path.symlink_to(path.parent.parent / f".{path.parent.name}-{path.name}")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def nothing(path: Path) -> None:
    """Nothing in its place."""
