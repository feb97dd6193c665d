"""A latent of two numbers."""

from ganlab.casebook.case import Case, Health
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="small-latent",
    title="A latent of two numbers",
    document=PRIMER,
    passage="Mode collapse — why it happens",
    claim="Mode collapse is common when the latent space is too small.",
    verdict="partly",
    truth=(
        "It is no collapse on digits: with two latent numbers instead of 100 the samples are as "
        "diverse as usual. But the pair covers fewer classes, 5 to 7 on MNIST after 3 000 "
        "steps, where a latent of 100 covers 8 to 10 after 2 500."
    ),
    watch=(
        "Diversity as with a latent of 100, above 0.5 in the end; some digits missing in the grid."
    ),
    shows=("diversity",),
    preset="small-mlp",
    settings={"latent_dim": 2, "steps": 3000},
    shown_by="mode-collapse",
    # Fewer classes than with a latent of 100 are what the case is about.
    health=Health(
        covered=0.5,
    ),
)
