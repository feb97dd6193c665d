"""Both losses near zero: the saturating loss against a strong D."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="zero-losses-saturating",
    title="Both losses near zero: saturating loss, strong D",
    document=NEAR_ZERO,
    passage="2. Activation Function Saturation",
    claim="Saturated activations let both losses converge near zero early.",
    verdict="partly",
    truth=(
        "What saturates is the loss, not a hidden activation: log(1 - D(G(z))) is flat where D is "
        "sure. It takes a D that is sure, here by ten times the learning rate; with equal rates "
        "the same loss trains (saturating-loss-alone)."
    ),
    watch=(
        "Both losses within 0.001 of zero from step 120 on; the slope of G's loss below 0.02; G "
        "stands still."
    ),
    preset="small-mlp",
    settings={"loss": "saturating", "lr_d": 0.002, "steps": 1000},
    cause="saturating-generator-loss",
    expects=(
        Signature("d_loss", "<", 0.05, by_step=800),
        Signature("auc", ">", 0.95, by_step=800),
        Named(Symptom.SATURATION, by_step=900),
    ),
    cure=Fix(
        "Non-saturating loss and equal learning rates",
        {"loss": Set("non_saturating"), "lr_d": Set(0.0002)},
        "-log D(G(z)) keeps its slope where D is sure, and an equal D is less often sure.",
        "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
        steps=2500,
    ),
    fixes=(
        Fix(
            "Non-saturating loss alone",
            {"loss": Set("non_saturating")},
            "G gets a gradient, but D, ten times as fast, drove itself onto BCELoss's clamp in "
            "two seeds of three on MNIST and in all three on the digits.",
            "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
            helps=False,
            steps=2500,
        ),
    ),
    healthy="With equal rates the slope of the same loss is mostly between 0.01 and 0.5.",
    control="saturating-loss-alone",
)
