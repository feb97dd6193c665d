"""Run 1 at the paper's own widths."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PAPER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="paper-sgd-fast",
    title="Run 1 at the paper's own widths: SGD with momentum 0.5, learning rate 0.1",
    document=PAPER,
    passage="5 Results, figure 1",
    claim="D's loss saturates at its maximum while G's drops to zero, with no diversity at all.",
    verdict="partly",
    truth=(
        "Two separate events. From the start every latent gives nearly the same image while "
        "both losses look normal. Later D's loss freezes at exactly 100: BCELoss clamps its "
        "logarithm there and its gradient is exactly zero. All three seeds showed both within 2 "
        "000 steps; G's loss was then 0 in two of them and 100 in one."
    ),
    watch="Diversity below 0.15 under losses around 1; then D's loss at exactly 100, gradients 0.",
    preset="paper-mlp",
    settings={
        "optimizer_d": "momentum",
        "optimizer_g": "momentum",
        "lr_d": 0.1,
        "lr_g": 0.1,
        "steps": 2000,
    },
    cause="optimizer-unsuited",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=2000),),
    cure=Fix(
        "Switch both to Adam (2e-4, 0.5, 0.999)",
        {
            "optimizer_d": Set("adam"),
            "optimizer_g": Set("adam"),
            "lr_d": Set(0.0002),
            "lr_g": Set(0.0002),
        },
        "The paper's own third run: Adam's per-weight step sizes train the pair that SGD cannot.",
        "The paper, section 5, figure 3",
        steps=2500,
    ),
    healthy="Diversity rises above 0.3 before step 1 500.",
    control="paper-adam",
    data=("mnist",),
    absent={"digits": "the paper's widths are for the paper's data; narrowed, it runs on both"},
)
