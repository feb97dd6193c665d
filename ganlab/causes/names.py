"""The public names of causes: those of the roster, and what a diagnosis says besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ganlab.causes.base import GROUPS
from ganlab.causes.roster import KINDS


@dataclass(frozen=True)
class Name:
    """What a cause is called, and what is wrong then, in one sentence."""

    slug: str
    group: str
    doc: str


def _all() -> Iterator[Name]:
    """Group by group, within one in the roster's order."""
    yield Name("healthy", "Nothing", "nothing is wrong")
    for group in GROUPS.values():
        for kind in KINDS:
            if kind.group() == group:
                yield Name(kind.slug, group, kind.doc)
    yield Name("live-change", "In mid-training", "a setting that was changed while the run trained")


CAUSES: Mapping[str, Name] = {name.slug: name for name in _all()}
