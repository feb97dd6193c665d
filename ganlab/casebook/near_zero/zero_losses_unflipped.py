"""Both losses near zero, as they really get there: G's label is not flipped."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="zero-losses-unflipped",
    title="Both losses near zero: G's label was not flipped",
    document=NEAR_ZERO,
    passage="The title's question",
    claim="Both errors drop to near zero because G's output scaling is wrong.",
    verdict="false",
    truth=(
        "Wrong scaling never gave two losses near zero here. Asking G to be called fake does, "
        "within tens of steps: with label 0 in G's step both players want the same, and G's "
        "gradient vanishes as D gets sure."
    ),
    watch="Both losses below 0.05 within 100 steps; the slope of G's loss below 0.02.",
    preset="small-mlp",
    settings={"generator_label": 0.0, "steps": 700},
    cause="generator-sign",
    expects=(
        Signature("d_loss", "<", 0.05, by_step=300),
        Signature("g_loss", "<", 0.05, by_step=300),
        Named(Symptom.SATURATION, by_step=600),
    ),
    cure=Fix(
        "Label G's samples as real in G's step",
        {"generator_label": Set(1.0)},
        "G then minimises -log D(G(z)), which is large where D is sure.",
        "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
        steps=2500,
    ),
    healthy="G's loss rises above D's while D leads; it does not fall to zero with it.",
    control="correct-tanh",
)
