"""The callback beside a Lightning training: with the package where it is installed."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganlab.lightning import _callback, lightning_callback
from tests.test_monitor import loop_of, players

INSTALLED = importlib.util.find_spec("lightning") is not None


class Module(nn.Module):
    """What a callback sees of a LightningModule."""

    def __init__(self) -> None:
        super().__init__()
        self.generator, self.discriminator = players()

    def forward(self, z: Tensor) -> Tensor:
        """Samples, as most such modules have it."""
        out: Tensor = self.generator(z)
        return out


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[type]:
    """A module `lightning` whose Callback has the documented interface."""

    class Callback:
        def on_train_start(self, trainer: Any, pl_module: Any) -> None: ...
        def on_train_end(self, trainer: Any, pl_module: Any) -> None: ...
        def on_exception(self, trainer: Any, pl_module: Any, exception: Any) -> None: ...

    for name in ("lightning", "lightning.pytorch", "lightning.pytorch.callbacks"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["lightning.pytorch.callbacks"].Callback = Callback  # type: ignore[attr-defined]
    _callback.cache_clear()
    yield Callback
    _callback.cache_clear()


def test_it_watches_from_the_start_to_the_end(
    stand_in: type, capsys: pytest.CaptureFixture[str]
) -> None:
    module = Module()
    callback: Any = lightning_callback()
    assert stand_in in type(callback).__mro__
    assert callback.report == {}
    callback.on_train_start(None, module)
    loop_of((module.generator, module.discriminator), 30, nn.BCEWithLogitsLoss())()
    callback.on_train_end(None, module)
    assert callback.report["causes"][0]["slug"] == "double-sigmoid"
    assert "CAUSE FOUND" in capsys.readouterr().out


def test_an_error_of_the_training_ends_it_once(
    stand_in: type, capsys: pytest.CaptureFixture[str]
) -> None:
    module = Module()
    callback: Any = lightning_callback()
    callback.on_train_start(None, module)
    callback.on_exception(None, module, ValueError("broken"))
    callback.on_train_end(None, module)
    assert "ValueError: broken" in callback.report["reason"]
    assert capsys.readouterr().out.count("NOT ASSESSED") == 1


def test_a_network_that_is_not_there_is_named(stand_in: type) -> None:
    callback: Any = lightning_callback(generator="model.G")
    with pytest.raises(AttributeError, match="it has: generator, discriminator"):
        callback.on_train_start(None, Module())


@pytest.mark.skipif(INSTALLED, reason="Lightning is installed")
def test_without_lightning_the_message_says_what_to_install() -> None:
    with pytest.raises(ImportError, match="pip install lightning"):
        lightning_callback()


@pytest.mark.skipif(not INSTALLED, reason="Lightning is not installed")
@pytest.mark.filterwarnings("ignore")
def test_with_lightning_itself() -> None:
    import lightning  # type: ignore[import-not-found,unused-ignore]

    class Gan(lightning.LightningModule):  # type: ignore[misc,name-defined,unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.generator, self.discriminator = players()
            self.automatic_optimization = False
            self.loss = nn.BCEWithLogitsLoss()

        def forward(self, z: Tensor) -> Tensor:
            made: Tensor = self.generator(z)
            return made

        def training_step(self, batch: Any, number: int) -> None:
            opt_g, opt_d = self.optimizers()
            (real,) = batch
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            self.toggle_optimizer(opt_d)
            fake = self(torch.randn(len(real), 8)).detach()
            loss = self.loss(self.discriminator(real), ones)
            loss = loss + self.loss(self.discriminator(fake), zeros)
            opt_d.zero_grad()
            self.manual_backward(loss)
            opt_d.step()
            self.untoggle_optimizer(opt_d)
            self.toggle_optimizer(opt_g)
            loss = self.loss(self.discriminator(self(torch.randn(len(real), 8))), ones)
            opt_g.zero_grad()
            self.manual_backward(loss)
            opt_g.step()
            self.untoggle_optimizer(opt_g)

        def configure_optimizers(self) -> Any:
            nets = (self.generator, self.discriminator)
            return [torch.optim.Adam(net.parameters(), 1e-3, betas=(0.5, 0.9)) for net in nets], []

    _callback.cache_clear()
    callback = lightning_callback(show=False)
    data = torch.utils.data.TensorDataset(torch.randn(64 * 40, 2))
    trainer = lightning.Trainer(
        max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, callbacks=[callback],
    )  # fmt: skip
    trainer.fit(Gan(), torch.utils.data.DataLoader(data, batch_size=64, drop_last=True))
    assert callback.report["steps"] == 40
    assert callback.report["causes"][0]["slug"] == "double-sigmoid"
    assert callback.report["causes"][0]["location"]["file"] == __file__
