"""The primer MLP with default betas."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="default-betas",
    title="Adam's default betas on the course's MLP",
    document=PRIMER,
    passage="Training oscillates — why it happens",
    claim="Default betas of (0.9, 0.999) cause oscillation.",
    verdict="partly",
    truth=(
        "No oscillation was seen on this pair: D dominates for some hundred steps, then it "
        "learns, more slowly: at step 1 500 it covers 8 to 9 classes on MNIST at a variety of "
        "0.3, where beta1 0.5 covers ten at 0.54. On a pair without batch norm the same betas "
        "collapse it (default-betas-collapse)."
    ),
    watch="D nearly certain around steps 250 to 800, then a late start.",
    preset="seed4-mlp",
    settings={"beta1_d": 0.9, "beta1_g": 0.9, "steps": 1500},
    cause="adam-momentum",
    expects=(Named(Symptom.DISCRIMINATOR_DOMINATES, by_step=800, severity=Severity.WARNING),),
    cure=Fix(
        "betas (0.5, 0.999)",
        {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
        "The document's fix.",
        "Radford et al. 2016 (arXiv:1511.06434), section 4",
    ),
    healthy="D never dominates; diversity above 0.5 before step 1 000.",
    control="primer-mlp",
    shown_by="oscillation",
)
