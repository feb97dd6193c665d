"""Healthy early training that looks like collapse."""

from ganlab.casebook.case import Case, Named
from ganlab.casebook.documents import OURS
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="early-looks-like-collapse",
    title="Healthy, but it looks like collapse",
    document=OURS,
    passage="What loss curves hide",
    claim="All samples alike after 300 steps: mode collapse.",
    verdict="ours",
    truth=(
        "It is the first phase of healthy training: G first finds something like the mean "
        "image, then its variety. No measure that we tried tells the two apart in the first "
        "hundreds of steps, so the lab gives a notice and no alarm before step 1 500."
    ),
    watch="Diversity below 0.15 at step 300, above 0.3 before step 1 000.",
    preset="small-mlp",
    settings={"steps": 2500},
    expects=(Named(Symptom.NOT_YET_DIVERSE, by_step=400, severity=Severity.NOTICE),),
    healthy="It is one.",
)
