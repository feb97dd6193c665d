"""ReLU units that never fire, whatever the input."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class DeadUnits(Detector):
    """The share of units at zero for every input of a probe, network by network."""

    name = "Dead units"
    doc = (
        "Two thirds of a network's ReLU units give zero for every sample of the probe, and "
        "get no gradient by which they could come back. A unit at zero for half of the samples "
        "is a healthy one."
    )
    source = "Lu et al. 2019 (arXiv:1903.06733); Zhang et al. 2021 (AutoTrainer, ICSE)"
    formula = """
        dead_units_d or dead_units_g > {many} at each of the last {probes} probes,
        a failure where > {nearly_all}
    """
    needs: ClassVar[frozenset[str]] = frozenset()  # either network's share will do

    def __init__(
        self,
        *,
        many: float = 0.65,  # share of dead units
        nearly_all: float = 0.9,  # the same, when the network can hardly answer
        probes: int = 4,  # probes in a row
    ) -> None:
        self.many, self.nearly_all, self.probes = many, nearly_all, probes
        super().__init__()

    def _reset(self) -> None:
        self._shares = {player: Tail(self.probes) for player in "dg"}

    def _judge(self, observation: Observation) -> Finding | None:
        step, found, measured = observation.step, None, False
        for player, tail in self._shares.items():
            share = observation.metrics.get(f"dead_units_{player}")
            if not isinstance(share, float):
                continue
            measured = True
            tail.add(step, share)
            least = min(tail.values) if tail.full else 0.0
            if least > self.many and (found is None or least > found[1]):
                found = (player, least)
        if not measured:
            return self.standing
        return self._finding(step, *found) if found else None

    def _finding(self, step: int, player: str, least: float) -> Finding:
        grave = least > self.nearly_all
        bound = self.nearly_all if grave else self.many
        span = self._shares[player].span
        return Finding(
            Symptom.DEAD_UNITS,
            Severity.FAILURE if grave else Severity.WARNING,
            step,
            f"{least:.0%} of {player.upper()}'s ReLU units give zero for every input.",
            (Evidence(f"dead_units_{player}", least, ">", bound, span),),
            remedies.for_dead_units(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SPECIMENS = (
    Specimen(
        "a fifth of D's units dead",
        stream(IMAGE_FACTS, {}, probes={"dead_units_d": 0.2, "dead_units_g": 0.01}),
    ),
    Specimen(
        "near miss: 0.59, the most that a pair showed and still learned",
        stream(IMAGE_FACTS, {}, probes={"dead_units_d": 0.59}),
    ),
    Specimen(
        "near miss: dead for three probes, then alive",
        stream(IMAGE_FACTS, {}, probes={"dead_units_g": lambda step: 0.7 if step <= 100 else 0.1}),
    ),
    Specimen(
        "three quarters of D's units dead",
        stream(IMAGE_FACTS, {}, probes={"dead_units_d": 0.75}),
        Symptom.DEAD_UNITS,
        (100, 200),
    ),
    Specimen(
        "all of D's units dead from step 500 on",
        stream(IMAGE_FACTS, {}, probes={"dead_units_d": lambda step: 0.1 if step < 500 else 1.0}),
        Symptom.DEAD_UNITS,
        (500, 800),
    ),
    Specimen(
        "three quarters of G's units dead until step 1000, then alive",
        stream(IMAGE_FACTS, {}, probes={"dead_units_g": lambda step: 0.75 if step < 1000 else 0.1}),
        Symptom.DEAD_UNITS,
        (100, 200),
        closes=(1000, 1000),
    ),
)
