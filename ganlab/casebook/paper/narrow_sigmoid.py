"""Run 4, narrowed for speed."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PAPER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="narrow-sigmoid",
    title="Run 4, narrowed for speed: sigmoid output on data in [0, 1]",
    document=PAPER,
    passage="5 Results, figure 4",
    claim="A sigmoid output on [0, 1] data works reasonably well, slightly blurrier than tanh.",
    verdict="partly",
    truth=(
        "Not for this pair: within 2 000 steps G collapses to one sharp pattern and D wins, "
        "while G's gradient stays large. With batch normalisation in G the same output and "
        "range draw digits. The paper shows epoch 45, some 27 000 steps."
    ),
    watch="Diversity below 0.15; D(x) near 1, D(G(z)) near 0; G's gradient norm above 5.",
    shows=("diversity", "d_real", "grad_norm_g"),
    preset="paper-mlp",
    settings={"hidden_g": (256, 256), "output": "sigmoid", "data_range": "[0,1]", "steps": 2000},
    cause="mode-collapse",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1900),),
    cure=Fix(
        "Batch normalisation in G",
        {"norm_g": Set("batch")},
        "It standardises G's hidden units over the batch, which keeps different latents apart.",
        "Ioffe & Szegedy 2015 (arXiv:1502.03167); our measurement",
        steps=4000,
    ),
    fixes=(
        Fix(
            "tanh output on data in [-1, 1]",
            {"output": Set("tanh"), "data_range": Set("[-1,1]")},
            "The paper's own third run.",
            "The paper, section 5, figure 3",
            steps=4000,
        ),
    ),
    healthy="Diversity rises above 0.3 before step 1 500.",
    control="narrow-adam",
)
