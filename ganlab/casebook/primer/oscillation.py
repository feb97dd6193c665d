"""One point that runs from mode to mode."""

from ganlab.casebook.case import Case, Fix, Health, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="oscillation",
    title="Oscillation: G runs from mode to mode",
    document=PRIMER,
    passage="Training oscillates — loss goes up and down without converging",
    claim="Betas of 0.5, EMA, learning-rate decay and more D steps end the oscillation.",
    verdict="partly",
    truth=(
        "Eight modes on a ring and a D ten times slower than G: D learns where G was, G has "
        "moved on, and the batch circles from mode to mode. Balance ends it, by more D steps or "
        "by equal rates. Lower betas, EMA and decay alone do not, as the players stay out of "
        "balance. The loss curves show none of this: they lie around 1.39 and 0.71, at the "
        "textbook's equilibrium."
    ),
    watch="Drift around 1, where a settled G's is 0.02 to 0.07; mostly one mode at a time.",
    shows=("drift",),
    preset="seed4-mlp",
    settings={
        "output": "linear",
        "data_range": "standardised",
        "hidden_g": (128, 128),
        "hidden_d": (128, 128),
        "activation_g": "relu",
        "activation_d": "relu",
        "norm_g": "none",
        "dropout_d": 0.0,
        "real_label": 1.0,
        "latent_dim": 2,
        "lr_g": 0.001,
        "lr_d": 0.0001,
        "beta1_d": 0.9,
        "beta1_g": 0.9,
        "steps": 3000,
    },
    cause="discriminator-too-weak",
    expects=(Named(Symptom.MODE_HOPPING, by_step=2500),),
    cure=Fix(
        "Balance: equal learning rates, beta1 0.5",
        {"lr_d": Set(0.001), "beta1_d": Set(0.5), "beta1_g": Set(0.5)},
        "A D as fast as G keeps up with it.",
        "The document's diagnosis (not in balance) and its betas",
    ),
    fixes=(
        Fix(
            "Five D steps for each G step",
            {"n_critic": Set(5)},
            "D catches up with G before G moves on.",
            "The document's fix",
        ),
        Fix(
            "betas (0.5, 0.999) alone",
            {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
            "Momentum was not what put the players out of balance.",
            "The document's fix",
            helps=False,
        ),
        Fix(
            "EMA of G's weights, 0.999",
            {"ema_decay": Set(0.999)},
            "The average covers no mode either: the weights it averages were never on several "
            "modes at once.",
            "The document's fix; Yazici et al. 2019 (arXiv:1806.04498)",
            helps=False,
        ),
        Fix(
            "Learning-rate decay 0.99 an epoch",
            {"lr_decay": Set(0.99)},
            "Both players slow down alike.",
            "The document's fix",
            helps=False,
        ),
    ),
    healthy="Drift falls below 0.1 and most of the eight modes have samples.",
    data=("ring8",),
    health=Health(
        high_quality=0.2,
    ),
)
