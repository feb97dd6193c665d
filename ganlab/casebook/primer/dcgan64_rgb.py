"""DCGAN at 64x64 RGB."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="dcgan64-rgb",
    title="DCGAN at 64x64 RGB",
    document=PRIMER,
    passage="DCGAN — Deep Convolutional GAN",
    claim=(
        "Its G has 3,576,704 parameters and its D 2,765,568, as its code counts them; the rules "
        "of DCGAN stabilise training."
    ),
    verdict="true",
    truth=(
        "The counts are exact. What the rules do for stability cannot be judged in the twenty "
        "steps of this smoke run: a step takes about a second on a CPU core at a batch of 32. "
        "Raise the number of steps where a GPU is at hand."
    ),
    watch="Finite losses and D's first lead; the parameter counts beside the step.",
    preset="dcgan64-rgb",
    settings={"steps": 20, "observe_every": 1, "probe_every": 10, "batch_size": 32},
    data=("shapes",),
    quick=False,
    judged=False,
)
