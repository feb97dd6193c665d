"""D without its final sigmoid, under BCELoss."""

from ganlab.casebook.case import Case, Fix, Refused
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set

CASE = Case(
    slug="missing-sigmoid",
    title="D without its final sigmoid under BCELoss",
    document=NEAR_ZERO,
    passage="1. Data Normalization and Output Scaling",
    claim="An unscaled output from D's final layer leads to unstable training.",
    verdict="false",
    truth=(
        "There is no training to be unstable: PyTorch's BCELoss refuses any input outside [0, 1] "
        "and stops at the first step."
    ),
    watch="The run fails at its first step with PyTorch's own message.",
    preset="small-mlp",
    settings={"head": "raw", "allow_faults": True, "steps": 200},
    cause="missing-sigmoid",
    expects=(Refused("between 0 and 1"),),
    cure=Fix(
        "Use the loss on logits",
        {"head": Set("logits")},
        "BCEWithLogitsLoss applies the sigmoid itself, in a numerically safe form.",
        "PyTorch, BCEWithLogitsLoss",
        steps=2500,
    ),
    fixes=(
        Fix(
            "End D in a sigmoid",
            {"head": Set("sigmoid")},
            "BCELoss expects probabilities.",
            "The document's example 3",
            steps=2500,
        ),
    ),
    healthy="D(x) is a probability from the first step on.",
    control="correct-tanh",
    shown_by="critic-with-sigmoid",
)
