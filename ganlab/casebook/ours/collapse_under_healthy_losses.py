"""Total collapse under textbook losses."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import OURS
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="collapse-under-healthy-losses",
    title="Total collapse under textbook losses",
    document=OURS,
    passage="What loss curves hide",
    claim=(
        "D's loss near 1.386, G's near 0.693, D(x) and D(G(z)) near 0.5: training looks balanced."
    ),
    verdict="ours",
    truth=(
        "Every latent gives the same image. D, ten times slower than G, cannot keep up, so it is "
        "never sure, and the losses stay where theory wants them. Only the samples tell."
    ),
    watch=(
        "D's loss between 1.2 and 1.5, G's between 0.45 and 0.7, while diversity stays below 0.15."
    ),
    preset="small-mlp",
    settings={"lr_d": 2e-05, "steps": 2000},
    cause="discriminator-too-weak",
    expects=(
        Signature("d_loss", ">", 1.2, by_step=1900, window=500),
        Named(Symptom.TOTAL_COLLAPSE, by_step=1900),
    ),
    cure=Fix(
        "Give D the learning rate of G",
        {"lr_d": Set(0.0002)},
        "A D as fast as G sees the collapse and punishes it.",
        "Our measurement",
        steps=2500,
    ),
    healthy=(
        "D's loss lies lower, mostly between 0.15 and 0.8: D leads, and the samples are diverse."
    ),
    control="correct-tanh",
)
