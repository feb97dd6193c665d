"""Settings are checked where they enter, and say what was got, allowed and to do."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from ganlab.config import (
    KNOBS,
    AtLeast,
    AtMost,
    ConfigError,
    RunConfig,
    Scale,
    Set,
    find_knob,
    is_hot,
)
from ganlab.presets import PRESETS, TITLES, preset, suited

ROOT = Path(__file__).parents[1]
HOT = {
    "lr_d", "lr_g", "beta1_d", "beta2_g", "optimizer_d", "optimizer_g", "weight_decay_d",
    "output", "data_range", "loss", "real_label", "fake_label", "instance_noise", "n_critic",
    "gp_weight", "r1_weight", "r2_weight",
}  # fmt: skip


def test_every_setting_is_documented() -> None:
    assert set(KNOBS) == {field.name for field in dataclasses.fields(RunConfig)}
    assert all(setting.doc.endswith(".") for setting in KNOBS.values())


@pytest.mark.parametrize("name", sorted(KNOBS.keys() - {"allow_faults"}))
def test_every_setting_is_used(name: str) -> None:
    folders = (ROOT / "ganlab" / folder for folder in ("engine", "runs"))
    code = "".join(file.read_text() for folder in folders for file in folder.rglob("*.py"))
    both = re.sub("_[dg]$", "_{", name)  # f"lr_{player}"
    assert f".{name}" in code or (both != name and both in code), (
        f"no line of ganlab/engine reads {name}; see 'A setting' in ganlab/README.md"
    )


def test_what_the_lab_promises_to_change_live_is_hot() -> None:
    assert {name for name in HOT if not KNOBS[name].hot} == set()


def test_networks_and_seed_are_cold() -> None:
    assert not any(KNOBS[name].hot for name in ("hidden_g", "latent_dim", "seed", "norm_d", "pack"))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_config(name: str) -> None:
    assert RunConfig.of(dict(preset(name))) == preset(name)


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="No preset 'papermlp'; allowed: paper-mlp"):
        preset("papermlp")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lrd": 1}, "no field 'lrd'. Did you mean 'lr_d'"),
        ({"lr_d": "fast"}, "lr_d is 'fast'; allowed: a number from 0 to 10"),
        ({"lr_d": float("nan")}, "lr_d is nan"),
        ({"lr_d": 11}, "lr_d is 11.0; allowed: a number from 0 to 10"),
        ({"batch_size": 1.5}, "batch_size is 1.5; allowed: a whole number from 1 to 8192"),
        ({"batch_size": True}, "batch_size is True"),
        ({"hidden_g": "256,wide"}, "whole numbers like 256,512"),
        ({"data": "minst"}, "Did you mean 'mnist'"),
        ({"spectral_norm": "perhaps"}, "true or false"),
        ({"conditional": "one_hot", "data": "gaussian1d"}, "needs labels"),
        ({"architecture": "dcgan", "data": "ring8"}, "set architecture=mlp"),
        ({"architecture": "dcgan", "image_size": 30}, "allowed: 28, 32, 64"),
        ({"data": "folder"}, "needs data_folder"),
        ({"channels": 2}, "1 \\(gray\\) or 3 \\(RGB\\)"),
        ({"batch_size": 1}, "use at least 2"),
        ({"pack": 9}, "pack is 9; allowed: a whole number from 1 to 8"),
        ({"pack": 3}, "leaves 1 of the samples over; allowed: multiples of 3. Set batch_size=63"),
        ({"pack": 8, "batch_size": 4}, "Set batch_size=8, or pack=1"),
        ({"pack": 2, "conditional": "one_hot"}, "Set pack=1 or conditional=none"),
        ({"pack": 4, "batch_size": 4, "norm_d": "batch"}, "use at least batch_size=8"),
        ({"loss": "hinge"}, "set head=logits"),
        ({"loss": "wgan_gp", "head": "logits", "norm_d": "batch"}, "set norm_d=none"),
    ],
)
def test_bad_settings_are_refused_with_a_way_out(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as refused:
        RunConfig.of(settings)
    assert set(refused.value.settings) & settings.keys() or "no field" in message
    assert all(name in KNOBS and name in str(refused.value) for name in refused.value.settings)


def test_a_known_fault_can_be_built_on_purpose() -> None:
    assert RunConfig(loss="wgan", allow_faults=True).head == "sigmoid"


@pytest.mark.parametrize(
    ("text", "value"),
    [("256,512", (256, 512)), ("(64,)", (64,)), ("[8, 16]", (8, 16)), ("", ())],
)
def test_widths_are_read_in_the_forms_people_write(text: str, value: tuple[int, ...]) -> None:
    assert find_knob("hidden_g").parse(text) == value


def test_numbers_are_read_from_text() -> None:
    config = RunConfig.of({"lr_d": "1e-3", "steps": "1e3", "minibatch_std": "yes"})
    assert (config.lr_d, config.steps, config.minibatch_std) == (1e-3, 1000, True)


def test_a_patch_sets_and_scales_and_leaves_the_old_config() -> None:
    config = RunConfig()
    patched = config.patched({"lr_d": Scale(0.5), "loss": Set("saturating")})
    assert (patched.lr_d, patched.loss) == (1e-4, "saturating")
    assert config == RunConfig()


def test_a_patch_that_raises_or_lowers_leaves_what_is_beyond_its_bound() -> None:
    config = RunConfig(n_critic=3, beta1_d=0.9, beta1_g=0.2)
    assert config.patched({"n_critic": AtLeast(5)}).n_critic == 5
    assert config.patched({"n_critic": AtLeast(2)}) == config
    lowered = config.patched({"beta1_d": AtMost(0.5), "beta1_g": AtMost(0.5)})
    assert (lowered.beta1_d, lowered.beta1_g) == (0.5, 0.2)


def test_a_patch_that_leaves_the_allowed_range_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"lr_d is 20\.0"):
        RunConfig().patched({"lr_d": Scale(1e5)})
    with pytest.raises(ConfigError, match="Scale needs a number"):
        RunConfig().patched({"loss": Scale(2.0)})
    with pytest.raises(ConfigError, match="AtLeast needs a number, got 'non_saturating'"):
        RunConfig().patched({"loss": AtLeast(2.0)})


def test_a_patch_is_hot_only_if_all_of_it_is() -> None:
    assert is_hot({"lr_d": Set(1e-3)})
    assert not is_hot({"lr_d": Set(1e-3), "hidden_g": Set((8,))})


def test_every_preset_has_a_title() -> None:
    assert TITLES.keys() == PRESETS.keys()
    assert len(set(TITLES.values())) == len(TITLES)


@pytest.mark.parametrize("data", ["ring8", "grid25", "mixture1d", "gaussian1d"])
def test_points_come_with_networks_for_points(data: str) -> None:
    chosen = suited(dict(preset("seed4-mlp", seed=7)), data)
    assert RunConfig.of(chosen) == preset("ring8-mlp", seed=7, data=data)


def test_images_come_back_with_the_labs_own_pair() -> None:
    assert suited(dict(preset("ring8-mlp")), "mnist") == dict(RunConfig(data="mnist"))


def test_other_data_of_the_same_kind_changes_nothing_else() -> None:
    settings = dict(preset("wgan-gp", lr_d=0.5))
    assert suited(settings, "mnist") == settings | {"data": "mnist"}
