"""What an attached observer costs a small MLP loop and a small DCGAN loop.

Two copies of each loop take turns, one bare and one under the observer, which is attached and
taken off around each of its turns; a third, bare copy is the control. How it attaches is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.bench.timing import Spread, interleaved, milliseconds, overhead

Attach = Callable[["Loop"], AbstractContextManager[object]]

TARGET = 0.05  # of the script's own step time
_LATENT = 32
_BATCH = 64
_WARM = 20  # steps before the first round: lazy optimiser state, and an observer's dense start


@dataclass(frozen=True)
class Cost:
    """The share that the observer adds to a step."""

    name: str
    bare_ms: float  # of one step, the median of the rounds
    share: Spread  # bounds: of the median, with 95 %
    control: Spread  # a second bare loop against the first

    @property
    def met(self) -> bool:
        """Judged by the median: the bounds say how well it is known."""
        return self.share.median <= TARGET


class Loop:
    """A user's training loop, one step at a time."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module, shape: tuple[int, ...]):
        self.generator, self.discriminator, self._shape = generator, discriminator, shape
        self.optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))

    def step(self) -> None:
        """D, then G, the way tutorials write it."""
        real = torch.rand(_BATCH, *self._shape) * 2 - 1
        fake = self.generator(torch.randn(_BATCH, _LATENT))
        self.optimizer_d.zero_grad()
        _bce(self.discriminator(real), 1.0).backward()
        _bce(self.discriminator(fake.detach()), 0.0).backward()
        self.optimizer_d.step()
        self.optimizer_g.zero_grad()
        _bce(self.discriminator(fake), 1.0).backward()
        self.optimizer_g.step()


def _bce(logits: Tensor, target: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def small_mlp() -> Loop:
    """PyTorch-GAN's gan.py, narrow."""
    generator = nn.Sequential(
        nn.Linear(_LATENT, 128), nn.LeakyReLU(0.2),
        nn.Linear(128, 256), nn.BatchNorm1d(256), nn.LeakyReLU(0.2),
        nn.Linear(256, 784), nn.Tanh(),
    )  # fmt: skip
    discriminator = nn.Sequential(
        nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 128), nn.LeakyReLU(0.2),
        nn.Linear(128, 1),
    )  # fmt: skip
    return Loop(generator, discriminator, (784,))


def small_dcgan() -> Loop:
    """The DCGAN tutorial's pair at 28 x 28, narrow."""
    generator = nn.Sequential(
        nn.Unflatten(1, (_LATENT, 1, 1)),
        nn.ConvTranspose2d(_LATENT, 32, 7, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        nn.ConvTranspose2d(16, 1, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    discriminator = nn.Sequential(
        nn.Conv2d(1, 16, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(16, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(32 * 49, 1),
    )  # fmt: skip
    return Loop(generator, discriminator, (1, 28, 28))


LOOPS: Mapping[str, Callable[[], Loop]] = {"small MLP": small_mlp, "small DCGAN": small_dcgan}


def cost_of(attach: Attach, name: str, *, rounds: int, steps: int, settle: int = 0) -> Cost:
    """Times rounds of `steps` steps; the observed loop first takes `settle` steps observed."""
    build = LOOPS[name]
    observed, bare, again = build(), build(), build()
    with attach(observed):
        _run(observed, max(settle, _WARM))
    times = interleaved(
        {
            "bare": _turn(bare, lambda _: nullcontext(), steps),
            "observed": _turn(observed, attach, steps),
            "again": _turn(again, lambda _: nullcontext(), steps),
        },
        rounds,
    )
    return Cost(
        name=name,
        bare_ms=milliseconds(times["bare"], steps),
        share=overhead(times, "observed", "bare"),
        control=overhead(times, "again", "bare"),
    )


def _turn(loop: Loop, attach: Attach, steps: int) -> Callable[[], None]:
    _run(loop, _WARM)

    def turn() -> None:
        with attach(loop):
            _run(loop, steps)

    return turn


def _run(loop: Loop, steps: int) -> None:
    for _ in range(steps):
        loop.step()
