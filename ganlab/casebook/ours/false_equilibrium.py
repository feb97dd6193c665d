"""Both networks dead at 1.386 and 0.693."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import OURS
from ganlab.config import Scale
from ganlab.finding import Symptom

CASE = Case(
    slug="false-equilibrium",
    title="The false Nash equilibrium",
    document=OURS,
    passage="What loss curves hide",
    claim=(
        "D's loss at 1.386 and G's at 0.693, D(x) = D(G(z)) = 0.5: the equilibrium of the textbook."
    ),
    verdict="ours",
    truth=(
        "Both networks are dead. Too large a learning rate has switched off more than 95 % of D's "
        "ReLU units, D answers 0.5 to everything, and G's gradient is zero. In a healthy run D's "
        "answers vary from sample to sample."
    ),
    watch="D's loss at 1.386 (2 ln 2), G's at 0.693 (ln 2), and no spread at all in D's logits.",
    preset="small-mlp",
    settings={"lr_d": 0.01, "lr_g": 0.01, "head": "logits", "steps": 1000},
    cause="learning-rate-too-high",
    expects=(
        Signature("d_loss", ">", 1.37, by_step=1000, window=200),
        Named(Symptom.FALSE_EQUILIBRIUM, by_step=1000),
    ),
    cure=Fix(
        "Divide both learning rates by fifty",
        {"lr_d": Scale(0.02), "lr_g": Scale(0.02)},
        "Steps of the usual size leave the units alive.",
        "Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    healthy="The spread of D's logits stays above 0.1; in this pair it is usually above 0.5.",
    control="correct-tanh",
)
