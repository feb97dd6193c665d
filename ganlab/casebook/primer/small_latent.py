"""A latent of two numbers."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="small-latent",
    title="A latent of two numbers",
    document=PRIMER,
    passage="Mode collapse — why it happens",
    claim="Mode collapse is common when the latent space is too small.",
    verdict="false",
    truth=(
        "Not reproduced on digits: with two latent numbers instead of 100 the same pair covers "
        "most classes at its usual diversity."
    ),
    watch="Diversity as with a latent of 100.",
    preset="small-mlp",
    settings={"latent_dim": 2, "steps": 3000},
    shown_by="mode-collapse",
)
