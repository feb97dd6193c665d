"""Lambda 1000."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="penalty-too-strong",
    title="Lambda 1000: learns all the same",
    document=PRIMER,
    passage="WGAN training: critic loss does not decrease",
    claim="If lambda is above 100, the critic is over-regularised and cannot learn.",
    verdict="false",
    truth=(
        "The critic's gradient norm is pinned at 1 and its first penalties are in the hundreds. "
        "It learns all the same, more slowly: 8 to 9 classes after 1 000 steps on MNIST, where "
        "lambda 10 covers ten."
    ),
    watch="The gradient norm on interpolates between 0.96 and 1.04.",
    shows=("interpolate_norm",),
    preset="wgan-gp",
    settings={"gp_weight": 1000.0, "steps": 1000},
    shown_by="critic-with-sigmoid",
)
