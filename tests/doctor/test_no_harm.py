"""The doctor changes nothing and leaves nothing behind."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim.optimizer import Optimizer

from ganlab.doctor.tape import Recorder
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
