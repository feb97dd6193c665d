"""Named configs: the pairs that the documents, the benchmarks and the casebook speak of."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.config import ConfigError, RunConfig

_ADAM = {"beta1_d": 0.5, "beta1_g": 0.5}
_PLAIN = {"norm_g": "none", "dropout_d": 0.0, "real_label": 1.0}
_SEED3 = _PLAIN | {
    "hidden_g": (128, 256),
    "hidden_d": (256, 128),
    "activation_g": "relu",
    "activation_d": "relu",
}

PRESETS: Mapping[str, Mapping[str, object]] = {
    # Goodfellow et al. 2014 as re-implemented by Burakowski, with the Adam of his healthy run.
    "paper-mlp": _PLAIN
    | _ADAM
    | {
        "hidden_g": (1200, 1200),
        "hidden_d": (240, 240),
        "activation_g": "relu",
        "batch_size": 100,
    },
    # PyTorch's default betas, as the document has it.
    "seed3-mlp": _SEED3 | {"beta1_d": 0.9, "beta1_g": 0.9},
    "seed4-mlp": {},
    "small-mlp": _SEED3 | _ADAM,
    "wgan-gp": _PLAIN
    | {
        "loss": "wgan_gp",
        "head": "logits",
        "activation_g": "relu",
        "n_critic": 5,
        "gp_weight": 10.0,
        "lr_d": 1e-4,
        "lr_g": 1e-4,
        "beta1_d": 0.0,
        "beta2_d": 0.9,
        "beta1_g": 0.0,
        "beta2_g": 0.9,
    },
    "dcgan28": {
        "architecture": "dcgan",
        "filters_g": 32,
        "filters_d": 32,
        "activation_g": "relu",
        "norm_g": "batch",
        "norm_d": "batch",
        "dropout_d": 0.0,
        "init": "dcgan",
        "head": "logits",
    },
    "dcgan64-rgb": {
        "architecture": "dcgan",
        "image_size": 64,
        "channels": 3,
        "filters_g": 64,
        "filters_d": 64,
        "activation_g": "relu",
        "norm_g": "batch",
        "norm_d": "batch",
        "dropout_d": 0.0,
        "real_label": 1.0,
        "init": "dcgan",
    },
    "cgan-onehot": _SEED3 | {"conditional": "one_hot", "beta1_d": 0.9, "beta1_g": 0.9},
    "cgan-embedding": {"conditional": "embedding"},
}


def preset(name: str, **settings: object) -> RunConfig:
    """The preset's config with settings on top. Raises ConfigError on an unknown name."""
    if name not in PRESETS:
        raise ConfigError(f"No preset {name!r}; allowed: {', '.join(PRESETS)}.")
    return RunConfig.of({**PRESETS[name], **settings})
