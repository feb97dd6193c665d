"""Cases of the question why loss functions fail."""

from ganlab.casebook.losses import (
    batch_norm,
    cgan_one_hot,
    default_betas_collapse,
    faster_discriminator,
    raw_255_data,
    slower_discriminator,
    weight_decay,
    wgan_gp_example,
)

CASES = (
    raw_255_data.CASE,
    default_betas_collapse.CASE,
    wgan_gp_example.CASE,
    cgan_one_hot.CASE,
    slower_discriminator.CASE,
    faster_discriminator.CASE,
    weight_decay.CASE,
    batch_norm.CASE,
)
