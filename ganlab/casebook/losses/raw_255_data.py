"""Raw 0..255 data against a tanh output."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import LOSSES
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="raw-255-data",
    title="Example 1 as printed: raw 0..255 data, tanh output",
    document=LOSSES,
    passage="Example 1: Basic GAN with Minimax Loss, and the closing advice on normalising",
    claim="G's loss plateaus at a high value because D converges too quickly.",
    verdict="false",
    truth=(
        "The script takes `mnist_data.data.float()`, which skips its own Normalize: the pixels are "
        "0 to 255. G's tanh cannot reach them, so D tells the two apart by size alone. The losses "
        "look healthy all the while, and G's samples differ from each other by less than a "
        "thousandth of what real ones do."
    ),
    watch=(
        "Losses mostly between 0.15 and 2.2, which look fine; the pixel deviation ratio below 0.01."
    ),
    preset="seed3-mlp",
    settings={"data_range": "[0,255]", "steps": 800},
    cause="range-mismatch",
    expects=(
        Named(Symptom.SCALING_MISMATCH, by_step=0),
        Signature("std_ratio", "<", 0.01, by_step=300),
    ),
    cure=Fix(
        "Normalise to [-1, 1], and lower beta1 to 0.5",
        {"data_range": Set("[-1,1]"), "beta1_d": Set(0.5), "beta1_g": Set(0.5)},
        "The data then fit tanh; Adam's default beta1 of 0.9 would let this pair collapse all the "
        "same.",
        "The document's closing advice; Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    fixes=(
        Fix(
            "Normalise to [-1, 1] alone",
            {"data_range": Set("[-1,1]")},
            "The document's advice. It removes the mismatch and uncovers the next fault.",
            "The document's closing advice",
            helps=False,
            steps=2500,
        ),
    ),
    healthy="The pixel deviation ratio is between 0.1 and 1.2, and diversity rises.",
    control="correct-tanh",
    shown_by="zero-losses-saturating",
)
