"""The saturating loss with equal players does not vanish."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import NEAR_ZERO

CASE = Case(
    slug="saturating-loss-alone",
    title="The control: the saturating loss with equal learning rates",
    document=NEAR_ZERO,
    passage="2. Activation Function Saturation",
    claim="Saturation leads to early convergence at zero loss.",
    verdict="false",
    truth=(
        "With equal learning rates the saturating loss trains digits: D is never so sure for long "
        "that the slope is gone. A saturating loss alone is no failure."
    ),
    watch=(
        "G's loss lies below zero, mostly between -0.5 and -0.02; its gradient between 0.1 and 2."
    ),
    preset="small-mlp",
    settings={"loss": "saturating", "steps": 2500},
    shown_by="zero-losses-saturating",
)
