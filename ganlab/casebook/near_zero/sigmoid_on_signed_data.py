"""sigmoid against data in [-1, 1]."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="sigmoid-on-signed-data",
    title="A sigmoid output on data in [-1, 1]",
    document=NEAR_ZERO,
    passage="1. Data Normalization and Output Scaling",
    claim="With output and data in different ranges, both errors drop to near zero.",
    verdict="partly",
    truth=(
        "D's loss does drop near zero, G's does not. The background of a digit is -1, which a "
        "sigmoid cannot reach, so D tells every fake by one pixel. G pins its output at 0, the "
        "value closest to -1; there the sigmoid is flat, and what kills G's gradient is its own "
        "output layer: D still sends a signal."
    ),
    watch=(
        "Every output pixel pinned at 0; G's loss climbs to 6 while its gradient norm falls "
        "below 0.1."
    ),
    preset="small-mlp",
    settings={"output": "sigmoid", "steps": 1000},
    cause="range-mismatch",
    expects=(
        Named(Symptom.SCALING_MISMATCH, by_step=0),
        Named(Symptom.SATURATION, by_step=900),
    ),
    cure=Fix(
        "Give G a tanh output",
        {"output": Set("tanh")},
        "tanh reaches -1, the background of the data.",
        "The document's example 3; Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    healthy=(
        "A share of pixels at the bounds is normal (most of a digit is background); all is not."
    ),
    control="correct-tanh",
)
