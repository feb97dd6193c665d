"""G in 0..255 against data in [0, 1]."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="x255-output",
    title="G paints in 0..255, the data lie in [0, 1]",
    document=NEAR_ZERO,
    passage="1. Data Normalization and Output Scaling",
    claim="D will call all generated images highly improbable, and both losses drop near zero.",
    verdict="partly",
    truth=(
        "It fails from the first step, but never with both losses near zero: within 100 steps "
        "one of them sits on BCELoss's clamp at 100 while the other is at zero or falls towards "
        "it. Which one depends on the seed: D calls either everything real or every fake fake. "
        "G's gradient is then exactly zero nearly all the time."
    ),
    watch="One loss at 100, G's gradient at 0, generated pixels 20 to 55 times too wide.",
    preset="small-mlp",
    settings={"output": "x255", "data_range": "[0,1]", "steps": 600},
    cause="range-mismatch",
    expects=(
        Named(Symptom.SCALING_MISMATCH, by_step=0),
        Named(Symptom.CLAMP_DEATH, by_step=300),
    ),
    cure=Fix(
        "Scale both to [-1, 1]",
        {"output": Set("tanh"), "data_range": Set("[-1,1]")},
        "tanh reaches exactly the range that the data are scaled to.",
        "The document's example 3; Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    healthy="Generated and real values share their range; both losses stay between 0.03 and 10.",
    control="correct-tanh",
)
