"""Batch normalisation in G."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import LOSSES

CASE = Case(
    slug="batch-norm",
    title="Batch normalisation in G",
    document=LOSSES,
    passage="Closing advice: modifying the architecture",
    claim="Adding batch normalisation can have a significant impact.",
    verdict="true",
    truth=(
        "It has: on MNIST samples move apart from step 250 to 300 on, where the same pair "
        "without it looks alike until about 400, and all ten classes are covered after 1 500 "
        "steps, where the pair without it covers 8 to 10 after 2 500."
    ),
    watch="Diversity above 0.3 by step 400 and mostly above 0.5 from step 700 on.",
    shows=("diversity",),
    preset="small-mlp",
    settings={"norm_g": "batch", "steps": 1500},
)
