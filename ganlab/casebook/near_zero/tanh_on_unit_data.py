"""tanh against data in [0, 1]."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="tanh-on-unit-data",
    title="A tanh output on data in [0, 1]",
    document=NEAR_ZERO,
    passage="1. Data Normalization and Output Scaling",
    claim=(
        "The generator must output images in the same range as the data; if not, D tells them "
        "apart at once and both errors drop near zero."
    ),
    verdict="false",
    truth=(
        "G draws digits all the same. It does not learn to avoid the half of its range that the "
        "data lack: about 28 % of its values lie outside the real range, scattered around black "
        "and down to -0.7. The lab warns before the first step that half of the output range is "
        "wasted; the outcome is about as good as that of the matching pair."
    ),
    watch=(
        "A warning at step 0 (waste 0.5), then losses much like those of the correct pair; "
        "overflow stays at 20 to 35 %."
    ),
    shows=("overflow",),
    preset="small-mlp",
    settings={"data_range": "[0,1]", "steps": 2500},
    cause="range-mismatch",
    expects=(Named(Symptom.SCALING_MISMATCH, by_step=0, severity=Severity.WARNING),),
    cure=Fix(
        "Scale the data to [-1, 1]",
        {"data_range": Set("[-1,1]")},
        "The range of tanh and that of the data are then the same.",
        "Radford et al. 2016 (arXiv:1511.06434)",
    ),
    healthy="No warning; the same kind of digits.",
    control="correct-tanh",
    shown_by="sigmoid-on-signed-data",
)
