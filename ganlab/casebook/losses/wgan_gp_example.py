"""WGAN-GP with n_critic 5 and lambda 10."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import LOSSES

CASE = Case(
    slug="wgan-gp-example",
    title="Example 2: WGAN-GP with n_critic 5 and lambda 10",
    document=LOSSES,
    passage="Example 2: Wasserstein GAN with Gradient Penalty (WGAN-GP)",
    claim="WGAN-GP makes training more stable and avoids vanishing gradients.",
    verdict="true",
    truth=(
        "It covers all ten classes after 1 200 generator steps, with five critic steps for "
        "each; the BCE pair of the same size covers 8 to 10 after 2 500. Its early samples look "
        "alike too; a critic that ranks every pair right is healthy here and no sign of "
        "saturation."
    ),
    watch="The critic's gradient norm on interpolates between 1 and 1.4.",
    shows=("interpolate_norm",),
    preset="wgan-gp",
    settings={
        "hidden_g": (128, 256),
        "hidden_d": (256, 128),
        "activation_d": "relu",
        "beta1_d": 0.5,
        "beta1_g": 0.5,
        "steps": 1200,
    },
)
