"""Which metrics share a chart, in the lab and on the doctor's page, and their names."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = {
    "d_loss": "D loss",
    "g_loss": "G loss",
    "penalty": "penalty",
    "d_real": "D(x)",
    "d_fake": "D(G(z))",
    "logit_real": "D's score of x",
    "logit_fake": "D's score of G(z)",
    "grad_norm_d": "D gradient",
    "grad_norm_g": "G gradient",
    "input_gradient": "gradient at G(z)",
    "loss_slope": "slope of G's loss",
    "auc": "D's AUC",
    "interpolate_norm": "gradient on interpolates",
    "std_ratio": "deviation ratio",
    "dead_units_d": "D's dead units",
    "dead_units_g": "G's dead units",
    "codebook_js": "distance to the codebook",
    "logit_held_out": "D's score of held-out x",
}
_OVER_DECADES = {"grad_norm_d", "grad_norm_g", "input_gradient", "loss_slope",
                 "update_ratio_d", "update_ratio_g"}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The metrics of one chart."""

    key: str
    title: str
    metrics: tuple[str, ...]

    @property
    def over_decades(self) -> bool:
        """Whether all of them are read on a logarithmic axis."""
        return _OVER_DECADES.issuperset(self.metrics)


LOSSES = Group("losses", "Losses", ("d_loss", "g_loss"))
OUTPUTS = Group("outputs", "D's outputs", ("d_real", "d_fake"))
SCORES = Group("outputs", "D's scores", ("logit_real", "logit_fake"))
GRADIENTS = Group("gradients", "Gradients", ("grad_norm_d", "grad_norm_g"))
DIVERSITY = Group("diversity", "Diversity", ("diversity",))


def label(metric: str) -> str:
    """A metric's name as the charts say it."""
    return LABELS.get(metric, metric.replace("_", " "))
