"""A trainer is an iterator of observations that repeats, resumes and is not disturbed by looks."""

from __future__ import annotations

import io
import json
import math
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor

from ganlab.config import LOSSES, OPTIMIZERS, ConfigError, RunConfig, Scale, Set
from ganlab.engine.checkpoint import CheckpointError, packed, unpacked
from ganlab.engine.coverage import draw
from ganlab.engine.data import Dataset
from ganlab.engine.pending import DivergedError
from ganlab.engine.trainer import Trainer
from ganlab.observation import METRICS, Observation
from ganlab.presets import preset

NARROW: dict[str, object] = {"hidden_g": (32, 32), "hidden_d": (32, 32), "batch_size": 16}
QUICK: dict[str, object] = {"steps": 30, "probe_every": 10, "sample_every": 10}


def small(name: str = "seed4-mlp", **settings: object) -> RunConfig:
    """A preset narrowed for speed."""
    return preset(name, **{**NARROW, **QUICK, **settings})


CONVOLUTIONAL: dict[str, object] = {"filters_g": 4, "filters_d": 4, "spectral_norm": True}


def weights(trainer: Trainer) -> dict[str, Tensor]:
    """All parameters and buffers of both networks."""
    pair = trainer.pair
    return {
        f"{player}.{name}": value.clone()
        for player, network in (("g", pair.generator), ("d", pair.discriminator))
        for name, value in network.state_dict().items()
    }


