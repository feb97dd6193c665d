"""The doctor in a user's own loop: it says the same, changes nothing and leaves nothing."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules import module as global_hooks
from torch.optim import optimizer as optimizer_hooks
from torch.optim.optimizer import Optimizer

import ganlab
from ganlab.monitor import Monitor, _root

Loop = Callable[[], None]


class Generator(nn.Module):
    """Turns noise into points."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 2)
        )

    def forward(self, z: Tensor) -> Tensor:
        """(n, 8) -> (n, 2)."""
        out: Tensor = self.net(z)
        return out


def players() -> tuple[nn.Module, nn.Module]:
    """A fresh seeded pair."""
    torch.manual_seed(0)
    return Generator(), nn.Sequential(
        nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1), nn.Sigmoid()
    )


def loop_of(
    pair: tuple[nn.Module, nn.Module], steps: int, criterion: nn.Module | None = None
) -> Loop:
    """A training loop whose optimisers exist before anybody watches."""
    generator, discriminator = pair
    loss = criterion or nn.BCELoss()
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), 1e-3, betas=(0.5, 0.9)) for net in pair)
    ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

    def loop() -> None:
        for _ in range(steps):
            angle = torch.randint(0, 8, (64,)) * 2 * math.pi / 8
            real = torch.stack([angle.cos(), angle.sin()], 1) * 2 + torch.randn(64, 2) * 0.05
            opt_d.zero_grad()
            fake = generator(torch.randn(64, 8))
            (loss(discriminator(real), ones) + loss(discriminator(fake.detach()), zeros)).backward()
            opt_d.step()
            opt_g.zero_grad()
            loss(discriminator(generator(torch.randn(64, 8))), ones).backward()
            opt_g.step()

    return loop


def traces() -> list[Any]:
    """All that the doctor could leave behind in torch."""
    return [
        dict(global_hooks._global_forward_hooks),
        dict(global_hooks._global_forward_pre_hooks),
        dict(global_hooks._global_backward_hooks),
        dict(optimizer_hooks._global_optimizer_pre_hooks),
        dict(optimizer_hooks._global_optimizer_post_hooks),
        Optimizer.__init__,
        torch.autograd.backward,
        torch.autograd.grad,
        torch._C._len_torch_function_stack(),
    ]


def test_weights_and_random_numbers_are_bitwise_those_of_an_unwatched_loop() -> None:
    alone, watched = players(), None
    loop_of(alone, 120)()
    after_alone = torch.rand(4)
    watched = players()
    loop = loop_of(watched, 120)
    with Monitor(*watched) as monitor:
        loop()
    assert torch.equal(torch.rand(4), after_alone)
    for one, other in zip(alone, watched, strict=True):
        for name, value in one.state_dict().items():
            assert torch.equal(value, other.state_dict()[name]), name
    assert monitor.report["steps"] == 120
    assert monitor.report["internal_errors"] == []


def test_no_hook_is_left_even_after_an_error() -> None:
    before, pair = traces(), players()
    loop = loop_of(pair, 20)
    with pytest.raises(ZeroDivisionError), Monitor(*pair) as monitor:
        loop()
        _ = 1 / 0
    assert traces() == before
    assert not any(m._forward_hooks or m._forward_pre_hooks for p in pair for m in p.modules())
    assert "ZeroDivisionError" in monitor.report["reason"]


def test_a_cause_is_named_and_the_loop_goes_on_to_its_end() -> None:
    pair = players()
    loop, ended = loop_of(pair, 60, nn.BCEWithLogitsLoss()), False
    with Monitor(*pair) as monitor:
        loop()
        ended = True
    assert ended
    report = monitor.report
    assert report["verdict"] == "cause"
    assert report["causes"][0]["slug"] == "double-sigmoid"
    assert report["causes"][0]["location"]["file"] == __file__
    assert report["script_exit"] is None
    text = io.StringIO()
    monitor.print(text)
    assert "CAUSE FOUND" in text.getvalue()


def test_the_report_so_far_can_be_read_inside_the_block() -> None:
    pair = players()
    loop = loop_of(pair, 20)
    with Monitor(*pair) as monitor:
        loop()
        assert monitor.report["steps"] == 20
        loop()
    assert monitor.report["steps"] == 40


def test_it_finds_the_pair_that_it_was_given_among_others() -> None:
    pair, other = players(), players()
    loop, another = loop_of(pair, 20), loop_of(other, 20)
    with Monitor(*pair) as monitor:
        another()
        loop()
    assert "Generator" in monitor.report["discovered"]["generator"]
    watched = monitor._examiner.watched
    assert watched is not None
    assert watched.looker.cast.generator.module is pair[0]


def test_a_block_without_training_says_so() -> None:
    with Monitor(*players()) as monitor:
        pass
    assert monitor.report["verdict"] == "not-assessed"
    assert "No optimiser step" in monitor.report["reason"]


def test_the_wrong_order_is_named() -> None:
    pair = players()
    loop = loop_of(pair, 20)
    with Monitor(pair[1], pair[0]) as monitor:
        loop()
    assert "right order: Monitor(generator, discriminator)" in monitor.report["reason"]


def test_it_is_used_once() -> None:
    monitor = Monitor(*players())
    with pytest.raises(RuntimeError, match="Nothing was watched yet"):
        monitor.print()
    with monitor:
        pass
    with pytest.raises(RuntimeError, match="Make a new one"), monitor:
        pass


def test_wrong_arguments_are_refused() -> None:
    generator, discriminator = players()
    with pytest.raises(TypeError, match=r"discriminator is a type; allowed: a torch.nn.Module"):
        Monitor(generator, Generator)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="pass both players"):
        Monitor(generator, generator)
    with pytest.raises(ValueError, match="steps is 0"):
        Monitor(generator, discriminator, steps=0)


def test_in_a_notebook_the_cells_are_the_users_own_code() -> None:
    code = "import inspect\ndef here(): return root(inspect.currentframe())\nfound = here()"
    names: dict[str, Any] = {"root": _root}
    exec(compile(code, "<ipython-input-3-abc>", "exec"), names)
    assert str(names["found"]) == "<ipython"


def test_it_is_a_public_name() -> None:
    assert ganlab.Monitor is Monitor
