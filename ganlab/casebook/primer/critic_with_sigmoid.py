"""A sigmoid at the end of a WGAN-GP critic."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="critic-with-sigmoid",
    title="Critic loss flat: a sigmoid on the critic",
    document=PRIMER,
    passage="WGAN training: critic loss does not decrease",
    claim=(
        "Check that the critic has no sigmoid: with one the critic loss does not decrease and the "
        "Wasserstein distance stays constant."
    ),
    verdict="true",
    truth=(
        "The critic's scores are bounded to [0, 1], so their distance cannot exceed 1, and its "
        "gradient norm is mostly between 0.5 and 0.8 where the penalty wants 1. G learns one "
        "blurred pattern and no digit."
    ),
    watch=(
        "The gradient norm on interpolates is mostly below 0.8, where a healthy critic's is 1 "
        "to 1.5."
    ),
    preset="wgan-gp",
    settings={"head": "sigmoid", "allow_faults": True, "steps": 500},
    cause="sigmoid-critic",
    expects=(Named(Symptom.CRITIC_BOUNDED, by_step=500),),
    cure=Fix(
        "Remove the critic's sigmoid",
        {"head": Set("logits")},
        "A critic's score has to be unbounded.",
        "The document's fix; Arjovsky et al. 2017 (arXiv:1701.07875)",
        steps=1000,
    ),
    healthy="The gradient norm on interpolates lies between 0.9 and 1.5 after some hundred steps.",
    control="wgan-gp",
)
