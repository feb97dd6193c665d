"""Damages of whole files: something else lies in their place, or they hold nothing of use."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ganlab.bench.faults.acts import empty, instead, put, to_aside, to_itself
from ganlab.bench.faults.damage import DEEP, Damage
from ganlab.bench.faults.specimen import IMAGES, POINTS, SCRIPT

_KINDS: Mapping[str, Callable[[Path], object]] = {
    "is a folder": Path.mkdir,
    "is a link to itself": to_itself,
    "is a link to a file elsewhere": to_aside,
}
if hasattr(os, "mkfifo"):
    _KINDS = {**_KINDS, "is a pipe": os.mkfifo}

_FILES = ("config.json", "outcome.json", "metrics.jsonl", "findings.jsonl", "patches.jsonl",
          "resumes.jsonl")  # fmt: skip

PLACES = tuple(
    Damage(f"{name} {what}", instead(name, make), listed=False)
    for name in _FILES
    for what, make in _KINDS.items()
) + tuple(
    Damage(f"{name} {what}", instead(name, make), listed=False)
    for name in ("samples", "checkpoints")
    for what, make in {"is a file": empty, "is a link": to_aside}.items()
)  # fmt: skip

WHOLE = tuple(
    Damage(f"{name} {what}", put(name, content), listed, kind)
    for name, listed, kind in (
        ("config.json", False, IMAGES),
        ("outcome.json", True, IMAGES),
        ("report.json", True, SCRIPT),
        ("samples/00000040.json", True, IMAGES),
        ("samples/real.json", True, POINTS),
    )
    for what, content in {
        "is empty": b"",
        "is cut off": b'{"step": 1, "na',
        "is a list": b"[]",
        "is no UTF-8": b'{"name": "\xff\xfe"}',
        "is nested without end": DEEP,
        "holds a number without end": b'{"step": 1e999}',
    }.items()
)
