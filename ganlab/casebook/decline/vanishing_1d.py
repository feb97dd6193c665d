"""A 1-D GAN whose gradients vanish."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import DECLINE
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="vanishing-1d",
    title="The 1-D GAN: vanishing gradients",
    document=DECLINE,
    passage="Example 1: Demonstrating Vanishing Gradients",
    claim="A D loss consistently near zero is a clear sign that G's gradients are vanishing.",
    verdict="partly",
    truth=(
        "On standardised data it does not vanish, even with the minimax loss and a D ten times "
        "as fast. With values of 0 to 255 against a G that starts near zero, it does. A low D "
        "loss alone is no proof: with the non-saturating loss G's gradient stays alive under "
        "it, as d-wins-from-step-one shows."
    ),
    watch=(
        "The slope of G's loss below 0.02; the generated histogram stands still off the real one."
    ),
    preset="seed4-mlp",
    settings={
        "output": "linear",
        "hidden_g": (128,),
        "hidden_d": (128,),
        "activation_g": "relu",
        "activation_d": "relu",
        "norm_g": "none",
        "dropout_d": 0.0,
        "real_label": 1.0,
        "data_range": "[0,255]",
        "loss": "saturating",
        "lr_d": 0.002,
        "steps": 1000,
    },
    cause="saturating-generator-loss",
    expects=(
        Signature("d_loss", "<", 0.05, by_step=800),
        Named(Symptom.SATURATION, by_step=900),
    ),
    cure=Fix(
        "Standardise the data",
        {"data_range": Set("standardised")},
        "Fakes and reals then overlap from the start, and D cannot be certain.",
        "Arjovsky & Bottou 2017 (arXiv:1701.04862), on disjoint supports; our measurement",
        steps=2500,
    ),
    fixes=(
        Fix(
            "Non-saturating loss alone",
            {"loss": Set("non_saturating")},
            "G gets a gradient, but D, ten times as fast, ends on BCELoss's clamp in two seeds of "
            "three, and the third collapses.",
            "Goodfellow et al. 2014 (arXiv:1406.2661)",
            helps=False,
            steps=2500,
        ),
        Fix(
            "Labels 0.9 and 0.1",
            {"real_label": Set(0.9), "fake_label": Set(0.1)},
            "The document's example 3.",
            "The document's example 3",
            helps=False,
            steps=2500,
        ),
    ),
    healthy="By step 200 the generated histogram has the real one's place and most of its width.",
    data=("gaussian1d",),
)
