"""Run 2 at the paper's own widths."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PAPER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="paper-sgd-slow",
    title="Run 2 at the paper's own widths: SGD with momentum 0.5, learning rate 0.002",
    document=PAPER,
    passage="5 Results, figure 2",
    claim="Losses are more stable, but G outputs the same noise whatever its input.",
    verdict="true",
    truth=(
        "The images stay untrained-looking noise for a thousand steps and then turn into one "
        "and the same blob. The losses stay bounded, though they drift: D ends well ahead, as "
        "it does in healthy runs of the small MLP, so they do not give the collapse away."
    ),
    watch="Diversity below 0.15 from first to last; losses between 0.05 and 4.",
    preset="paper-mlp",
    settings={
        "optimizer_d": "momentum",
        "optimizer_g": "momentum",
        "lr_d": 0.002,
        "lr_g": 0.002,
        "steps": 2500,
    },
    cause="optimizer-unsuited",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=2400),),
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
