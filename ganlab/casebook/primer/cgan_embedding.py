"""The embedding conditional GAN."""

from ganlab.casebook.case import Case, Fix, Health, Signature
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set

CASE = Case(
    slug="cgan-embedding",
    title="The embedding conditional GAN with controlled generation",
    document=PRIMER,
    passage="Conditional GAN — generate specific classes on demand",
    claim="It generates specific classes on demand.",
    verdict="partly",
    truth=(
        "At its learning rate of 2e-4 several rows of the grid are still salt-and-pepper noise "
        "after 1 500 steps; on MNIST a classifier finds the digit that was asked for in 20 to "
        "41 % of the samples. Both embeddings start as N(0, 1) noise, D's as a whole noise "
        "image, and Adam moves each entry by about the learning rate a step. At five times the "
        "rate, with spectral normalisation of D, every class is drawn, and the digit is the one "
        "asked for in two samples of three."
    ),
    watch="Rows of speckle in the grid; the pixel deviation ratio above 1.4.",
    preset="cgan-embedding",
    settings={"steps": 1500},
    cause="learning-rate-too-low",
    expects=(
        Signature("std_ratio", ">", 1.4, by_step=1400, window=1000, awaits="partial-collapse"),
    ),
    cure=Fix(
        "Learning rates of 1e-3, and spectral normalisation of D",
        {"lr_d": Set(0.001), "lr_g": Set(0.001), "spectral_norm": Set(True)},
        "The label embeddings get to where they carry information within the run.",
        "Our measurement; Kingma & Ba 2015 (arXiv:1412.6980), section 2.1, for Adam's step size",
        steps=2000,
    ),
    healthy="Each row of the grid shows its own digit; the deviation ratio is between 0.8 and 1.",
    health=Health(
        label_accuracy=0.5,
    ),
)
