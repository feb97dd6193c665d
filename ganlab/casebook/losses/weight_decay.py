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
        "At 1e-4 the pair trains as it does without: on MNIST it covers 7 to 8 classes, and 8 to "
        "10 without. The pair is stable anyway, so there is no help to be seen."
    ),
    watch="The same curves as without it.",
    preset="small-mlp",
    settings={"weight_decay_d": 0.0001, "weight_decay_g": 0.0001, "steps": 2500},
)
