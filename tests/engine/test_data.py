"""What holds for every data set: units, ranges, the split, the smallest batch."""

import numpy as np
import pytest
import torch

from ganlab.config import RANGES, ConfigError, RunConfig
from ganlab.engine.data import DataError, Dataset, load
from ganlab.engine.data.dataset import split

BYTES = torch.arange(256, dtype=torch.uint8).reshape(256, 1, 1, 1)
EMBEDDED = ("digits", "shapes", "ring8", "grid25", "mixture1d", "gaussian1d")


def images(mean: float = 0.5, std: float = 0.25) -> Dataset:
    return Dataset(BYTES, None, BYTES[:0], None, 0, mean, std)


@pytest.mark.parametrize(
    ("data_range", "black", "white"),
    [("[-1,1]", -1, 1), ("[0,1]", 0, 1), ("[0,255]", 0, 255), ("standardised", -2, 2)],
)
def test_black_and_white_land_exactly_on_the_bounds(
    data_range: str, black: float, white: float
) -> None:
    scaled = images().scaled(BYTES, data_range)
    assert scaled.dtype == torch.float32
    assert (scaled.min().item(), scaled.max().item()) == (black, white)


@pytest.mark.parametrize("data_range", RANGES)
def test_affine_is_what_scaled_does(data_range: str) -> None:
    scale, shift = images(0.13, 0.31).affine(data_range)
    expected = BYTES.double() * scale + shift
    scaled = images(0.13, 0.31).scaled(BYTES, data_range)
    torch.testing.assert_close(scaled.double(), expected, atol=1e-4, rtol=1e-6)


@pytest.mark.parametrize("data_range", RANGES)
def test_raw_takes_images_back_to_zero_and_one(data_range: str) -> None:
    data = images(0.13, 0.31)
    back = data.raw(data.scaled(BYTES, data_range), data_range)
    torch.testing.assert_close(back, BYTES.float() / 255, atol=1e-6, rtol=0)


def test_scaling_leaves_the_stored_data_alone() -> None:
    data = load(RunConfig(data="ring8"))
    before = data.train.clone()
    data.scaled(data.train, "[0,255]")
    assert torch.equal(data.train, before)


def test_moving_to_a_device_keeps_everything() -> None:
    data = load(RunConfig(data="ring8"))
    moved = data.to("cpu")
    assert moved.modes is not None and (moved.low, moved.mode_std) == (data.low, data.mode_std)
    assert torch.equal(moved.train, data.train)


def test_every_tensor_moves_to_the_device() -> None:
    moved = load(RunConfig(data="ring8")).to("meta")
    tensors = (moved.train, moved.train_labels, moved.held_out, moved.held_out_labels, moved.modes)
    assert all(tensor is not None and tensor.is_meta for tensor in tensors)


@pytest.mark.parametrize("name", EMBEDDED)
def test_equal_configs_load_equal_data_and_leave_the_global_random_state_alone(name: str) -> None:
    torch.manual_seed(1)
    state, numpy_state = torch.get_rng_state(), np.random.get_state(legacy=True)
    first, second = load(RunConfig(data=name)), load(RunConfig(data=name, seed=7))
    assert torch.equal(first.train, second.train)
    assert torch.equal(first.held_out, second.held_out)
    assert torch.equal(torch.get_rng_state(), state)
    assert str(np.random.get_state(legacy=True)) == str(numpy_state)


@pytest.mark.parametrize("name", EMBEDDED)
def test_nothing_held_out_gives_an_empty_tensor_of_the_same_form(name: str) -> None:
    data = load(RunConfig(data=name, held_out=0.0))
    assert data.held_out.shape == (0, *data.sample_shape)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5])
def test_the_split_loses_and_repeats_nothing(share: float) -> None:
    train, held_out = split(1000, share)
    assert len(held_out) == 1000 * share
    assert sorted([*train.tolist(), *held_out.tolist()]) == list(range(1000))


def test_a_batch_larger_than_the_data_says_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganlab.engine.data.points.POINTS", 100)
    with pytest.raises(DataError, match=r"batch_size is 101.* 100 training.*allowed: 1 to 100\. L"):
        load(RunConfig(data="ring8", batch_size=101))
    assert len(load(RunConfig(data="ring8", batch_size=100)).train) == 100


def test_a_data_error_is_a_config_error() -> None:
    assert issubclass(DataError, ConfigError)


def test_data_limit_cuts_what_d_sees_and_leaves_the_held_out_part() -> None:
    whole, few = load(RunConfig()), load(RunConfig(data_limit=200))
    assert few.train_labels is not None
    assert (len(few.train), len(few.train_labels)) == (200, 200)
    torch.testing.assert_close(few.train, whole.train[:200])
    assert len(few.held_out) == len(whole.held_out)


def test_a_limit_below_one_batch_is_refused_with_both_numbers() -> None:
    with pytest.raises(DataError, match=r"batch_size is 64, .*data_limit=63"):
        load(RunConfig(data_limit=63))
