"""The document's correct implementation."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import NEAR_ZERO

CASE = Case(
    slug="correct-tanh",
    title="The correct GAN: tanh output, data in [-1, 1]",
    document=NEAR_ZERO,
    passage="Example 3: Correct Implementation",
    claim="A tanh output on data in [-1, 1], with a sigmoid at the end of D, trains.",
    verdict="true",
    truth=(
        "It trains. D leads after the first 300 steps and ends with D(x) near 0.9 and D(G(z)) "
        "near 0.1, which is no fault: digits appear anyway."
    ),
    watch=(
        "Diversity rises above 0.3 around step 600; D's loss lies mostly between 0.15 and 0.85 "
        "after the first 300 steps."
    ),
    shows=("diversity", "d_loss"),
    preset="small-mlp",
    settings={"steps": 2500},
)
