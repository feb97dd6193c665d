"""The BN and dropout MLP with label smoothing."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="primer-mlp",
    title="The MLP with batch norm, dropout and label smoothing",
    document=PRIMER,
    passage="Training loop — alternating D and G updates",
    claim="D(x) settles at 0.6 to 0.8 and D(G(z)) at 0.3 to 0.5.",
    verdict="partly",
    truth=(
        "It trains well: all ten classes after 1 500 steps. But the target of D(x) holds in "
        "passing only: with real labels at 0.9 and dropout D(x) goes on falling, to about 0.5, "
        "and samples improve meanwhile; D(G(z)) ends around 0.4."
    ),
    watch="D's loss near 1.2, G's near 1; diversity above 0.15 from the start.",
    shows=("d_loss", "diversity"),
    preset="seed4-mlp",
    settings={"steps": 1500},
)
