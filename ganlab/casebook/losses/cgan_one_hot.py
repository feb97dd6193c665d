"""The one-hot conditional GAN."""

from ganlab.casebook.case import Case, Fix, Health, Named
from ganlab.casebook.documents import LOSSES
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="cgan-one-hot",
    title="Example 3: the one-hot conditional GAN",
    document=LOSSES,
    passage="Example 3: Conditional GAN (CGAN)",
    claim="The example shows how conditioning on a label generates specific types of outputs.",
    verdict="false",
    truth=(
        "The printed script stops in its second batch, as it overwrites the class labels with "
        "the ones for D. Repaired, on data in [-1, 1], with its default betas and no batch "
        "normalisation, it collapses like example 1: all labels give the same blob, and a "
        "classifier finds the wanted digit in one sample of ten, which is chance."
    ),
    watch="Diversity below 0.15; every row of the grid, one for each label, shows the same blob.",
    preset="cgan-onehot",
    settings={"steps": 2000},
    cause="adam-momentum",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1900),),
    cure=Fix(
        "beta1 0.5, batch norm in G, and five times the learning rate",
        {
            "beta1_d": Set(0.5),
            "beta1_g": Set(0.5),
            "norm_g": Set("batch"),
            "lr_d": Set(0.001),
            "lr_g": Set(0.001),
        },
        "The lower beta1 ends the collapse; the higher rate lets the labels take effect "
        "within the run, which they do not at 2e-4 (label-not-used-yet).",
        "Radford et al. 2016 (arXiv:1511.06434); our measurement",
        steps=3000,
    ),
    fixes=(
        Fix(
            "beta1 0.5 alone",
            {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
            "It ends the collapse, but at this length of run the labels are still ignored.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            helps=False,
        ),
    ),
    health=Health(
        label_accuracy=0.3,
    ),
    healthy="Each row of the grid shows its own digit.",
)
