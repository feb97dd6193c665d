"""LeakyReLU before the output sigmoid."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="leaky-relu-before-sigmoid",
    title="LeakyReLU before the output sigmoid",
    document=NEAR_ZERO,
    passage="Example 2: LeakyReLU in Generator causing limited expressivity",
    claim=(
        "A LeakyReLU before the final sigmoid limits the diversity of the images; tanh is better."
    ),
    verdict="partly",
    truth=(
        "It collapses to one image, and tanh on [-1, 1] cures it, as claimed. But the same network "
        "without the LeakyReLU collapses as well (plain-sigmoid), so this run does not show the "
        "LeakyReLU to be the cause."
    ),
    watch="Diversity below 0.15 from the start, and never moving up.",
    preset="small-mlp",
    settings={"output": "leaky_relu_sigmoid", "data_range": "[0,1]", "steps": 2000},
    cause="mode-collapse",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1800),),
    cure=Fix(
        "Use tanh on data in [-1, 1]",
        {"output": Set("tanh"), "data_range": Set("[-1,1]")},
        "What the document advises, and it works. Why is not isolated: black is the flat end "
        "of tanh as well, but tanh is four times as steep at zero and spans twice the range.",
        "The document's examples 2 and 3",
        steps=2500,
    ),
    healthy=(
        "Its control, the same pair with a plain sigmoid, collapses too; the tanh pair does not."
    ),
    control="plain-sigmoid",
)
