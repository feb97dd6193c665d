"""Labels 0.9 and 0.1."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import DECLINE

CASE = Case(
    slug="two-sided-smoothing",
    title="Two-sided label smoothing, 0.9 and 0.1",
    document=DECLINE,
    passage="Example 3: Implementing a Stabilizing Technique (Label Smoothing)",
    claim="It keeps D from becoming overly dominant.",
    verdict="partly",
    truth=(
        "D's mean outputs stay around 0.8 and 0.2, and its loss cannot fall below 0.65, the "
        "entropy of the two labels. The pair trains as it does without; on MNIST it covers 6 to "
        "7 classes in 2 500 steps, and 8 to 10 without smoothing. Goodfellow 2016 "
        "(arXiv:1701.00160) advises to smooth the real label only: a smoothed fake label "
        "changes the optimal D where fakes outnumber the data."
    ),
    watch="D's loss stays above 0.65, its floor with these labels.",
    shows=("d_loss",),
    preset="small-mlp",
    settings={"real_label": 0.9, "fake_label": 0.1, "steps": 2500},
)
