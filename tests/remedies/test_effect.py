"""A remedy is offered where it changes what it promises, and nowhere else: by real steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from ganlab.causes.roster import KINDS
from ganlab.config import LOSSES, ConfigError, RunConfig
from ganlab.engine.trainer import Trainer
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue, offered
from tests.remedies.facts import facts_for, real

# A pair that every remedy finds something to change in.
SICK: dict[str, object] = {
    "hidden_g": (8,), "hidden_d": (64, 64), "filters_g": 2, "filters_d": 8, "latent_dim": 4,
    "norm_g": "none", "norm_d": "none", "activation_g": "relu", "activation_d": "relu",
    "dropout_d": 0.0, "batch_size": 8, "data_limit": 64, "lr_d": 2e-5, "lr_g": 1e-5,
    "beta1_d": 0.9, "beta1_g": 0.9, "n_critic": 2, "gp_weight": 1.0, "weight_clip": 0.05,
    "generator_label": 0.0, "output": "sigmoid", "allow_faults": True, "device": "cpu",
    "data": "ring8",
}  # fmt: skip
HEADS = ("sigmoid", "logits")
IMAGES: tuple[dict[str, object], ...] = (
    {"loss": "non_saturating", "head": "sigmoid"},
    {"loss": "wgan_gp", "head": "logits"},
)
VARIANTS: dict[str, dict[str, object]] = {
    "SGD": {"optimizer_d": "sgd", "optimizer_g": "sgd"},
    "momentum against Adam": {"optimizer_d": "momentum", "optimizer_g": "adam"},
    "RMSprop": {"optimizer_d": "rmsprop", "optimizer_g": "rmsprop"},
    "SGD at a large rate": {"optimizer_d": "sgd", "optimizer_g": "momentum", "lr_g": 0.3},
    "large rates": {"lr_d": 0.02, "lr_g": 0.05},
    "one-hot labels": {"conditional": "one_hot"},
    "embedded labels": {"conditional": "embedding"},
    "a batch that packs badly": {"batch_size": 7},
    "batch norm": {"norm_g": "batch", "norm_d": "batch"},
    "all cured already": {
        "r1_weight": 5.0, "instance_noise": 0.3, "beta1_d": 0.0, "beta1_g": 0.0, "n_critic": 8,
        "minibatch_std": True, "pack": 4, "gp_weight": 10.0, "weight_clip": 0.01,
        "generator_label": 1.0, "output": "tanh", "activation_g": "leaky_relu",
        "activation_d": "leaky_relu", "lr_d": 2e-3, "lr_g": 2e-3,
    },
}  # fmt: skip


def bases() -> Iterator[tuple[str, RunConfig]]:
    """Every head and loss on points; both architectures on images; what else remedies ask for."""
    for head, loss in itertools.product(HEADS, LOSSES):
        yield f"{head} {loss}", sick(head=head, loss=loss)
    for architecture, settings in itertools.product(("mlp", "dcgan"), IMAGES):
        images = {"architecture": architecture, "data": "digits", **settings}
        yield f"{architecture} {settings['loss']}", sick(**images)
    for name, settings in VARIANTS.items():
        yield name, sick(**settings)


def sick(**settings: object) -> RunConfig:
    return RunConfig.of({**SICK, **settings})


def started(config: RunConfig, *, sure: bool) -> Trainer:
    """A run after one step; a D that is sure is where the clamp of a sigmoid head shows."""
    trainer = Trainer(config, data=real(config.data, config.data_limit)[0], monitor=False)
    trainer.advance(1)
    if sure:
        with torch.no_grad():
            trainer.pair.discriminator.last.weight.mul_(1e3)
    return trainer


def weights(trainer: Trainer) -> dict[str, Tensor]:
    """Of both networks after one more step."""
    trainer.advance(1)
    found = {}
    for network in (trainer.pair.generator, trainer.pair.discriminator):
        for name, value in network.state_dict().items():
            assert value.isfinite().all()
            found[f"{type(network).__name__}.{name}"] = value
    return found


def same(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(
        a[name].shape == b[name].shape and torch.equal(a[name], b[name]) for name in a
    )


def known(config: RunConfig) -> list[Remedy]:
    """The whole catalogue, and what is made up for a cause by the facts."""
    constants = [value for value in vars(catalogue).values() if isinstance(value, Remedy)]
    situation = Situation(facts_for(config), config, frozenset(Symptom))
    made = [remedy for kind in KINDS for remedy in kind.cures(situation)]
    names = {remedy.name: remedy for remedy in (*made, *constants)}
    return list(names.values())


@dataclass(frozen=True)
class Bench:
    """A config with its own next step, where D is sure and where it is not."""

    config: RunConfig
    plain: Mapping[bool, dict[str, Tensor]]

    def changed(self, remedy: Remedy) -> bool:
        """Whether a step under the remedy is another one; cold ones are built anew."""
        sure = "head" in remedy.patch
        if remedy.hot:
            trainer = started(self.config, sure=sure)
            trainer.apply(remedy.patch)
        else:
            trainer = started(self.config.patched(remedy.patch), sure=sure)
        return not same(weights(trainer), self.plain[sure])


BASES = dict(bases())


@pytest.mark.parametrize("config", BASES.values(), ids=BASES)
def test_a_remedy_is_offered_exactly_where_it_changes_a_step(config: RunConfig) -> None:
    bench = Bench(config, {sure: weights(started(config, sure=sure)) for sure in (False, True)})
    for remedy in known(config):
        found = offered([remedy], {}, config)
        assert all(bench.changed(each) for each in found), remedy.name
        if not found:
            assert refused(config, remedy) or not bench.changed(remedy), remedy.name


def refused(config: RunConfig, remedy: Remedy) -> bool:
    try:
        config.patched(remedy.patch)
    except ConfigError:
        return True
    return False


def test_every_remedy_of_the_catalogue_is_offered_somewhere() -> None:
    raw = sick(head="raw", loss="non_saturating")
    configs = [*BASES.values(), raw]
    every = [value for value in vars(catalogue).values() if isinstance(value, Remedy)]
    given = {each.name for config in configs for each in every if offered([each], {}, config)}
    never = {each.name for each in every} - given
    assert not never, f"SICK, or a config of BASES, needs a setting that these change: {never}"