def same(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def comparable(observations: list[Observation]) -> list[tuple[int, dict[str, Any]]]:
    return [(look.step, dict(look.metrics)) for look in observations]


VARIANTS = {
    "BN and dropout": small(),
    "BN in D, spectral norm": small("dcgan28", **CONVOLUTIONAL),
    "WGAN-GP": small("wgan-gp", n_critic=2),
    "conditional": small("cgan-embedding"),
    "averaged": small(ema_decay=0.9),
    "instance noise, mode seeking": small(instance_noise=0.1, mode_seeking=1.0),
}


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_watching_a_run_changes_nothing_of_it(config: RunConfig, digits: Dataset) -> None:
    torch.manual_seed(11)
    state = torch.get_rng_state()
    watched = Trainer(config, data=digits)
    blind = Trainer(config, data=digits, monitor=False)
    list(watched)
    blind.advance(config.steps)
    assert same(weights(watched), weights(blind))
    streams = [trainer.stream.generator.get_state() for trainer in (watched, blind)]
    assert torch.equal(*streams)
    assert torch.equal(torch.get_rng_state(), state)


def test_equal_configs_and_seeds_give_equal_runs(digits: Dataset) -> None:
    first, second = Trainer(small(), data=digits), Trainer(small(), data=digits)
    assert comparable(list(first)) == comparable(list(second))
    assert same(weights(first), weights(second))


def test_other_seeds_give_other_runs(digits: Dataset) -> None:
    first, second = Trainer(small(), data=digits), Trainer(small(seed=1), data=digits)
    first.advance(5), second.advance(5)
    assert not same(weights(first), weights(second))


def test_the_size_of_the_chunks_does_not_show(digits: Dataset) -> None:
    whole, pieces = Trainer(small(), data=digits), Trainer(small(), data=digits)
    chunked = [look for _ in range(10) for look in pieces.advance(3)]
    assert comparable(list(whole)) == comparable(chunked)


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_looks_taken_one_by_one_are_those_taken_together(
    config: RunConfig, digits: Dataset
) -> None:
    whole, single = Trainer(config, data=digits), Trainer(config, data=digits)
    one_by_one: list[Observation] = []
    while single.step < config.steps or not one_by_one:
        looks = single.advance(50, to_next=True)
        assert len(looks) == 1
        one_by_one += looks
    assert comparable(one_by_one) == comparable(list(whole))
    assert same(weights(single), weights(whole))


def test_the_first_look_has_the_facts_and_comes_before_any_step(digits: Dataset) -> None:
    look = Trainer(small(), data=digits).advance(1)[0]
    assert look.step == 0
    assert look.facts is not None
    assert look.facts["real_low"] == pytest.approx(-1.0)
    assert look.samples is not None and look.samples.image is not None
    assert look.samples.image.shape == (8 * 28, 8 * 28)


def test_every_metric_that_is_measured_is_documented(digits: Dataset) -> None:
    for config in (small(), small("wgan-gp", n_critic=1)):
        for look in Trainer(config, data=digits, governed=True):
            assert set(look.metrics) <= set(METRICS)


def test_a_single_step_can_be_looked_at(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(3)
    (look,) = trainer.advance(1, observe_last=True)
    assert look.step == 4
    assert "d_loss" in look.metrics


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains(loss: str, digits: Dataset) -> None:
    config = small(head="logits", loss=loss, r1_weight=0.1, r2_weight=0.1)
    last = list(Trainer(config, data=digits))[-1]
    assert math.isfinite(last.metrics["d_loss"])
    assert last.metrics["grad_norm_g"] > 0


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimiser_moves_both_networks(kind: str, digits: Dataset) -> None:
    trainer = Trainer(small(optimizer_d=kind, optimizer_g=kind, lr_d=1e-3, lr_g=1e-3), data=digits)
    before = weights(trainer)
    trainer.advance(1)
    after = weights(trainer)
    moved = {name[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"g", "d"}


@pytest.mark.parametrize("order", ["d_first", "g_first"])
@pytest.mark.parametrize("fresh", [True, False])
def test_every_order_of_updates_trains(order: str, fresh: bool, digits: Dataset) -> None:
    config = small(update_order=order, fresh_fakes=fresh, n_critic=2, conditional="one_hot")
    last = list(Trainer(config, data=digits))[-1]
    assert last.step == 30


@pytest.mark.parametrize("data", ["ring8", "grid25", "mixture1d", "gaussian1d"])
def test_points_are_trained_and_shown(data: str) -> None:
    config = small("small-mlp", data=data, latent_dim=2)
    last = list(Trainer(config))[-1]
    assert last.samples is not None and last.samples.points is not None
    assert last.samples.surface is not None
    assert len(last.samples.points) == 512


def test_weight_clipping_keeps_the_critic_in_its_box(digits: Dataset) -> None:
    trainer = Trainer(small(loss="wgan", head="logits", weight_clip=0.02), data=digits)
    trainer.advance(3)
    largest = max(p.abs().max().item() for p in trainer.pair.discriminator.parameters())
    assert largest == pytest.approx(0.02)


HOT = {
    "learning rate": {"lr_d": Set(0.01)},
    "scaled rate": {"lr_g": Scale(0.1)},
    "betas": {"beta1_d": Set(0.9), "beta2_g": Set(0.9)},
    "optimiser": {"optimizer_d": Set("sgd")},
    "weight decay": {"weight_decay_d": Set(0.1)},
    "output activation": {"output": Set("sigmoid")},
    "data range": {"data_range": Set("[0,1]")},
    "loss": {"loss": Set("saturating")},
    "smoothing": {"real_label": Set(0.7), "fake_label": Set(0.1)},
    "instance noise": {"instance_noise": Set(0.5)},
    "n_critic": {"n_critic": Set(3)},
    "penalty": {"r1_weight": Set(1.0)},
    "head": {"head": Set("logits")},
}


@pytest.mark.parametrize("patch", HOT.values(), ids=HOT)
def test_a_hot_patch_takes_effect_at_the_next_step(
    patch: dict[str, Set | Scale], digits: Dataset
) -> None:
    patched, plain = Trainer(small(), data=digits), Trainer(small(), data=digits)
    patched.advance(5), plain.advance(5)
    assert same(weights(patched), weights(plain))
    patched.apply(patch)
    patched.advance(1), plain.advance(1)
    if patch != HOT["head"]:  # the same mathematics: it differs only on the clamp
        assert not same(weights(patched), weights(plain))
    assert patched.config == plain.config.patched(patch)


def test_facts_are_sent_again_after_a_patch(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(5)
    trainer.apply({"output": Set("sigmoid")})
    (look,) = trainer.advance(1, observe_last=True)
    assert look.facts is not None and look.facts["reach_low"] == 0.0
    assert look.facts["changes"] == 1
    trainer.apply({"sample_every": Set(7), "steps": Set(90)})  # no say in training
    (look,) = trainer.advance(1, observe_last=True)
    assert look.facts is not None and look.facts["changes"] == 1


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"hidden_g": Set((8,))}, "cannot change while a run trains"),
        ({"loss": Set("hinge")}, "set head=logits"),
        ({"steps": Set(2)}, "has done 5 already"),
    ],
)
def test_a_patch_that_cannot_be_is_refused_and_changes_nothing(
    patch: dict[str, Set | Scale], message: str, digits: Dataset
) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(5)
    with pytest.raises(ConfigError, match=message):
        trainer.apply(patch)
    assert trainer.config == small()


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_a_resumed_run_goes_on_bitwise(config: RunConfig, digits: Dataset) -> None:
    whole = Trainer(config, data=digits)
    expected = [look for look in whole if look.step > 17]
    half = Trainer(config, data=digits)
    half.advance(17)
    resumed = Trainer.resumed(half.checkpoint())
    assert comparable(list(resumed)) == comparable(expected)
    assert same(weights(resumed), weights(whole))


