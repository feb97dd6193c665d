"""Weight decay."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import LOSSES

CASE = Case(
    slug="weight-decay",
    title="Weight decay on both networks",
    document=LOSSES,
    passage="Closing advice: regularization techniques",
    claim="Weight decay can improve stability.",
    verdict="partly",
    truth=(
        "At 1e-4 it does no harm, and no help could be measured on this pair, which is stable "
        "without it."
    ),
    watch="The same curves as without it.",
    preset="small-mlp",
    settings={"weight_decay_d": 0.0001, "weight_decay_g": 0.0001, "steps": 2500},
)
