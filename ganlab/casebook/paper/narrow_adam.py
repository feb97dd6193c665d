"""Run 3, narrowed for speed."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PAPER

CASE = Case(
    slug="narrow-adam",
    title="Run 3, narrowed for speed: Adam",
    document=PAPER,
    passage="5 Results, figure 3",
    claim="With Adam, G makes diverse and plausible digits, and the losses stay in a stable range.",
    verdict="true",
    truth=(
        "It trains: 6 to 9 classes after 4 000 steps. For 600 steps or more it looks much like "
        "the collapse of run 1, and then recovers; the lab says 'not yet diverse', a notice, "
        "and waits."
    ),
    watch="Diversity below 0.15 at first, above 0.3 before step 1 500.",
    shows=("diversity",),
    preset="paper-mlp",
    settings={"hidden_g": (256, 256), "steps": 4000},
)