def test_a_checkpoint_remembers_patches(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(2)
    trainer.apply({"optimizer_d": Set("rmsprop"), "lr_d": Set(0.001)})
    trainer.advance(2)
    resumed = Trainer.resumed(trainer.checkpoint(), steps=99)
    assert resumed.config.optimizer_d == "rmsprop"
    assert resumed.config.steps == 99
    look = resumed.advance(1, observe_last=True)[-1]
    assert look.facts is not None and look.facts["changes"] == 1


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _changed(change: dict[str, object]) -> Callable[[bytes], bytes]:
    return lambda data: packed(unpacked(data) | change)


def _without(part: str) -> Callable[[bytes], bytes]:
    return lambda data: packed({name: v for name, v in unpacked(data).items() if name != part})


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _: b"", "cut off, or no file"),
        (lambda _: b"not a checkpoint", "cut off, or no file"),
        (_cut, "cut off, or no file"),
        (lambda _: packed([1]), "holds a list"),  # type: ignore[arg-type]
        (lambda _: pickle.dumps({"config": print}), "cut off, or no file"),
        (_without("config"), "its settings are missing"),
        (_changed({"config": "[]"}), "its settings are missing"),
        (_changed({"config": '{"loss": "of a newer version"}'}), "its settings cannot run"),
        (_without("generator"), "the part 'generator' is missing"),
        (_without("step"), "the part 'step' is missing"),
        (_changed({"generator": {}}), "does not fit its settings"),
        (_changed({"optimizer_d": None}), "does not fit its settings"),
        (_changed({"step": "forty"}), "does not fit its settings"),
    ],
)
def test_a_damaged_checkpoint_is_said_in_our_own_words(
    digits: Dataset, damage: Callable[[bytes], bytes], says: str
) -> None:
    trainer = Trainer(small(), data=digits)
    with pytest.raises(CheckpointError, match=says) as caught:
        Trainer.resumed(damage(trainer.checkpoint()), data=digits)
    assert "weights_only" not in str(caught.value)
    assert "Start a new run" in str(caught.value)


def test_the_average_of_g_follows_weights_and_buffers(digits: Dataset) -> None:
    trainer = Trainer(small(ema_decay=0.5), data=digits)
    trainer.advance(1)
    name = next(n for n, _ in trainer.pair.generator.named_buffers() if "mean" in n)
    first = trainer.pair.generator.get_buffer(name).clone()
    trainer.advance(1)
    second = trainer.pair.generator.get_buffer(name)
    average = trainer.averaged_generator()
    assert average is not None
    assert torch.allclose(average.get_buffer(name), (first + second) / 2, atol=1e-6)


