"""Lambda below 1 that still works."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="penalty-weak-but-works",
    title="Lambda 0.1: overshoots, does not diverge",
    document=PRIMER,
    passage="WGAN training: critic loss does not decrease",
    claim="If lambda is below 1, training diverges.",
    verdict="false",
    truth=(
        "The critic's gradient norm settles at 20 to 30 instead of 1, and its scores of real "
        "and generated samples lie about a hundred apart where those of lambda 10 lie six "
        "apart. Training goes on all the same, and the samples cover all ten classes."
    ),
    watch=(
        "The gradient norm on interpolates far above 1; scores that go on growing for some hundred "
        "steps."
    ),
    shows=("interpolate_norm", "logit_real"),
    preset="wgan-gp",
    settings={"gp_weight": 0.1, "steps": 1000},
    shown_by="penalty-too-weak",
)
