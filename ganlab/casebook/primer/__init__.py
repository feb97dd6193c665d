"""Systems and errors of the course module."""

from ganlab.casebook.primer import (
    bigger_discriminator,
    cgan_embedding,
    critic_with_sigmoid,
    d_wins_from_step_one,
    dcgan64_rgb,
    default_betas,
    high_learning_rate,
    mode_collapse,
    oscillation,
    penalty_too_strong,
    penalty_too_weak,
    penalty_weak_but_works,
    primer_mlp,
    small_latent,
    wgan_gp,
)

CASES = (
    primer_mlp.CASE,
    dcgan64_rgb.CASE,
    wgan_gp.CASE,
    cgan_embedding.CASE,
    d_wins_from_step_one.CASE,
    bigger_discriminator.CASE,
    mode_collapse.CASE,
    small_latent.CASE,
    high_learning_rate.CASE,
    oscillation.CASE,
    default_betas.CASE,
    critic_with_sigmoid.CASE,
    penalty_too_weak.CASE,
    penalty_weak_but_works.CASE,
    penalty_too_strong.CASE,
)
