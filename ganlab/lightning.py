"""The doctor beside a Lightning training. Lightning is imported at first use only."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ganlab.monitor import Monitor


def lightning_callback(
    generator: str = "generator",
    discriminator: str = "discriminator",
    *,
    steps: int = 2000,
    show: bool = True,
) -> Any:
    """A Lightning callback: `Trainer(callbacks=[lightning_callback()])`.

    The names are those of the two networks in the LightningModule. After the training its `report`
    holds the doctor's row; `show` prints it. Raises ImportError without Lightning.
    """
    return _callback()(generator, discriminator, steps, show)


class _Watching:
    """What the callback does, without Lightning's base class."""

    def __init__(self, generator: str, discriminator: str, steps: int, show: bool) -> None:
        self._names, self._steps, self._show = (generator, discriminator), steps, show
        self.monitor: Monitor | None = None

    @property
    def report(self) -> Mapping[str, Any]:
        """As `Monitor.report`; empty before the training."""
        return {} if self.monitor is None else self.monitor.report

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Looks from the first batch on."""
        generator, discriminator = (_network(pl_module, name) for name in self._names)
        root = _folder_of(type(pl_module))
        self.monitor = Monitor(generator, discriminator, steps=self._steps, root=root)
        self.monitor.start()

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Looks no more."""
        self._end(None)

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Looks no more: the training has failed."""
        self._end(exception)

    def _end(self, error: BaseException | None) -> None:
        if self.monitor is not None and self.monitor.watching:
            self.monitor.stop(error)
            if self._show:
                self.monitor.print()


@cache
def _callback() -> Any:
    return type("DoctorCallback", (_Watching, _base()), {"__doc__": _Watching.__doc__})


def _base() -> Any:
    for name in ("lightning.pytorch.callbacks", "pytorch_lightning.callbacks"):
        try:
            return __import__(name, fromlist=["Callback"]).Callback
        except ImportError:
            continue
    raise ImportError("lightning_callback needs Lightning. Install it: pip install lightning")


def _network(module: Any, path: str) -> Any:
    """`self.generator`, or `self.model.generator` for "model.generator"."""
    found = module
    for name in path.split("."):
        if not hasattr(found, name):
            known = ", ".join(name for name, _ in module.named_children()) or "none"
            raise AttributeError(
                f"{type(module).__name__} has no network {path!r}; it has: {known}. Name the two: "
                "lightning_callback(generator=NAME, discriminator=NAME)."
            )
        found = getattr(found, name)
    return found


def _folder_of(kind: type) -> Path:
    try:
        return Path(inspect.getfile(kind)).resolve().parent
    except (TypeError, OSError):  # defined in a notebook
        return Path.cwd()
