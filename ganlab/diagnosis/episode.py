"""What has been wrong together: a diagnosis looks at a whole episode, not at one moment of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ganlab.finding import Finding, Severity, finding_of_row, is_known


def last_episode(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[Finding, ...], bool]:
    """The findings of the last episode, as each first opened, and whether it still goes on.

    An episode begins with the first finding above notice and ends when none is left; what closed
    in between belongs to it (with `until`), since a later symptom may be the mark that it left.
    Notices that are open are always told; events of a newer version tell nothing.
    """
    episode: dict[str, Finding] = {}
    loud: set[str] = set()
    notices: dict[str, Finding] = {}
    for row in filter(is_known, rows):
        symptom, finding = row["symptom"], finding_of_row(row)
        above = row["event"] != "closed" and finding.severity > Severity.NOTICE
        if above and not loud:
            episode.clear()
        notices.pop(symptom, None)
        if above:
            loud.add(symptom)
            worst = max(episode.get(symptom, finding), finding, key=lambda one: one.severity)
            episode[symptom] = replace(worst, until=None)
        else:
            if symptom in loud:
                episode[symptom] = replace(episode[symptom], until=finding.step)
            loud.discard(symptom)
            if row["event"] != "closed":
                notices[symptom] = finding
    more = (finding for symptom, finding in notices.items() if symptom not in episode)
    return (*episode.values(), *more), bool(loud)
