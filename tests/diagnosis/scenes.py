"""For every cause that a rule names: a run that it names it of, and what would make it worse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ganlab.config import RunConfig
from ganlab.detectors import ScalingMismatch
from ganlab.diagnosis import Suspect, diagnose
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom
from ganlab.observation import Observation
from ganlab.remedies import catalogue
from tests.remedies.facts import facts_for

Row = dict[str, object]
CATALOGUE = tuple(value for value in vars(catalogue).values() if isinstance(value, Remedy))


@dataclass(frozen=True)
class Scene:
    """A run that a rule names a cause of, by its settings and by what stands."""

    cause: str
    settings: Row
    symptoms: tuple[Symptom, ...] = ()
    error: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    rests_on_symptoms: bool = False  # the rule asks for no setting that could be another one

    @property
    def config(self) -> RunConfig:
        return RunConfig.of({"device": "cpu", "allow_faults": True, **SMALL, **self.settings})

    def suspects(self, config: RunConfig, *, error: str = "") -> tuple[Suspect, ...]:
        """The diagnosis of these symptoms under the config."""
        return diagnose(self.findings(config), facts_for(config), self.metrics, error)

    def findings(self, config: RunConfig) -> list[Finding]:
        """What stands, each with every remedy there is."""
        found = [finding(symptom) for symptom in self.symptoms]
        ranges = ScalingMismatch().update(Observation(0, {}, facts_for(config)))
        return [*found, ranges] if ranges else found


SMALL: Row = {"hidden_g": (16, 32), "hidden_d": (32, 16), "latent_dim": 8, "batch_size": 8,
               "data_limit": 1000}  # fmt: skip
BEYOND = Evidence("d_loss", float("nan"), "beyond", 0.0)
SGD: Row = {"optimizer_d": "sgd", "optimizer_g": "sgd"}
_CRITIC: Row = {"loss": "wgan_gp", "head": "logits"}
_CLIPPED: Row = {"loss": "wgan", "head": "logits"}
_LABELS: Row = {"conditional": "one_hot"}
_POINTS: Row = {"data": "ring8", "data_range": "standardised"}
_DCGAN: Row = {"architecture": "dcgan", "filters_g": 2}
S = Symptom


def finding(symptom: Symptom, step: int = 500) -> Finding:
    proof = BEYOND if symptom is Symptom.DIVERGENCE else Evidence("x", 1.0, ">", 0.5)
    return Finding(symptom, Severity.FAILURE, step, "It stands.", (proof,), CATALOGUE)


SCENES = (
    Scene("generator-sign", {"generator_label": 0.0}, (S.SATURATION,)),
    Scene("missing-sigmoid", {"head": "raw"}, error="elements should be between 0 and 1"),
    Scene("learning-rate-too-high", {"lr_d": 0.02}, (S.CLAMP_DEATH,)),
    Scene("learning-rate-too-high", {"lr_g": 0.01}, (S.DEAD_UNITS,)),
    Scene("learning-rate-too-high", {"lr_d": 0.02, "lr_g": 0.05}, (S.FALSE_EQUILIBRIUM,)),
    Scene("learning-rate-too-high", {**SGD, "lr_d": 0.5, "lr_g": 0.05}, (S.TOTAL_COLLAPSE,)),
    Scene("learning-rate-too-high", {"lr_d": 0.002}, (S.DIVERGENCE,), rests_on_symptoms=True),
    Scene("range-mismatch", {"output": "sigmoid"}),
    Scene("range-mismatch", {"output": "x255"}),
    Scene("range-mismatch", {"data_range": "[0,255]"}),
    Scene("range-mismatch", {"data_range": "[0,1]", "output": "x255"}),
    Scene("range-mismatch", {**_POINTS, "output": "sigmoid"}),
    Scene("learning-rate-too-low", {"lr_d": 1e-5, "lr_g": 5e-6}, (S.BARELY_MOVING,)),
    Scene("learning-rate-too-low", _LABELS, (S.CONDITIONAL_COLLAPSE,)),
    Scene("learning-rate-too-low", {**_LABELS, "lr_d": 1e-5, "lr_g": 1e-5},
          (S.CONDITIONAL_COLLAPSE,)),
    Scene("sigmoid-critic", {**_CRITIC, "head": "sigmoid"}, (S.OFF_DATA,)),
    Scene("no-lipschitz-control", {**_CLIPPED, "weight_clip": 0.0}, (S.CRITIC_UNBOUNDED,)),
    Scene("no-lipschitz-control", {**_CRITIC, "gp_weight": 0.0}, (S.CRITIC_UNBOUNDED,)),
    Scene("gradient-penalty-weak", {**_CRITIC, "gp_weight": 0.1}, (S.CRITIC_UNBOUNDED,)),
    Scene("gradient-penalty-weak", {**_CLIPPED, "weight_clip": 1.0}, (S.CRITIC_UNBOUNDED,)),
    Scene("gradient-penalty-strong", {**_CRITIC, "gp_weight": 1e3}, (S.CRITIC_OVERPENALISED,)),
    Scene("saturating-generator-loss", {"loss": "saturating"}, (S.SATURATION,)),
    Scene("discriminator-too-strong", {"n_critic": 5}, (S.DISCRIMINATOR_DOMINATES,)),
    Scene("discriminator-too-strong", {"lr_d": 2e-3}, (S.SATURATION,)),
    Scene("discriminator-too-strong", {"hidden_d": (512, 512)}, (S.TOTAL_COLLAPSE,)),
    Scene("discriminator-too-strong", {"hidden_d": (512, 512), "lr_d": 2e-3, "n_critic": 2},
          (S.SATURATION,)),
    Scene("discriminator-too-strong", {**_DCGAN, "filters_d": 16}, (S.SATURATION,)),
    Scene("discriminator-too-weak", {"lr_g": 1e-3, "lr_d": 1e-4}, (S.MODE_HOPPING,)),
    Scene("discriminator-too-weak", {"lr_g": 1e-3}, (S.DISCRIMINATOR_BLIND,)),
    Scene("too-few-images", {"data_limit": 100}, (S.MEMORISATION,), rests_on_symptoms=True),
    Scene("adam-momentum", {"beta1_d": 0.9, "beta1_g": 0.0}, (S.OSCILLATION,)),
    Scene("adam-momentum", {"beta1_d": 0.97, "beta1_g": 0.97}, (S.QUALITY_DECLINE,)),
    Scene("optimizer-unsuited", {**SGD, "lr_d": 0.01, "lr_g": 0.01}, (S.TOTAL_COLLAPSE,)),
    Scene("optimizer-unsuited", {**SGD}, (S.BARELY_MOVING,)),
    Scene("mode-collapse", {}, (S.PARTIAL_COLLAPSE,), rests_on_symptoms=True),
    Scene("mode-collapse", {"norm_g": "none", "output": "sigmoid", "data_range": "[0,1]"},
          (S.TOTAL_COLLAPSE,), rests_on_symptoms=True),
)  # fmt: skip
NAMES = [f"{scene.cause}: {scene.settings}" for scene in SCENES]


Worse = Callable[[RunConfig, RunConfig], bool]


def _stronger(old: RunConfig, new: RunConfig) -> bool:
    def lead(c: RunConfig) -> float:
        return c.n_critic * c.lr_d / c.lr_g

    freed = any(
        getattr(new, name) < getattr(old, name)
        for name in ("r1_weight", "r2_weight", "instance_noise", "weight_decay_d", "dropout_d")
    )
    return lead(new) > 1.001 * lead(old) or freed or new.pack > old.pack or (
        new.minibatch_std > old.minibatch_std
    )  # fmt: skip


def _fits(c: RunConfig) -> bool:
    facts = facts_for(c)
    return facts["unreachable"] < 0.01 and facts["waste"] < 0.1


WORSE: dict[str, Worse] = {
    "generator-sign": lambda old, new: new.generator_label < old.generator_label,
    "missing-sigmoid": lambda old, new: new.head == "raw",
    "learning-rate-too-high": lambda old, new: new.lr_d > old.lr_d or new.lr_g > old.lr_g
    or (new.head != old.head and max(new.lr_d, new.lr_g) >= 5e-3),
    "learning-rate-too-low": lambda old, new: new.lr_d < old.lr_d or new.lr_g < old.lr_g,
    "range-mismatch": lambda old, new: _fits(old) and not _fits(new),
    "sigmoid-critic": lambda old, new: old.head == "logits" and new.head != "logits",
    "no-lipschitz-control": lambda old, new: new.gp_weight < old.gp_weight,
    "gradient-penalty-weak": lambda old, new: new.gp_weight < old.gp_weight,
    "gradient-penalty-strong": lambda old, new: new.gp_weight > old.gp_weight,
    "saturating-generator-loss": _stronger,
    "discriminator-too-strong": _stronger,
    "discriminator-too-weak": lambda old, new: new.lr_d * new.n_critic * old.lr_g
    < 0.999 * old.lr_d * old.n_critic * new.lr_g or new.r1_weight > old.r1_weight
    or new.instance_noise > old.instance_noise,
    "too-few-images": lambda old, new: 0 < new.data_limit < (old.data_limit or 1e9),
    "adam-momentum": lambda old, new: new.beta1_d > old.beta1_d or new.beta1_g > old.beta1_g,
    "optimizer-unsuited": lambda old, new: "sgd" in (new.optimizer_d, new.optimizer_g)
    and (new.lr_d < old.lr_d or new.lr_g < old.lr_g),
    "mode-collapse": lambda old, new: new.pack < old.pack,
}  # fmt: skip
