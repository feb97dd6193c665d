"""A D with far more parameters than G."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="bigger-discriminator",
    title="D wins: many more parameters than G",
    document=PRIMER,
    passage="Generator loss goes to zero immediately — Discriminator wins from step one",
    claim="A D with many more parameters than G wins, and G's gradient vanishes.",
    verdict="true",
    truth=(
        "With two hidden layers of 1 024 units, 1.9 million parameters against G's 0.25 million, "
        "and the saturating loss, G's gradient vanishes although learning rates and steps are "
        "equal."
    ),
    watch=(
        "D's loss mostly below 0.03 from step 400 on, and below 0.001 in two seeds of three; "
        "the slope of G's loss below 0.02."
    ),
    preset="small-mlp",
    settings={"loss": "saturating", "hidden_d": (1024, 1024), "steps": 1500},
    cause="discriminator-too-strong",
    expects=(Named(Symptom.SATURATION, by_step=1400),),
    cure=Fix(
        "Similar parameter counts and the non-saturating loss",
        {"hidden_d": Set((256, 128)), "loss": Set("non_saturating")},
        "A D of G's size is less often certain, and -log D(G(z)) keeps its slope where it is.",
        "The document's fix",
        steps=2500,
    ),
    healthy="With equal sizes the slope of the same loss is mostly between 0.01 and 0.5.",
    control="saturating-loss-alone",
)
