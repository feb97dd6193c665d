"""The control of the LeakyReLU case."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="plain-sigmoid",
    title="The control: a plain sigmoid output on data in [0, 1]",
    document=NEAR_ZERO,
    passage="Example 1 (the solution it names) and example 2",
    claim="A sigmoid that scales the output to [0, 1] solves the mismatch.",
    verdict="partly",
    truth=(
        "The ranges fit, and still this MLP without normalisation collapses to one sharp "
        "pattern while D wins. G's gradient does not vanish: from step 500 on its norm is "
        "mostly between 5 and 20. With a tanh output on [-1, 1] the same network draws digits."
    ),
    watch="Diversity below 0.15; D(x) near 1, D(G(z)) near 0; G's gradient large.",
    shows=("diversity", "d_real", "grad_norm_g"),
    preset="small-mlp",
    settings={"output": "sigmoid", "data_range": "[0,1]", "steps": 2000},
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
    healthy="The tanh pair: diversity above 0.3 around step 600.",
    control="correct-tanh",
)
