"""A D that judges packs (PacGAN) trains, is watched and resumes; a pack of one changes nothing."""

from __future__ import annotations

import io
import json
import math

import pytest
import torch
from torch import Tensor

from ganlab.config import LOSSES, ConfigError, RunConfig, Set
from ganlab.engine import losses
from ganlab.engine.coverage import outcome
from ganlab.engine.data import Dataset
from ganlab.engine.layers import RandomStream
from ganlab.engine.losses import gradient_penalty, zero_centred_penalty
from ganlab.engine.networks import Discriminator, build_networks
from ganlab.engine.step import Look
from ganlab.engine.trainer import Trainer
from ganlab.presets import preset

SMALL: dict[str, object] = {
    "hidden_g": (32, 32), "hidden_d": (32, 32), "batch_size": 16, "steps": 30, "probe_every": 10,
    "sample_every": 10, "filters_g": 4, "filters_d": 4,
}  # fmt: skip


def small(name: str = "small-mlp", **settings: object) -> RunConfig:
    """A preset narrowed for speed."""
    return preset(name, **{**SMALL, **settings})


def critic(config: RunConfig, shape: tuple[int, ...]) -> Discriminator:
    stream = RandomStream(torch.Generator().manual_seed(0))
    return build_networks(config, shape, 10, stream)[1].eval()


@pytest.mark.parametrize(("name", "shape"), [("small-mlp", (1, 28, 28)), ("dcgan28", (1, 28, 28)),
                                             ("small-mlp", (2,))])  # fmt: skip
