"""Half precision overflows."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace


class MixedPrecisionOverflow(Cause):
    """float16 ends at 65 504: a loss or a penalty beyond it is no number any more."""

    slug = "mixed-precision-overflow"
    doc = "half precision overflows"
    source = "lucidrains/gigagan-pytorch #60"
    formula = """
        a script  a loss is no finite number, and something was computed in half
                  precision: float16 ends at 65 504
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def _seen(self, history: History) -> Suspect | None:
        wrong = not_finite(history)
        if not wrong or not history.made_of.half:
            return None
        return Suspect(
            self.slug,
            0.9,
            (
                said(wrong),
                "The losses were computed in half precision (autocast or .half()).",
            ),
            fix="Use bfloat16 or full precision for D and its penalties, GradScaler for the rest, "
            "or a smaller learning rate.",
            location=wrong[0].where.get("d loss") or history.where("d loss"),
            checked="float16 ends at 65 504.",
            source=self.source,
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        lost = looks(losses={"d": [math.inf], "g": [0.7]})
        return (
            Specimen(
                "half precision, finite", script(half=True, rounds=looks(losses={"d": [1.0]}))
            ),
            Specimen("half precision, a loss beyond", script(half=True, rounds=lost), 0.9),
            Specimen("near miss: float32, a loss beyond", script(rounds=lost)),
        )


def not_finite(history: History) -> list[Trace]:
    """Rounds in which a loss was no finite number."""
    return [
        seen
        for seen in history.rounds
        if any(not math.isfinite(value) for values in seen.losses.values() for value in values)
    ]


def said(wrong: list[Trace]) -> str:
    """How many of them there are."""
    return (
        f"A loss was not finite in {len(wrong)} rounds looked at, first at update "
        f"{wrong[0].number}."
    )
