"""A linear generator on data in [0, 1]."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="linear-output",
    title="A generator without output activation, data in [0, 1]",
    document=NEAR_ZERO,
    passage="Example 1: Incorrect Output Scaling",
    claim="Without scaling G's output to the data's range, both losses drop near zero at once.",
    verdict="false",
    truth=(
        "Neither loss comes near zero, and digits appear. What is wrong stays small: about a "
        "quarter of the generated values lies outside the real range, mostly noise around the "
        "black background, which the lab says in a warning."
    ),
    watch=(
        "D's loss stays above 0.1; overflow, the share of values out of range, stays at 20 to 33 %."
    ),
    shows=("d_loss", "overflow"),
    preset="small-mlp",
    settings={"output": "linear", "data_range": "[0,1]", "steps": 2500},
    cause="range-mismatch",
    expects=(Named(Symptom.SCALING_MISMATCH, by_step=1500, severity=Severity.WARNING),),
    cure=Fix(
        "Scale both to [-1, 1]",
        {"output": Set("tanh"), "data_range": Set("[-1,1]")},
        "tanh cannot leave the range of the data.",
        "The document's example 3; Radford et al. 2016 (arXiv:1511.06434)",
    ),
    fixes=(
        Fix(
            "Add torch.sigmoid to G's final layer",
            {"output": Set("sigmoid")},
            "The document's own solution for this example: it bounds the output to [0, 1], and G "
            "collapses (plain-sigmoid).",
            "The document's example 1",
            helps=False,
        ),
    ),
    healthy="Generated values stay within the real range.",
    control="correct-tanh",
    shown_by="zero-losses-unflipped",
)
