"""Run 1 narrowed, at three times its learning rate."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import PAPER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="narrow-sgd-faster",
    title="Run 1, narrowed, at learning rate 0.3: BCE clamp death",
    document=PAPER,
    passage="5 Results, figure 1",
    claim="D's loss saturates at its maximum while G's drops to zero.",
    verdict="partly",
    truth=(
        "At 0.3 the end of run 1 comes at once and with every seed: within 20 steps one loss or "
        "both stand on BCELoss's clamp, and every gradient is exactly zero. In four runs of six "
        "D's loss is at its maximum and G's at zero, as claimed; in one it is the other way "
        "round, in one both are at 100. D's loss is 200 where both its terms are on the clamp."
    ),
    watch=(
        "A loss at exactly 100 (D's at 200 if both its terms are clamped) and gradients of "
        "exactly 0."
    ),
    preset="paper-mlp",
    settings={
        "hidden_g": (256, 256),
        "optimizer_d": "momentum",
        "optimizer_g": "momentum",
        "lr_d": 0.3,
        "lr_g": 0.3,
        "steps": 600,
    },
    cause="learning-rate-too-high",
    expects=(
        Named(Symptom.CLAMP_DEATH, by_step=200),
        Signature("grad_norm_g", "<", 1e-06, by_step=300),
    ),
    cure=Fix(
        "Switch both to Adam (2e-4, 0.5, 0.999)",
        {
            "optimizer_d": Set("adam"),
            "optimizer_g": Set("adam"),
            "lr_d": Set(0.0002),
            "lr_g": Set(0.0002),
        },
        "The paper's own third run.",
        "The paper, section 5, figure 3",
        steps=4000,
    ),
    fixes=(
        Fix(
            "The loss on logits",
            {"head": Set("logits")},
            "It has no clamp, and leaves SGD at this rate to collapse or overflow in its own way.",
            "PyTorch, BCEWithLogitsLoss",
            helps=False,
            steps=2000,
        ),
    ),
    healthy="Losses stay below 20 and G's gradient norm above 0.1.",
    control="narrow-adam",
)
