"""The doctor changes nothing and leaves nothing behind."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.optim.optimizer import Optimizer
from torch.utils._python_dispatch import TorchDispatchMode

from ganlab.doctor.record import Recorder
from tests.doctor.patients import PARTS, examined, script

NORMED = {
    "generator": PARTS["generator"].replace("nn.ReLU()", "nn.BatchNorm1d(32), nn.ReLU()"),
    "discriminator": PARTS["discriminator"].replace(
        "nn.LeakyReLU(0.2)", "nn.LeakyReLU(0.2), nn.Dropout(0.3)"
    ),
}


def alone(source: str) -> dict[str, Any]:
    main: dict[str, Any] = {}
    exec(source, main)
    return main


def test_weights_and_random_stream_are_bitwise_those_without_it(tmp_path: Path) -> None:
    source = script(steps=320, **NORMED, after="last = torch.rand(3)")
    plain, watched = alone(source), examined(source, tmp_path)["main"]
    for name in ("G", "D"):
        ours, theirs = watched[name].state_dict(), plain[name].state_dict()
        assert all(torch.equal(ours[key], theirs[key]) for key in theirs)
    assert torch.equal(plain["last"], watched["last"])


def test_no_hook_and_no_wrapped_function_is_left(tmp_path: Path) -> None:
    def state() -> tuple[Any, ...]:
        module = torch.nn.modules.module
        return (
            torch.autograd.backward,
            torch.autograd.grad,
            Optimizer.__init__,
            module._has_any_global_hook(),
            torch._C._len_torch_function_stack(),
        )

    before = state()
    main = examined(script(steps=30), tmp_path)["main"]
    assert state() == before
    for name in ("G", "D"):
        assert not any(each._forward_hooks for each in main[name].modules())


def test_modes_of_the_script_stay_in_their_order(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, on_step=lambda owner: None)
    weight = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    depth = torch._C._len_torch_function_stack()
    recorder.open()
    recorder.start()
    with torch.device("cpu"):
        weight.sum().backward()
        optimizer.step()
    assert torch._C._len_torch_function_stack() == depth + 1  # ours
    assert torch._C._get_function_stack_at(depth) is recorder.flow
    recorder.close()
    assert torch._C._len_torch_function_stack() == depth


def test_networks_can_be_pickled_and_copied_while_they_are_watched(tmp_path: Path) -> None:
    source = script(steps=12, g_step=PARTS["g_step"] + "    keep.append(copy.deepcopy(G))\n",
                    imports=PARTS["imports"] + "\nimport copy\nkeep = []")  # fmt: skip
    main = examined(source, tmp_path)["main"]
    assert len(main["keep"]) == 12
    assert pickle.dumps(nn.Linear(2, 2)) and copy.deepcopy(main["G"]) is not None


def test_an_error_of_ours_never_reaches_the_script(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, on_step=lambda owner: None)
    with recorder.looking():
        raise ValueError("ours")
    assert recorder.errors == ["ValueError: ours"]


def test_a_patch_that_the_script_has_put_around_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path, on_step=lambda owner: None)
    monkeypatch.setattr(torch.autograd, "backward", torch.autograd.backward)  # put back afterwards
    original = torch.autograd.backward
    recorder.open()
    ours = torch.autograd.backward

    def patch(*args: Any, **kwargs: Any) -> Any:
        return ours(*args, **kwargs)

    torch.autograd.backward = patch
    recorder.close()
    assert torch.autograd.backward is patch is not original
    weight = torch.ones(1, requires_grad=True)
    weight.sum().backward()
    assert weight.grad is not None


def test_own_work_sees_no_patch_and_no_mode_of_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    detach = torch.Tensor.detach

    class Counter(TorchDispatchMode):
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            seen.append(str(func))
            return func(*args, **(kwargs or {}))

    def patch(tensor: torch.Tensor) -> torch.Tensor:
        seen.append("detach")
        return detach(tensor)

    recorder = Recorder(tmp_path, on_step=lambda owner: None)
    recorder.open()
    monkeypatch.setattr(torch.Tensor, "detach", patch)
    x = torch.ones(2)
    with Counter():  # type: ignore[no-untyped-call]
        with recorder.looking():
            x.detach().add(1)
        assert seen == []
        x.detach()
    assert seen[0] == "detach" and len(seen) == 2
    recorder.close()
