"""Every preset, every setting, and every threshold as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from ganlab.causes.base import Cause
from ganlab.config import KNOBS, Knob
from ganlab.definitions import KINDS, thresholds_of
from ganlab.presets import PRESETS, TITLES


def lines(*, presets: bool, settings: bool) -> Iterator[str]:
    """What was asked for, an entry at a time."""
    if presets:
        for name, changes in PRESETS.items():
            shown = " ".join(f"{key}={_shown(value)}" for key, value in changes.items())
            yield f"{name:<16}{TITLES[name]}\n    {shown or '(the defaults)'}"
    if settings:
        yield from map(_setting, KNOBS.values())


def thresholds() -> Iterator[str]:
    """Every detector and every cause by class, with its thresholds."""
    for kind in KINDS:
        slug = f" ({kind.slug})" if issubclass(kind, Cause) else ""
        yield f"{kind.__name__}{slug}: {kind.doc}"
        for item in thresholds_of(kind):
            yield f"    {item.name} = {item.value:g}  {item.meaning}"


def _setting(setting: Knob) -> str:
    """One setting as lines of text: name, default, what is allowed, what it is."""
    live = "  [live]" if setting.hot else ""
    unit = f" {setting.unit}" if setting.unit else ""
    source = f" ({setting.source})" if setting.source else ""
    return (
        f"{setting.name} = {_shown(setting.default)}{unit}{live}\n"
        f"    {setting.doc}{source}\n    Allowed: {setting.allowed()}."
    )


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
