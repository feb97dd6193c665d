"""The device a config asks for."""

from __future__ import annotations

import torch

from ganlab.config import ConfigError


def pick_device(name: str) -> torch.device:
    """auto: CUDA, else MPS, else the CPU. Raises ConfigError for a device that is not there."""
    available = available_devices()
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise ConfigError(
            f"device={name!r} is not available here; allowed: auto, {', '.join(available)}. "
            "Set device=auto, or install a build of torch for it."
        )
    return torch.device(name)


def available_devices() -> list[str]:
    """The kinds of device of this machine, the fastest first."""
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    return [kind for kind, there in present.items() if there]


def synchronize(device: torch.device) -> None:
    """Waits until the device has done its work, so that a clock means something."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
