"""G at fifty times its learning rate."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Scale
from ganlab.finding import Symptom

CASE = Case(
    slug="high-learning-rate",
    title="A generator learning rate of 0.01",
    document=PRIMER,
    passage="Mode collapse — why it happens",
    claim="Mode collapse is common with high learning rates.",
    verdict="true",
    truth=(
        "G's first large steps drive its outputs to the bounds of tanh, where it is flat: "
        "nearly all pixels are saturated, the gradient is zero or close to it most of the time, "
        "and every latent gives the same image."
    ),
    watch="All outputs saturated; G's gradient at or near 0; diversity mostly below 0.01.",
    shows=("grad_norm_g", "diversity"),
    preset="small-mlp",
    settings={"lr_g": 0.01, "steps": 1800},
    cause="learning-rate-too-high",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1700),),
    cure=Fix(
        "Divide G's learning rate by fifty",
        {"lr_g": Scale(0.02)},
        "2e-4 is the usual rate for Adam with beta1 0.5.",
        "Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    healthy="Diversity rises above 0.3 within some hundred steps.",
    control="correct-tanh",
)
