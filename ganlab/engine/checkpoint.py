"""A trainer's state as bytes, and back. Knows no network and no file."""

from __future__ import annotations

import io
import json
from typing import Any

import torch

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.engine.device import available_devices


def packed(state: dict[str, Any]) -> bytes:
    """The state as torch writes it."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def unpacked(checkpoint: bytes) -> dict[str, Any]:
    """What `packed` wrote, on the CPU. Raises ConfigError when it is damaged."""
    try:
        state: dict[str, Any] = torch.load(
            io.BytesIO(checkpoint), map_location="cpu", weights_only=True
        )
        return state
    except Exception as error:  # torch raises half a dozen unrelated types here
        raise ConfigError(
            f"The checkpoint cannot be read ({error}); start a new run with the same settings."
        ) from error


def config_of(state: dict[str, Any], steps: int | None) -> RunConfig:
    """The state's config, as far as this version knows its settings and has its device.

    `steps` replaces the config's own.
    """
    stored = {k: v for k, v in json.loads(state["config"]).items() if k in KNOBS}
    if stored["device"] not in available_devices():
        stored["device"] = "auto"
    return RunConfig.of(stored | ({"steps": steps} if steps else {}))
