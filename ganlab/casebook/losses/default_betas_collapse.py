"""Example 1 normalised, with the default betas it has."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import LOSSES
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="default-betas-collapse",
    title="Example 1 normalised: Adam's default betas",
    document=LOSSES,
    passage="Example 1: Basic GAN with Minimax Loss",
    claim=(
        "D converges too quickly, which leaves G a weaker gradient, and G's loss plateaus at a "
        "high value."
    ),
    verdict="partly",
    truth=(
        "With the data normalised G's loss does plateau, mostly between 1 and 5, but its "
        "gradient is not weak: its norm is 8 to 21. The example leaves Adam's beta1 at its "
        "default of 0.9, and G collapses to one blob, from which it had not recovered after 2 "
        "000 steps. The loss is not the minimax one either: with the labels flipped, as its "
        "comment says, it is the non-saturating one."
    ),
    watch="Diversity below 0.15 until the end; G's gradient norm between 8 and 21 after step 500.",
    shows=("diversity", "grad_norm_g"),
    preset="seed3-mlp",
    settings={"steps": 2000},
    cause="adam-momentum",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1900),),
    cure=Fix(
        "Lower Adam's beta1 to 0.5",
        {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
        "The DCGAN paper found training to oscillate at 0.9 and to be stable at 0.5.",
        "Radford et al. 2016 (arXiv:1511.06434), section 4",
        steps=2500,
    ),
    healthy="Diversity rises above 0.3 within some hundred steps.",
    control="correct-tanh",
)
