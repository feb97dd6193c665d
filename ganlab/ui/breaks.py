"""Ways to break a run with one click, each drawn from a case of the casebook. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from ganlab.config import ConfigError, Patch, RunConfig, Scale, Set


@dataclass(frozen=True)
class Break:
    """A change that is known to do harm, and the case that tells what it does."""

    title: str
    patch: Patch
    case: str  # its slug

    def changes(self, config: RunConfig) -> bool:
        """Whether the config can take it, and is another one then."""
        try:
            return config.patched(self.patch) != config
        except ConfigError:
            return False


_BOTH_SGD: Patch = {
    "optimizer_d": Set("momentum"),
    "optimizer_g": Set("momentum"),
    "lr_d": Set(0.1),
    "lr_g": Set(0.1),
}

BREAKS = (
    Break("D 100× faster", {"lr_d": Scale(100.0)}, "d-kills-itself"),
    Break("G 50× faster", {"lr_g": Scale(50.0)}, "high-learning-rate"),
    Break("D 10× slower", {"lr_d": Scale(0.1)}, "collapse-under-healthy-losses"),
    Break("Sigmoid output", {"output": Set("sigmoid")}, "sigmoid-on-signed-data"),
    Break("SGD at 0.1", _BOTH_SGD, "narrow-sgd-fast"),
    Break(
        "Saturating loss, fast D",
        {"loss": Set("saturating"), "lr_d": Scale(10.0)},
        "zero-losses-saturating",
    ),
    Break("β₁ 0.9", {"beta1_d": Set(0.9), "beta1_g": Set(0.9)}, "default-betas-collapse"),
)
