"""Mode collapse in a histogram."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import DECLINE
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="histogram-1d",
    title="Mode collapse in a histogram",
    document=DECLINE,
    passage="Example 2: Illustrating Mode Collapse",
    claim="A histogram that concentrates around a few values shows mode collapse.",
    verdict="true",
    truth=(
        "Four modes on a line, and a D ten times slower than G: the generated histogram is "
        "mostly one spike that jumps from mode to mode. A single look does not tell it from a "
        "spike that stands still, so watch it live. The losses look balanced nearly throughout, "
        "D's around 1.3 and G's around 0.8."
    ),
    watch="One orange spike over four blue ones, at another place from sample to sample.",
    preset="seed4-mlp",
    settings={
        "output": "linear",
        "data_range": "standardised",
        "hidden_g": (128, 128),
        "hidden_d": (128, 128),
        "activation_g": "relu",
        "activation_d": "relu",
        "norm_g": "none",
        "dropout_d": 0.0,
        "real_label": 1.0,
        "latent_dim": 8,
        "lr_g": 0.001,
        "lr_d": 0.0001,
        "steps": 2500,
    },
    cause="discriminator-too-weak",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=2500),),
    cure=Fix(
        "Give D the learning rate of G",
        {"lr_d": Set(0.001)},
        "A D as fast as G keeps up with it.",
        "Our measurement",
    ),
    healthy="All four modes are in the histogram.",
    data=("mixture1d",),
)
