"""One z for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Span, Trace


class FixedNoise(Cause):
    """G is trained on one batch of noise, and learns nothing of the others."""

    slug = "fixed-noise"
    doc = "the same z in every step"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1"
    formula = """
        a script  different z <= max(1, {share} * passes of G), over >= {passes}
                  passes
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, passes: int = 8, share: float = 0.125) -> None:
        self.passes = passes  # of G that are enough
        self.share = share  # of them with noise of their own, up to which it is one and the same

    def _seen(self, history: History) -> Suspect | None:
        marks = [noise[2] for seen in history.rounds for noise in seen.noise]
        different, zero = len(set(marks)), not any(any(mark) for mark in marks)
        if len(marks) < self.passes or (zero and different > 1):
            return None
        if different > max(1, int(len(marks) * self.share)):
            return None
        return Suspect(
            self.slug,
            0.96,
            (
                f"G got the same {'all-zero ' if zero else ''}noise in each of {len(marks)} passes "
                f"looked at ({different} different one{'s' * (different > 1)}).",
            ),
            fix="Draw new noise in every step: z = torch.randn(batch_size, latent_dim).",
            location=history.where("g call"),
            checked="The passes were made in training, not for the sample grid.",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        fixed = looks(noise=[_noise(0.5), _noise(0.5)])
        return (
            Specimen("new noise in every pass", script(rounds=_numbered(12))),
            Specimen("one noise", script(rounds=fixed), 0.96),
            Specimen("zeros", script(rounds=looks(noise=[_noise(0.0)])), 0.96),
            Specimen("near miss: three passes", script(rounds=fixed[:1] + _numbered(1))),
            Specimen("near miss: a few noises in turn", script(rounds=_numbered(3) * 4)),
        )


def _noise(value: float) -> tuple[str, Span, tuple[float, ...]]:
    return "d", Span(-2.0, 2.0, 0.0, 1.0), (value, value)


def _numbered(count: int) -> tuple[Trace, ...]:
    """Rounds with noise of their own."""
    return tuple(replace(seen, noise=[_noise(float(seen.number))]) for seen in looks(count))
