"""The WGAN-GP of the course."""

from ganlab.casebook.case import Case
from ganlab.casebook.documents import PRIMER

CASE = Case(
    slug="wgan-gp",
    title="WGAN-GP with n_critic 5 and lambda 10",
    document=PRIMER,
    passage="Mode collapse, vanishing gradients, and the Wasserstein fix",
    claim="WGAN-GP is more stable than the vanilla GAN.",
    verdict="true",
    truth=(
        "It covers all ten classes within a thousand generator steps. For the first 300 to 400 "
        "its samples look alike, which is no collapse."
    ),
    watch="The critic's gradient norm on interpolates between 1 and 1.45.",
    shows=("interpolate_norm",),
    preset="wgan-gp",
    settings={"steps": 1000},
)
