"""Lambda far too small."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="penalty-too-weak",
    title="Critic loss flat: lambda 0.001",
    document=PRIMER,
    passage="WGAN training: critic loss does not decrease",
    claim="With lambda below 1 the critic's scores are unbounded and training diverges.",
    verdict="partly",
    truth=(
        "At lambda 0.001 scores reach hundreds, a thousand at step 100, and G's gradient grows "
        "with them. Nothing becomes infinite in 600 steps, but the samples collapse to 1 to 3 "
        "classes on MNIST. At 0.1 the norm is far off as well and the pair still learns "
        "(penalty-weak-but-works)."
    ),
    watch="The gradient norm on interpolates swings up to 50 or more; scores in the hundreds.",
    preset="wgan-gp",
    settings={"gp_weight": 0.001, "steps": 600},
    cause="gradient-penalty-weak",
    expects=(
        Signature("interpolate_norm", ">", 2.0, by_step=400),
        Named(Symptom.CRITIC_UNBOUNDED, by_step=600, severity=Severity.NOTICE),
    ),
    cure=Fix(
        "Set lambda to 10",
        {"gp_weight": Set(10.0)},
        "The value of the WGAN-GP paper, and the document's fix.",
        "Gulrajani et al. 2017 (arXiv:1704.00028)",
        steps=1000,
    ),
    healthy="The gradient norm on interpolates lies between 0.9 and 1.5 after some hundred steps.",
    control="wgan-gp",
)
