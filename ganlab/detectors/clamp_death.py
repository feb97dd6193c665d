"""A cross-entropy frozen where its logarithm is clamped: the gradient there is exactly zero."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.config import PROBABILITY_LOSSES
from ganlab.detectors.base import Detector, Lasting, Window
from ganlab.detectors.specimen import IMAGE_FACTS, Curve, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation

_CLOSE = 0.005  # nats between a frozen loss and the clamp that explains it
# What a frozen loss gives away: nats, and what clamps it there.
FINGERPRINTS = {
    13.8155: "a hand-written log(p + 1e-6)",
    15.9424: "a probability clipped at 1 - 1e-7",
    16.1181: "a probability clipped at 1e-7",
    18.4207: "a hand-written log(p + 1e-8)",
    27.631: "a hand-written log(p + 1e-12)",
    100.0: "PyTorch's BCELoss",
}


class ClampDeath(Detector):
    """A loss beyond what any healthy cross-entropy reaches, or frozen at a known clamp."""

    name = "Clamp death"
    doc = (
        "A loss stands at the value where the logarithm of the cross-entropy is clamped; its "
        "gradient is exactly zero there, and nothing moves it again."
    )
    source = "PyTorch, BCELoss: its logarithm is clamped at -100"
    formula = f"""
        with a sigmoid at D's end, for 20 steps
            max(d_loss, |g_loss|) > {{clamp}}
        or, over 100 steps, one of |d_loss| and |g_loss| stands at a known clamp c
            largest - smallest <= {{frozen}}
            |loss - c| < {_CLOSE:g}, c in {", ".join(f"{known:g}" for known in FINGERPRINTS)}
        asked of cross-entropies only
    """
    needs: ClassVar[frozenset[str]] = frozenset({"d_loss", "g_loss", "loss"})
    forgets: ClassVar[frozenset[str]] = frozenset({"loss", "head"})

    def __init__(
        self,
        *,
        clamp: float = 50.0,  # nats; a loss that only BCELoss's clamp at 100 explains
        frozen: float = 1e-3,  # nats; spread of a loss over 100 steps, below which it stands
    ) -> None:
        self.clamp, self.frozen = clamp, frozen
        super().__init__()

    def _reset(self) -> None:
        self._clamped = Lasting(on=20, off=100)
        self._losses = {"d_loss": Window(100), "g_loss": Window(100)}

    def _judge(self, observation: Observation) -> Finding | None:
        if self.facts.get("loss") not in PROBABILITY_LOSSES:
            return None
        if not {"d_loss", "g_loss"} <= observation.metrics.keys():
            return self.standing
        frozen = [self._frozen(name, observation) for name in self._losses]
        clamped = self._clamped.update(observation.step, self._beyond(observation))
        return clamped or next((found for found in frozen if found), None)

    def _beyond(self, observation: Observation) -> Finding | None:
        """BCELoss at its clamp: no healthy cross-entropy comes near 50."""
        if self.facts.get("head") != "sigmoid":
            return None
        metrics = observation.metrics
        losses = {"d_loss": metrics["d_loss"], "|g_loss|": abs(metrics["g_loss"])}
        name = max(losses, key=lambda key: losses[key])
        if not losses[name] > self.clamp:
            return None
        text = (
            f"A loss of {losses[name]:.3g} nats: only the clamp of {FINGERPRINTS[100.0]} at 100 "
            "explains it, where the gradient is exactly zero."
        )
        proof = Evidence(name, losses[name], ">", self.clamp, 20)
        return self._finding(observation, name.strip("|"), text, proof)

    def _frozen(self, name: str, observation: Observation) -> Finding | None:
        """A loss that stands still at a value which only a clamp explains."""
        value = abs(observation.metrics[name])  # type: ignore[literal-required]
        window = self._losses[name]
        window.add(observation.step, value)
        off, clamp = min((abs(value - known), known) for known in FINGERPRINTS)
        if not (window.full and window.spread <= self.frozen and off < _CLOSE):
            return None
        text = (
            f"A loss is frozen at the clamp of {FINGERPRINTS[clamp]} ({clamp:g} nats), where the "
            "gradient is exactly zero."
        )
        proof = (
            Evidence(f"spread of {name}", window.spread, "<=", self.frozen, 100),
            Evidence(f"{name} off {clamp:g}", off, "<", _CLOSE),
        )
        return self._finding(observation, name, text, *proof)

    def _finding(self, observation: Observation, name: str, text: str, *proof: Evidence) -> Finding:
        gradient = observation.metrics.get(f"grad_norm_{name[0]}")
        if isinstance(gradient, float) and gradient < 1e-3:
            proof = (*proof, Evidence(f"grad_norm_{name[0]}", gradient, "<", 1e-3))
        cures = remedies.for_clamp_death(self.facts)
        return Finding(Symptom.CLAMP_DEATH, Severity.FAILURE, observation.step, text, proof, cures)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_HEALTHY: dict[str, Curve] = {
    "d_loss": lambda step: 1.1 + 0.1 * (step % 30 == 0),
    "g_loss": 1.1,
    "grad_norm_d": 1.0,
}
_LOGITS: Facts = {**IMAGE_FACTS, "head": "logits"}

_SPECIMENS = (
    Specimen("healthy losses", stream(IMAGE_FACTS, _HEALTHY)),
    Specimen(
        "near miss: the loss on logits may be large, it has no clamp",
        stream(_LOGITS, _HEALTHY | {"d_loss": 60.0}),
    ),
    Specimen(
        "near miss: D's loss stands at 2 ln 2, which is no clamp",
        stream(IMAGE_FACTS, _HEALTHY | {"d_loss": 1.3863, "g_loss": 0.6931}),
    ),
    Specimen(
        "near miss: a loss that passes 16.118 on its way",
        stream(IMAGE_FACTS, _HEALTHY | {"g_loss": lambda step: 5.0 + step / 100}),
    ),
    Specimen(
        "BCELoss's clamp: D's loss is exactly 100",
        stream(
            IMAGE_FACTS,
            _HEALTHY
            | {
                "d_loss": lambda step: 1.2 if step < 400 else 100.0,
                "g_loss": lambda step: 1.2 if step < 400 else 0.0,
                "grad_norm_d": lambda step: 1.0 if step < 400 else 0.0,
            },
        ),
        Symptom.CLAMP_DEATH,
        (400, 440),
    ),
    Specimen(
        "a hand-written log(p + 1e-6): D's loss stands at 13.8155",
        stream(_LOGITS, _HEALTHY | {"d_loss": 13.8155, "g_loss": 0.0, "grad_norm_d": 0.0}),
        Symptom.CLAMP_DEATH,
        (50, 150),
    ),
    Specimen(
        "D's loss leaves the clamp again",
        turning(
            800,
            stream(IMAGE_FACTS, _HEALTHY | {"d_loss": 100.0, "g_loss": 0.0}),
            stream(IMAGE_FACTS, _HEALTHY),
        ),
        Symptom.CLAMP_DEATH,
        (20, 60),
        closes=(900, 950),
    ),
)
