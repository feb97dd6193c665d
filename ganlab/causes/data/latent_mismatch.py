"""Different priors in D's step and in G's."""

from __future__ import annotations

import statistics
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Span

_LEAST = 1e-9


class LatentMismatch(Cause):
    """D learns about samples of one prior, G about those of another."""

    slug = "latent-mismatch"
    doc = "D's step and G's step (or sampling) draw z from different priors"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1"
    formula = """
        a script  |mean(z_D) - mean(z_G)| > {shift} * the larger deviation, or
                  that > {scale} * the smaller; medians of >= {passes} passes in each
                  player's step
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, passes: int = 8, shift: float = 0.25, scale: float = 1.3) -> None:
        self.passes = passes  # of G in each player's step that are enough
        self.shift = shift  # deviations between the means
        self.scale = scale  # one deviation over the other

    def _seen(self, history: History) -> Suspect | None:
        spans: dict[str, list[Span]] = {"d": [], "g": []}
        for seen in history.rounds:
            for phase, span, _ in seen.noise:
                spans[phase].append(span)
        if min(map(len, spans.values())) < self.passes:
            return None
        d, g = _typical(spans["d"]), _typical(spans["g"])
        wide, narrow = max(d.std, g.std), min(d.std, g.std)
        shifted = abs(d.mean - g.mean) > self.shift * max(wide, _LEAST)
        if not shifted and wide <= self.scale * max(narrow, _LEAST):
            return None
        return Suspect(
            self.slug,
            0.92,
            (
                f"z has mean {d.mean:.2f} and deviation {d.std:.2f} (range [{d.low:.2f}, "
                f"{d.high:.2f}]) in D's step, but mean {g.mean:.2f} and deviation {g.std:.2f} "
                f"([{g.low:.2f}, {g.high:.2f}]) in G's.",
            ),
            fix="Draw z from one prior everywhere: torch.randn in D's step, in G's and when "
            "sampling.",
            location=history.where("g call"),
            checked=f"{len(spans['d'])} and {len(spans['g'])} passes: chance does not explain it.",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        normal, uniform = Span(-2.5, 2.5, 0.0, 1.0), Span(0.0, 1.0, 0.5, 0.29)

        def drawn(d: Span, g: Span, rounds: int = 12) -> History:
            noise = [("d", d, (1.0,)), ("g", g, (2.0,))]
            return script(rounds=looks(rounds, noise=noise))

        return (
            Specimen("one prior", drawn(normal, normal)),
            Specimen("randn for D, rand for G", drawn(normal, uniform), 0.92),
            Specimen("randn for D, half of it for G",
                     drawn(normal, Span(-1.2, 1.2, 0.0, 0.5)), 0.92),
            Specimen("near miss: a batch's own deviation",
                     drawn(normal, Span(-2.2, 2.3, 0.1, 0.9))),
            Specimen("near miss: seven rounds", drawn(normal, uniform, 7)),
        )  # fmt: skip


def _typical(spans: list[Span]) -> Span:
    """Medians: a sample grid from noise of its own now and then does not count."""
    return Span(
        *(
            statistics.median(getattr(span, name) for span in spans)
            for name in ("low", "high", "mean", "std")
        )
    )
