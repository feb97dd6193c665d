"""What is recorded of a loss repeats from run to run."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from ganlab.doctor.record import Recorder


def orphans(lost: list[nn.Parameter], folder: Path) -> list[dict[int, int]]:
    """What two backwards say of parameters that no module and no optimiser has."""
    recorder = Recorder(folder, lambda _: None)
    recorder.open()
    recorder.start()
    try:
        for _ in range(2):
            torch.stack([each.sum() for each in lost]).sum().backward()
    finally:
        recorder.close()
    assert recorder.errors == []
    return [backward.reads.orphans for backward in recorder.tape.backwards]


def test_parameters_that_nobody_owns_have_numbers_that_repeat(tmp_path: Path) -> None:
    first, second = ([nn.Parameter(torch.ones(size)) for size in (2, 3)] for _ in range(2))
    assert [orphans(lost, tmp_path) for lost in (first, second)] == [[{0: 2, 1: 3}] * 2] * 2
