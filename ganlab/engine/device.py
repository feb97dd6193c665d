"""The device a config asks for."""

from __future__ import annotations

import torch

from ganlab.config import ConfigError


def pick_device(name: str) -> torch.device:
    """auto: CUDA, else MPS, else the CPU. Raises ConfigError for a device that is not there."""
    available = [kind for kind, present in _present().items() if present]
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise ConfigError(
            f"device={name!r} is not available here; allowed: auto, {', '.join(available)}."
        )
    return torch.device(name)


def _present() -> dict[str, bool]:
    return {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }


def synchronize(device: torch.device) -> None:
    """Waits until the device has done its work, so that a clock means something."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
