"""Unequal learning rates that work."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import LOSSES

CASE = Case(
    slug="slower-discriminator",
    title="Unequal learning rates: G twice as fast as D",
    document=LOSSES,
    passage="Closing advice on optimisers and learning rates",
    claim="Tune the two learning rates independently.",
    verdict="true",
    truth="With G at 4e-4 and D at 2e-4 the small MLP, in which D leads otherwise, trains well.",
    watch="D's loss settles at 0.7 to 0.9, where it is around 0.4 with equal rates.",
    shows=("d_loss",),
    preset="small-mlp",
    settings={"lr_g": 0.0004, "steps": 2500},
)
