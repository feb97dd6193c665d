"""Run 3 at the paper's own widths."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PAPER

CASE = Case(
    slug="paper-adam",
    title="Run 3 at the paper's own widths: Adam",
    document=PAPER,
    passage="5 Results, figure 3",
    claim="With Adam, G makes diverse and plausible digits, and the losses stay in a stable range.",
    verdict="true",
    truth=(
        "It trains: 6 to 8 classes after 2 500 steps. For 800 steps it looks much like the "
        "collapse of run 1, and then recovers; the lab says 'not yet diverse', a notice, and "
        "waits."
    ),
    watch="Diversity below 0.15 at first, above 0.3 before step 1 500.",
    shows=("diversity",),
    preset="paper-mlp",
    settings={"steps": 2500},
    data=("mnist",),
    absent={"digits": "the paper's widths are for the paper's data; narrowed, it runs on both"},
)
