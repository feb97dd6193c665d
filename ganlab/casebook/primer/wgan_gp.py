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
        "It covers every class within a thousand generator steps. For the first 400 or so its "
        "samples look alike: judge it later than a BCE pair."
    ),
    watch="The critic's gradient norm on interpolates between 1 and 1.5.",
    preset="wgan-gp",
    settings={"steps": 1000},
)
