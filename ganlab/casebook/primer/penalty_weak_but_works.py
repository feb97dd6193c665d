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
        "The critic's gradient norm overshoots, its scores are ten times those of lambda 10, and "
        "training goes on: the samples cover the classes."
    ),
    watch="The gradient norm on interpolates above 2, then falling.",
    preset="wgan-gp",
    settings={"gp_weight": 0.1, "steps": 1000},
    shown_by="penalty-too-weak",
)