def test_learning_rates_decay_with_each_epoch(digits: Dataset) -> None:
    trainer = Trainer(small(batch_size=8192, lr_decay=0.5, steps=6), data=digits)
    trainer.advance(6)
    epochs_done = 6 // (len(digits.train) // 8192)
    rate = trainer.pair.optimizer_g.param_groups[0]["lr"]
    assert rate == pytest.approx(2e-4 * 0.5**epochs_done)


@pytest.mark.parametrize(
    ("n_critic", "epochs"), [(1, [0, 1, 1]), (4, [2, 4, 6]), (10, [5, 10, 15])]
)
def test_every_epoch_of_a_step_decays_the_rate(n_critic: int, epochs: list[int]) -> None:
    config = small(data_limit=32, batch_size=16, lr_decay=0.5, steps=3, n_critic=n_critic)
    trainer = Trainer(config)
    assert trainer.pair.batches.per_epoch == 2
    rates = []
    for _ in epochs:
        trainer.advance(1)
        rates.append(trainer.pair.optimizer_g.param_groups[0]["lr"])
        trainer = Trainer.resumed(trainer.checkpoint())
    assert rates == pytest.approx([2e-4 * 0.5**done for done in epochs])


def test_a_tenth_of_an_epoch_ten_times_is_an_epoch(digits: Dataset) -> None:
    config = small(batch_size=len(digits.train) // 10, lr_decay=0.5, steps=10)
    trainer = Trainer(config, data=digits, monitor=False)
    trainer.advance(10)
    assert trainer.pair.optimizer_g.param_groups[0]["lr"] == pytest.approx(1e-4)


def test_a_diverged_run_shows_the_number_and_then_stops(digits: Dataset) -> None:
    config = small("small-mlp", optimizer_g="sgd", optimizer_d="sgd", lr_g=10.0, lr_d=10.0,
                   head="logits", loss="least_squares", observe_every=1)  # fmt: skip
    trainer = Trainer(config, data=digits)
    looks = list(trainer.advance(30))
    assert not math.isfinite(looks[-1].metrics["d_loss"])
    with pytest.raises(DivergedError, match="smaller learning rates"):
        trainer.advance(1)


def test_the_generator_is_exported_as_safetensors(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(2)
    stored = safetensors.torch.load(trainer.generator_weights())
    assert same(stored, dict(trainer.pair.generator.state_dict()))


def test_a_device_that_is_not_there_is_a_clear_error(digits: Dataset) -> None:
    missing = next(name for name, there in DEVICES.items() if not there)
    with pytest.raises(ConfigError, match=f"device='{missing}' is not available"):
        Trainer(small(device=missing), data=digits)


DEVICES = {
    "cuda": torch.cuda.is_available(),
    "mps": torch.backends.mps.is_available(),
}


def test_a_diverged_run_keeps_no_checkpoint(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    spoil(trainer)
    (*_, last) = trainer.advance(10)
    assert math.isnan(last.metrics["d_loss"])
    with pytest.raises(DivergedError):
        trainer.checkpoint()


def spoil(trainer: Trainer) -> None:
    with torch.no_grad():
        next(trainer.pair.discriminator.parameters()).fill_(math.nan)


def test_an_average_that_is_switched_on_again_starts_from_g_as_it_is(digits: Dataset) -> None:
    trainer = Trainer(small(ema_decay=0.9), data=digits)
    trainer.advance(3)
    trainer.apply({"ema_decay": Set(0.0)})
    trainer.advance(3)
    trainer.apply({"ema_decay": Set(0.9999)})
    trainer.advance(1)
    averaged = trainer.averaged_generator()
    assert averaged is not None
    assert same(dict(averaged.state_dict()), dict(trainer.pair.generator.state_dict()))


def test_coverage_judges_the_generator_that_samples_come_from(digits: Dataset) -> None:
    trainer = Trainer(small(ema_decay=0.9), data=digits)
    trainer.advance(3)
    averaged = trainer.averaged_generator()
    assert averaged is not None
    with torch.no_grad():
        for parameter in averaged.parameters():
            parameter.zero_()
    assert draw(trainer, 8)[0].std().item() == pytest.approx(0.0, abs=1e-6)


def test_a_changed_n_critic_leaves_past_decay_as_it_was(digits: Dataset) -> None:
    trainer = Trainer(small(batch_size=8192, lr_decay=0.5, steps=20), data=digits)
    trainer.advance(6)
    rate = trainer.pair.optimizer_g.param_groups[0]["lr"]
    trainer.apply({"n_critic": Set(1), "lr_g": Set(4e-4)})
    assert trainer.pair.optimizer_g.param_groups[0]["lr"] == pytest.approx(2 * rate)
    trainer.apply({"n_critic": Set(2)})
    assert trainer.pair.optimizer_g.param_groups[0]["lr"] == pytest.approx(2 * rate)


def test_a_paired_loss_shows_d_real_samples_with_their_own_labels(digits: Dataset) -> None:
    config = small("cgan-embedding", loss="relativistic", head="logits", n_critic=1)
    trainer = Trainer(config, data=digits)
    drawn: list[Tensor] = []
    shown: list[Tensor | None] = []
    batches, discriminator = trainer.pair.batches, trainer.pair.discriminator
    original_next, original_forward = batches.next, discriminator.forward

    def next_batch(data_range: str) -> tuple[Tensor, Tensor | None]:
        real, labels = original_next(data_range)
        assert labels is not None
        drawn.append(labels)
        return real, labels

    def forward(x: Tensor, labels: Tensor | None = None) -> Tensor:
        shown.append(labels)
        return original_forward(x, labels)

    batches.next, discriminator.forward = next_batch, forward  # type: ignore[method-assign]
    trainer.pair.step()
    last = shown[-1]
    assert last is not None and torch.equal(last, drawn[-1])


def test_a_checkpoint_of_another_version_and_machine_can_be_resumed(digits: Dataset) -> None:
    trainer = Trainer(small(), data=digits)
    trainer.advance(2)
    state = torch.load(io.BytesIO(trainer.checkpoint()), weights_only=True)
    missing = next(name for name, there in DEVICES.items() if not there)
    settings = json.loads(state["config"]) | {"removed_setting": 1, "device": missing}
    state["config"] = json.dumps(settings)
    buffer = io.BytesIO()
    torch.save(state, buffer)
    assert Trainer.resumed(buffer.getvalue()).step == 2


def test_dcgan64_has_the_parameters_that_the_course_prints() -> None:
    config = preset("dcgan64-rgb", data="shapes", steps=1, batch_size=4)
    first, *_, last = Trainer(config)
    assert first.facts is not None
    assert (first.facts["parameters_g"], first.facts["parameters_d"]) == (3_576_704, 2_765_568)
    assert last.samples is not None and last.samples.image is not None
    assert last.samples.image.shape == (8 * 64, 8 * 64, 3)


def test_bceloss_on_raw_output_is_refused_as_torch_refuses_it(digits: Dataset) -> None:
    trainer = Trainer(small("small-mlp", head="raw", allow_faults=True), data=digits)
    with pytest.raises(RuntimeError, match=r"should be between 0 and 1.*End D in a sigmoid"):
        trainer.advance(1)


def test_a_conditional_grid_has_a_row_for_every_class(digits: Dataset) -> None:
    trainer = Trainer(small("cgan-onehot"), data=digits)
    *_, last = trainer
    assert last.samples is not None and last.samples.image is not None
    real = trainer.real.image
    assert real is not None and last.samples.image.shape == real.shape == (10 * 28, 8 * 28)
