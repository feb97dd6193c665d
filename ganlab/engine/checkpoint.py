"""A trainer's state as bytes, and back. Knows no network and no file."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

import torch

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.engine.device import available_devices


class CheckpointError(ConfigError):
    """A checkpoint that no trainer can be made of."""


def packed(state: dict[str, Any]) -> bytes:
    """The state as torch writes it."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def unpacked(checkpoint: bytes) -> dict[str, Any]:
    """What `packed` wrote, on the CPU. Raises CheckpointError when it is damaged.

    What torch says of it is not passed on: it advises to read such a file without its safeguard.
    """
    try:
        state = torch.load(io.BytesIO(checkpoint), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises half a dozen unrelated types here
        raise _damaged("it is cut off, or no file of ganlab's") from error
    if not isinstance(state, dict):
        raise _damaged(f"it holds a {type(state).__name__} instead of a trainer's state")
    return state


def config_of(state: dict[str, Any], steps: int | None) -> RunConfig:
    """The state's config, as far as this version knows its settings and has its device.

    `steps` replaces the config's own. Raises CheckpointError when it has none that can run.
    """
    try:
        stored = {k: v for k, v in json.loads(state["config"]).items() if k in KNOBS}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _damaged("its settings are missing") from error
    if stored.get("device") not in available_devices():
        stored["device"] = "auto"
    try:
        return RunConfig.of(stored | ({"steps": steps} if steps else {}))
    except ConfigError as error:
        raise _damaged(f"its settings cannot run: {error}") from error


@contextlib.contextmanager
def restoring() -> Iterator[None]:
    """Says of a state whose parts are missing or do not fit that it is damaged."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except KeyError as error:
        raise _damaged(f"the part {error} is missing") from error
    except (
        TypeError,
        ValueError,
        RuntimeError,
        AttributeError,
        LookupError,
        ArithmeticError,
    ) as error:
        raise _damaged("a part of it does not fit its settings") from error


def _damaged(what: str) -> CheckpointError:
    return CheckpointError(
        f"The checkpoint is damaged: {what}; allowed: a checkpoint that ganlab wrote. Start a new "
        "run with the same settings."
    )
