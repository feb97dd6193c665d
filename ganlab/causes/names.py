"""The public names of causes. A symptom is measured, a cause is named. Add, never rename."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """What a cause is called, and what is wrong then, in one sentence."""

    slug: str
    group: str
    doc: str


def _group(group: str, **causes: str) -> dict[str, Name]:
    return {
        slug: Name(slug, group, doc)
        for slug, doc in ((name.replace("_", "-"), doc) for name, doc in causes.items())
    }


CAUSES: Mapping[str, Name] = {
    **_group("Nothing", healthy="nothing is wrong"),
    **_group(
        "Data and range",
        range_mismatch="real and generated samples live in different ranges",
        too_few_images="so few real samples that D memorises them",
        latent_too_small="the latent space cannot carry the variety of the data",
        fixed_noise="the same z in every step",
        latent_mismatch="D's step and G's step (or sampling) draw z from different priors",
        constant_condition="the condition of a conditional GAN carries no usable class information",
    ),
    **_group(
        "Loss contract",
        double_sigmoid="a sigmoid, then a loss that expects logits",
        missing_sigmoid="raw logits into a loss that expects probabilities",
        softmax_before_cross_entropy="softmax, then a loss that expects logits",
        sigmoid_critic="a Wasserstein loss on a bounded output, or on its logarithm",
        saturating_generator_loss="G minimises log(1 - D(G(z))), or a loss without gradient where "
        "D is sure, and D is sure",
        swapped_labels="D is taught that fakes are real, or reals fake",
        generator_sign="G is trained in the wrong direction",
        critic_sign="one of the critic's terms has the wrong sign",
        target_broadcast="target [B] against output [B,1]: the loss averages over a B x B table",
    ),
    **_group(
        "Wiring",
        generator_detached="the graph from G's loss to G is cut",
        discriminator_not_stepped="D's optimiser never steps",
        generator_not_stepped="G's optimiser never steps",
        optimizer_wrong_parameters="an optimiser was built on the other network's parameters",
        optimizer_shared_parameters="one optimiser moves both networks",
        parameters_not_optimised="part of a network is in no optimiser",
        discriminator_frozen="D's parameters do not require gradients when D should learn",
        stale_gradients="gradients of an earlier backward reach a step: they were not zeroed",
        stale_fakes="fakes are made once and reused after G has changed",
    ),
    **_group(
        "Lipschitz control",
        no_lipschitz_control="a Wasserstein critic without clipping, penalty or spectral norm",
        gradient_penalty_norm="the penalty's norm is not taken per sample over all its dimensions",
        gradient_penalty_weak="lambda too small to hold the critic",
        gradient_penalty_strong="lambda so large that the critic cannot learn",
        batchnorm_in_critic="batch norm in a critic with a per-sample gradient penalty",
    ),
    **_group(
        "Normalisation and modes",
        batchnorm_eps="the momentum was passed as eps",
        batchnorm_mixed_batch="real and fake share one batch through a batch-normalised D and leak "
        "their composition",
        norm_before_output="a normalisation layer right before the output activation",
        eval_mode="a network trains in eval mode (dropout off, running statistics used)",
    ),
    **_group(
        "Balance and hyper-parameters",
        learning_rate_too_high="updates so large that a network dies, explodes or jumps",
        learning_rate_too_low="updates so small that nothing is learned",
        discriminator_too_strong="D outruns G: learning rate, steps, capacity",
        discriminator_too_weak="D cannot tell, so G learns nothing from it",
        adam_momentum="Adam's beta1 is too high for the game and training cycles",
        optimizer_unsuited="the optimiser cannot train this pair (plain SGD on the paper's MLP)",
        mode_collapse="G covers few modes with no wiring or range fault behind it",
        mixed_precision_overflow="half precision overflows",
    ),
    **_group("In mid-training", live_change="a setting that was changed while the run trained"),
}
