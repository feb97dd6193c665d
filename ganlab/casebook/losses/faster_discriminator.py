"""Unequal learning rates that fail."""

from ganlab.casebook.case import Case, Fix, Signature
from ganlab.casebook.documents import LOSSES
from ganlab.config import Set

CASE = Case(
    slug="faster-discriminator",
    title="Unequal learning rates: D four times as fast as G",
    document=LOSSES,
    passage="Closing advice on optimisers and learning rates",
    claim="Learning rates tuned independently help convergence.",
    verdict="partly",
    truth=(
        "It depends on the direction. D at 4e-4 and G at 1e-4, chosen for networks with "
        "spectral normalisation (Zhang et al. 2019, arXiv:1805.08318; the two time scales: "
        "Heusel et al. 2017, arXiv:1706.08500), leaves this unregularised MLP collapsed or dead "
        "on MNIST after 2 500 steps; on the digits its samples look alike for a thousand steps "
        "and cover 1 to 4 classes at the end. The other direction works (slower-discriminator)."
    ),
    watch="Diversity below 0.06 for the first 1 000 steps.",
    preset="small-mlp",
    settings={"lr_d": 0.0004, "lr_g": 0.0001, "steps": 2500},
    cause="discriminator-too-strong",
    expects=(Signature("diversity", "<", 0.3, by_step=1400, window=1000),),
    cure=Fix(
        "Equal learning rates",
        {"lr_d": Set(0.0002), "lr_g": Set(0.0002)},
        "D no longer outruns G.",
        "Our measurement",
    ),
    healthy="Diversity above 0.3 within some hundred steps.",
    control="slower-discriminator",
)
