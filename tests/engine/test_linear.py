"""The faster matrix product gives what torch's own gives, its second derivatives included."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from ganlab.engine import linear
from ganlab.engine.linear import FromLatent, Linear, ToGray, product


@pytest.fixture(params=["oneDNN", "torch"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways, whatever this machine would choose."""
    found = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    if request.param == "oneDNN" and found is None:
        pytest.skip("this torch has no oneDNN")
    monkeypatch.setattr(linear, "_ONE_DNN", found if request.param == "oneDNN" else None)
    yield request.param


def _random(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator).requires_grad_()


def _derivatives(inputs: tuple[Tensor, ...], flipped: bool) -> list[Tensor]:
    """Value, gradients, and the gradients of a gradient penalty."""
    x, weight, bias = inputs
    value = product(x, weight, bias, flipped=flipped)
    first = torch.autograd.grad(value.square().sum(), inputs, create_graph=True)
    penalty = (first[0].norm(dim=1) - 1.0).square().sum()
    second = torch.autograd.grad(penalty, inputs)
    return [value, *first, *second]


@pytest.mark.parametrize("flipped", [False, True])
def test_value_and_both_derivatives_are_those_of_double_precision(
    kernel: str, flipped: bool
) -> None:
    shape = (240, 200) if flipped else (200, 240)
    single = _random(16, 240), _random(*shape), _random(200)
    double = tuple(x.detach().double().requires_grad_() for x in single)
    ours, exact = _derivatives(single, flipped), _derivatives(double, flipped)
    for got, wanted in zip(ours, exact, strict=True):
        scale = wanted.abs().max()
        torch.testing.assert_close(got.double() / scale, wanted / scale, rtol=0, atol=1e-5)


def test_the_gradient_of_a_weight_lies_in_memory_as_the_weight_does(kernel: str) -> None:
    """Else torch would copy it, and the optimiser would walk through memory in strides."""
    layer = Linear(240, 200)
    layer(_random(16, 240)).sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.stride() == layer.weight.stride()


def test_the_first_layer_is_the_transposed_convolution(kernel: str) -> None:
    layer = FromLatent(100, 64, 7).to(memory_format=torch.channels_last)
    own = nn.ConvTranspose2d(100, 64, 7, bias=False)
    own.load_state_dict(layer.state_dict())
    z = _random(8, 100)
    images = layer(z)
    assert images.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(images, own(z.view(8, 100, 1, 1)), rtol=1e-4, atol=1e-4)


def test_the_last_layer_is_the_transposed_convolution() -> None:
    layer = ToGray(32).to(memory_format=torch.channels_last)
    own = nn.ConvTranspose2d(32, 1, 4, 2, 1, bias=False)
    own.load_state_dict(layer.state_dict())
    x = _random(8, 32, 14, 14)
    torch.testing.assert_close(layer(x), own(x), rtol=1e-4, atol=1e-4)


def test_a_layer_has_the_weights_of_torch_s_own_for_the_same_seed() -> None:
    torch.manual_seed(3)
    layer = Linear(8, 4)
    torch.manual_seed(3)
    torch.testing.assert_close(layer.weight, nn.Linear(8, 4).weight, rtol=0, atol=0)