@pytest.mark.parametrize("pack", [2, 4])
def test_a_pack_is_neighbours_and_has_one_logit(
    name: str, shape: tuple[int, ...], pack: int
) -> None:
    discriminator = critic(small(name, pack=pack), shape)
    x = torch.randn(8, *shape)
    logits = discriminator(x)
    assert logits.shape == (8 // pack,)
    other = torch.cat([x[:-1], torch.randn(1, *shape)])  # another last sample of the last pack
    moved = (discriminator(other) - logits).abs()
    assert torch.allclose(moved[:-1], torch.zeros(8 // pack - 1), atol=1e-6)
    assert moved[-1] > 1e-5


def test_images_are_packed_as_channels_and_points_side_by_side() -> None:
    images = critic(small("dcgan28", pack=3, batch_size=18), (1, 28, 28))
    first = next(m for m in images.modules() if isinstance(m, torch.nn.Conv2d))
    assert first.in_channels == 3
    points = critic(small(pack=3, batch_size=18), (2,))
    linear = next(m for m in points.modules() if isinstance(m, torch.nn.Linear))
    assert linear.in_features == 6


def test_a_penalty_takes_the_gradient_of_the_whole_pack() -> None:
    weight = torch.tensor([3.0, 4.0, 12.0, 0.0])  # norm 13 over two points of two numbers

    def linear(x: Tensor) -> Tensor:
        return x.reshape(-1, 4) @ weight

    real, fake = torch.randn(6, 2), torch.randn(6, 2)
    penalty, norms = gradient_penalty(linear, real=real, fake=fake, mix=torch.rand(3))
    assert norms.tolist() == pytest.approx([13.0] * 3)
    assert penalty.item() == pytest.approx(144.0)
    assert zero_centred_penalty(linear, real).item() == pytest.approx(0.5 * 169.0)


def test_a_pack_of_interpolates_has_one_mixing_weight() -> None:
    seen: list[Tensor] = []

    def watching(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.reshape(-1, 4).sum(dim=1)

    mix = torch.tensor([0.25, 0.75])
    gradient_penalty(watching, real=torch.ones(4, 2), fake=torch.zeros(4, 2), mix=mix)
    assert seen[0][:, 0].tolist() == [0.25, 0.25, 0.75, 0.75]


def _forward_before(self: Discriminator, x: Tensor, labels: Tensor | None = None) -> Tensor:
    """D as it was before there were packs."""
    if self.convolutional:
        features = self.features(self.label.as_planes(x, labels)).permute(0, 2, 3, 1)
    else:
        features = self.features(self.label.joined(x.flatten(1), labels))
    logits: Tensor = self.last(self.batch_features(features.flatten(1)))
    return logits.squeeze(1)


def _gradient_before(critic: losses.Critic, x: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.flatten(1)


@pytest.mark.parametrize("settings", [
    {"name": "seed4-mlp"},
    {"name": "wgan-gp", "n_critic": 2},
    {"name": "dcgan28", "loss": "relativistic", "norm_d": "none", "r1_weight": 1.0,
     "r2_weight": 1.0, "spectral_norm": True},
    {"name": "cgan-embedding"},
    {"name": "small-mlp", "data": "ring8", "minibatch_std": True},
])  # fmt: skip
def test_a_pack_of_one_is_bitwise_the_run_without_packs(settings: dict[str, object]) -> None:
    def weights() -> list[Tensor]:
        trainer = Trainer(small(**settings))  # type: ignore[arg-type]
        list(trainer)
        pair = trainer.pair
        return [*pair.generator.state_dict().values(), *pair.discriminator.state_dict().values()]

    now = weights()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Discriminator, "forward", _forward_before)
        patch.setattr(losses, "_input_gradient", _gradient_before)
        before = weights()
    assert all(torch.equal(a, b) for a, b in zip(now, before, strict=True))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_penalty_trains_on_packs(loss: str, digits: Dataset) -> None:
    config = small(loss=loss, head="logits", pack=4, r1_weight=0.1, r2_weight=0.1,
                   instance_noise=0.1, mode_seeking=0.1)  # fmt: skip
    last = list(Trainer(config, data=digits))[-1]
    assert math.isfinite(last.metrics["d_loss"])
    assert last.metrics["grad_norm_g"] > 0


@pytest.mark.parametrize("settings", [
    {"norm_d": "batch"}, {"norm_d": "layer"}, {"spectral_norm": True}, {"minibatch_std": True},
    {"minibatch_discrimination": 4}, {"ema_decay": 0.9}, {"fresh_fakes": False},
    {"name": "dcgan28"},
])  # fmt: skip
def test_packs_go_with_every_kind_of_network(settings: dict[str, object], digits: Dataset) -> None:
    config = small(**{"head": "logits", "pack": 3, "batch_size": 18, **settings})  # type: ignore[arg-type]
    last = list(Trainer(config, data=digits))[-1]
    assert math.isfinite(last.metrics["d_loss"])
    assert {"logit_held_out", "train_gap", "two_sample_auc"} <= set(last.metrics)


def test_a_step_has_a_logit_for_each_pack(digits: Dataset) -> None:
    trainer, look = Trainer(small("wgan-gp", n_critic=1, pack=8), data=digits), Look()
    trainer.pair.step(look)
    for tensor in (look.logits_real, look.logits_fake, look.g_logits, look.interpolate_norms):
        assert tensor is not None and tensor.shape == (2,)


@pytest.mark.parametrize("pack", range(2, 9))
@pytest.mark.parametrize("data", ["ring8", "mixture1d"])
def test_a_packed_run_on_points_is_shown_with_d_s_surface(data: str, pack: int) -> None:
    config = small(data=data, latent_dim=2, pack=pack, batch_size=4 * pack, steps=2)
    last = list(Trainer(config))[-1]
    assert last.samples is not None and last.samples.surface is not None
    assert last.samples.surface["d"].shape == ((33, 33) if data == "ring8" else (33,))
    assert "logit_held_out" in last.metrics


def test_a_packed_run_learns_the_ring() -> None:
    """Not how well: `bench published` measures that."""
    config = preset(
        "small-mlp", data="ring8", data_range="standardised", output="linear", head="logits",
        latent_dim=2, hidden_g=(64, 64), hidden_d=(64, 64), batch_size=128, pack=2, steps=1500,
        lr_d=1e-3, lr_g=1e-3, probe_every=500, sample_every=1500, observe_every=100,
    )  # fmt: skip
    trainer = Trainer(config)
    before = outcome(trainer, None)
    list(trainer)
    after = outcome(trainer, None)
    assert before is not None and after is not None
    assert after.high_quality is not None and after.high_quality > 0.02
    assert before.covered == 0 and after.covered >= 4


def test_a_packed_run_goes_on_bitwise_from_its_checkpoint() -> None:
    config = small(data="ring8", pack=2)
    whole, part = Trainer(config), Trainer(config)
    part.advance(12)
    resumed = Trainer.resumed(part.checkpoint())
    assert resumed.config.pack == 2
    whole.advance(30), resumed.advance(30)
    for name in ("generator", "discriminator"):
        a, b = (getattr(trainer.pair, name).state_dict() for trainer in (whole, resumed))
        assert all(torch.equal(a[key], b[key]) for key in a)


def test_a_checkpoint_from_before_there_were_packs_has_none() -> None:
    trainer = Trainer(small(data="ring8"))
    trainer.advance(3)
    state = torch.load(io.BytesIO(trainer.checkpoint()), weights_only=True)
    settings = json.loads(state["config"])
    del settings["pack"]
    buffer = io.BytesIO()
    torch.save(state | {"config": json.dumps(settings)}, buffer)
    resumed = Trainer.resumed(buffer.getvalue())
    assert resumed.config.pack == 1
    trainer.advance(5), resumed.advance(5)
    a, b = (run.pair.discriminator.state_dict() for run in (trainer, resumed))
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_the_facts_say_the_pack_and_a_running_run_keeps_it(digits: Dataset) -> None:
    trainer = Trainer(small(pack=2), data=digits)
    facts = trainer.advance(1)[0].facts
    assert facts is not None and facts["pack"] == 2
    with pytest.raises(ConfigError, match="start a new run"):
        trainer.apply({"pack": Set(4)})
