"""G and D mean what their config says."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from ganlab.config import OUTPUTS, RunConfig
from ganlab.engine.layers import Dropout, MinibatchDiscrimination, MinibatchStd, RandomStream
from ganlab.engine.networks import (
    Discriminator,
    Generator,
    activate,
    build_networks,
    reach,
)
from ganlab.presets import PRESETS, preset


def stream() -> RandomStream:
    return RandomStream(torch.Generator().manual_seed(0))


def networks(config: RunConfig, classes: int = 10) -> tuple[Generator, Discriminator]:
    side = config.image_size
    return build_networks(config, (config.channels, side, side), classes, stream())


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def labels_for(config: RunConfig) -> Tensor | None:
    return None if config.conditional == "none" else torch.tensor([3, 7, 3, 1])


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_images_and_scores_them(name: str) -> None:
    config = preset(name)
    generator, discriminator = networks(config)
    labels = labels_for(config)
    images = generator(torch.randn(4, config.latent_dim), labels)
    assert images.shape == (4, config.channels, config.image_size, config.image_size)
    assert discriminator(images, labels).shape == (4,)


def test_the_64_pixel_dcgan_has_the_published_number_of_parameters() -> None:
    generator, discriminator = networks(preset("dcgan64-rgb"))
    assert count(generator) == 3_576_704
    assert count(discriminator) == 2_765_568


@pytest.mark.parametrize("size", [28, 32, 64])
def test_dcgan_makes_every_documented_size(size: int) -> None:
    config = preset("dcgan28", image_size=size, channels=3, filters_g=8, filters_d=8)
    generator, discriminator = networks(config)
    images = generator(torch.randn(2, 100))
    assert images.shape == (2, 3, size, size)
    assert discriminator(images).shape == (2,)


def test_dcgan_weights_start_at_a_deviation_of_two_hundredths() -> None:
    generator, _ = networks(preset("dcgan64-rgb"))
    weights = [m.weight for m in generator.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert all(abs(weight.std().item() - 0.02) < 0.002 for weight in weights)


def test_the_paper_mlp_has_the_paper_s_widths() -> None:
    generator, discriminator = networks(preset("paper-mlp"))
    widths = [m.out_features for n in (generator, discriminator) for m in n.modules()
              if isinstance(m, nn.Linear)]  # fmt: skip
    assert widths == [1200, 1200, 784, 240, 240, 1]


@pytest.mark.parametrize(
    ("settings", "mixes"),
    [
        ({}, False),
        ({"norm_d": "layer"}, False),
        ({"norm_d": "batch"}, True),
        ({"minibatch_std": True}, True),
        ({"minibatch_discrimination": 4}, True),
    ],
)
def test_d_says_whether_it_mixes_the_samples_of_a_batch(
    settings: dict[str, object], mixes: bool
) -> None:
    config = preset("small-mlp", **settings)
    _, discriminator = networks(config)
    batch = torch.randn(6, 1, 28, 28)
    other = torch.cat([batch[:1], torch.randn(5, 1, 28, 28)])
    changed = not torch.allclose(discriminator(batch)[0], discriminator(other)[0])
    assert changed is mixes is discriminator.mixes_batch


@pytest.mark.parametrize("kind", ["one_hot", "embedding"])
@pytest.mark.parametrize("architecture", ["mlp", "dcgan"])
def test_a_conditional_pair_reads_the_label(kind: str, architecture: str) -> None:
    config = RunConfig(
        conditional=kind, architecture=architecture, filters_g=8, filters_d=8, dropout_d=0.0
    )
    generator, discriminator = networks(config)
    generator.eval()
    z, images = torch.randn(4, 100), torch.randn(4, 1, 28, 28)
    ones, twos = torch.ones(4, dtype=torch.int64), torch.full((4,), 2)
    assert not torch.allclose(generator(z, ones), generator(z, twos))
    assert not torch.allclose(discriminator(images, ones), discriminator(images, twos))


def test_spectral_norm_holds_every_layer_of_d_at_one() -> None:
    _, discriminator = networks(preset("small-mlp", spectral_norm=True))
    for _ in range(50):
        discriminator(torch.randn(4, 1, 28, 28))
    layers = [m for m in discriminator.modules() if isinstance(m, nn.Linear)]
    norms = [torch.linalg.matrix_norm(layer.weight, 2).item() for layer in layers]
    assert norms == pytest.approx([1.0] * len(layers), abs=0.02)


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_activation_reaches_just_what_it_says(output: str) -> None:
    values = activate(output, torch.linspace(-200, 200, 1001))
    bounds = reach(output)
    if bounds is None:
        assert values.max() > 100
    else:
        assert (values.min().item(), values.max().item()) == pytest.approx(bounds, abs=1e-3)


def test_equal_seeds_give_equal_weights_and_leave_the_global_stream_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, _ = networks(preset("seed4-mlp", seed=3))
    second, _ = networks(preset("seed4-mlp", seed=3))
    assert torch.equal(torch.rand(3), expected)
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_dropout_keeps_the_mean_and_draws_from_its_own_stream() -> None:
    layer = Dropout(0.3, stream())
    torch.manual_seed(1)
    state = torch.get_rng_state()
    dropped = layer(torch.ones(100_000))
    assert torch.equal(torch.get_rng_state(), state)
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.01)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert torch.equal(layer.eval()(torch.ones(5)), torch.ones(5))


def test_minibatch_std_is_the_mean_deviation_of_the_batch() -> None:
    x = torch.randn(8, 5)
    appended = MinibatchStd()(x)
    assert appended.shape == (8, 6)
    assert appended[0, 5].item() == pytest.approx(x.std(dim=0, correction=0).mean().item(), 1e-4)


def test_minibatch_discrimination_sees_equal_samples() -> None:
    layer = MinibatchDiscrimination(5, kernels=3)
    equal = layer(torch.ones(8, 5))[:, 5:]
    different = layer(torch.randn(8, 5) * 10)[:, 5:]
    assert equal.flatten().tolist() == pytest.approx([7.0] * 24)
    assert different.mean() < 1.0
    assert math.isfinite(different.sum().item())
