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
        "It has: samples are diverse almost from the start, where the same pair without it looks "
        "alike for some hundred steps, and all classes are covered sooner."
    ),
    watch="Diversity above 0.5 within 300 steps.",
    preset="small-mlp",
    settings={"norm_g": "batch", "steps": 1500},
)
