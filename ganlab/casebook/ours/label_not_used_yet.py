"""A conditional G that ignores its label, so far."""

from ganlab.casebook.case import Case, Fix, Health, Named, Signature
from ganlab.casebook.documents import OURS
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="label-not-used-yet",
    title="Every digit, but not the one asked for",
    document=OURS,
    passage="What loss curves hide",
    claim="The conditional GAN draws every class, so it works.",
    verdict="ours",
    truth=(
        "The samples cover all ten classes and the losses are balanced, yet a classifier finds "
        "the wanted digit in about one sample of ten, which is chance: both networks ignore the "
        "ten one-hot inputs, which D has beside 784 pixels and G beside 100 latents. It passes "
        "with longer training or a larger learning rate."
    ),
    watch="Rows of the grid, one for each label, show the same digits.",
    preset="cgan-embedding",
    settings={"conditional": "one_hot", "steps": 1500},
    cause="learning-rate-too-low",
    expects=(
        Signature("label_effect", "<", 0.05, by_step=1400, window=500),
        # A notice: the same pair uses its labels later, and a warning would have been wrong.
        Named(Symptom.CONDITIONAL_COLLAPSE, by_step=1400, severity=Severity.NOTICE),
    ),
    cure=Fix(
        "Raise both learning rates to 1e-3",
        {"lr_d": Set(0.001), "lr_g": Set(0.001)},
        "The weights of the ten label inputs grow large enough to matter within the run.",
        "Our measurement",
        steps=3000,
    ),
    fixes=(
        Fix(
            "Train 5 000 steps",
            {},
            "At the same rates the label gets its say later.",
            "Our measurement",
            steps=5000,
        ),
    ),
    healthy="Each row of the grid shows its own digit.",
    health=Health(
        label_accuracy=0.3,
    ),
)
