"""One run as the detectors saw it, with the truth about it; its compact form on disk.

Numbers keep 12 significant bits (a relative error of 0.0002 at most), so that hundreds of runs fit
into a repository. The rounded numbers are the recording: live and replayed findings are compared
on them.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from ganlab.observation import Facts, Metrics, Observation

_DROPPED_BITS = 12  # of float32's 24
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]


@dataclass(frozen=True)
class Recording:
    """A run of a plan and a seed."""

    plan: str
    seed: int
    steps: tuple[int, ...]
    columns: Mapping[str, NDArray[np.float32]]  # by metric, one value a step; see `measured`
    measured: Mapping[str, NDArray[np.bool_]]
    facts: tuple[tuple[int, Facts], ...]  # by the step at which they were told
    checks: tuple[Mapping[str, Any], ...]
    error: str = ""
    learnable: float | None = None
    memory_gap: float | None = None
    seconds: float = 0.0  # of one core

    def observations(self) -> Iterator[Observation]:
        """The stream, as the panel takes it."""
        facts = dict(self.facts)
        values = {name: column.tolist() for name, column in self.columns.items()}
        masks = {name: mask.tolist() for name, mask in self.measured.items()}
        for place, step in enumerate(self.steps):
            row = {name: values[name][place] for name in values if masks[name][place]}
            yield Observation(step, cast(Metrics, row), facts.get(step))

    @classmethod
    def of(cls, looks: Sequence[Observation], **known: Any) -> Recording:
        """From observations; `known` holds the other fields."""
        names = sorted({name for look in looks for name in look.metrics})
        columns, measured = {}, {}
        for name in names:
            found = [cast(Mapping[str, Any], look.metrics).get(name) for look in looks]
            measured[name] = np.array([value is not None for value in found])
            numbers = [0.0 if value is None else float(value) for value in found]
            columns[name] = rounded(np.array(numbers, dtype=np.float32))
        return cls(
            steps=tuple(look.step for look in looks),
            columns=columns,
            measured=measured,
            facts=tuple((look.step, look.facts) for look in looks if look.facts is not None),
            **known,
        )

    def to_bytes(self) -> bytes:
        """The compact form: a JSON head, the masks, then the numbers byte plane by byte plane."""
        names = sorted(self.columns)
        masks = [np.packbits(self.measured[name]).tobytes() for name in names]
        unique = sorted(set(masks))
        head = {
            name: value for name, value in asdict(self).items()
            if name not in ("columns", "measured", "steps")
        } | {
            "steps": _differences(self.steps),
            "names": names,
            "masks": [unique.index(mask) for mask in masks],
            "kinds": len(unique),
        }  # fmt: skip
        numbers = [self.columns[name][self.measured[name]] for name in names]
        joined = np.concatenate(numbers) if numbers else np.zeros(0, np.float32)
        planes = joined.view(np.uint8).reshape(-1, 4).T.tobytes()
        text = orjson.dumps(head)
        body = len(text).to_bytes(4, "big") + text + b"".join(unique) + planes
        return lzma.compress(body, format=lzma.FORMAT_RAW, filters=_FILTERS)

    @classmethod
    def of_bytes(cls, stored: bytes) -> Recording:
        """What `to_bytes` wrote."""
        body = lzma.decompress(stored, format=lzma.FORMAT_RAW, filters=_FILTERS)
        end = 4 + int.from_bytes(body[:4], "big")
        head = orjson.loads(body[4:end])
        steps = tuple(np.cumsum(head.pop("steps")).tolist())
        width = (len(steps) + 7) // 8
        kinds = [
            np.unpackbits(np.frombuffer(body, np.uint8, width, end + kind * width))[: len(steps)]
            for kind in range(head.pop("kinds"))
        ]
        start = end + len(kinds) * width
        planes = np.frombuffer(body, np.uint8, offset=start).reshape(4, -1)
        numbers = np.ascontiguousarray(planes.T).view(np.float32).reshape(-1)
        columns, measured, place = {}, {}, 0
        for name, kind in zip(head.pop("names"), head.pop("masks"), strict=True):
            mask = kinds[kind].astype(bool)
            column = np.zeros(len(steps), np.float32)
            column[mask] = numbers[place : place + mask.sum()]
            place += int(mask.sum())
            columns[name], measured[name] = column, mask
        facts = tuple((step, cast(Facts, row)) for step, row in head.pop("facts"))
        checks = tuple(head.pop("checks"))
        return cls(
            steps=steps, columns=columns, measured=measured, facts=facts, checks=checks, **head
        )


def rounded(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Float32 numbers to 12 significant bits, halves away from zero; NaN and infinities stay."""
    bits = values.astype(np.float32).view(np.uint32)
    half = np.uint32(1 << (_DROPPED_BITS - 1))
    kept = (bits + half) & np.uint32(0xFFFFFFFF << _DROPPED_BITS & 0xFFFFFFFF)
    return np.where(np.isfinite(values), kept, bits).astype(np.uint32).view(np.float32)


def _differences(steps: Sequence[int]) -> list[int]:
    """The first step, then the distances: they compress to nearly nothing."""
    return [step - before for before, step in zip((0, *steps), steps, strict=False)]
