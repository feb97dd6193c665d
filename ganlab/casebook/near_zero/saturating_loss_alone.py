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
        "With equal learning rates the saturating loss trains digits, though it covers 6 to 8 "
        "classes on MNIST where the non-saturating one covers 8 to 10. D is never so sure for "
        "long that the slope is gone. It has little to spare: on the embedded digits one seed "
        "in three raised the saturation alarm for a while, and still covered 8 classes."
    ),
    watch=(
        "G's loss lies below zero, mostly between -0.7 and -0.01; its gradient norm mostly "
        "between 0.1 and 2."
    ),
    preset="small-mlp",
    settings={"loss": "saturating", "steps": 2500},
    shown_by="zero-losses-saturating",
    data=("mnist",),
    absent={"digits": "there one seed in three raises saturation for a while, and still learns"},
)
