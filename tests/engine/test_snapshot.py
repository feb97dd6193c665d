"""Samples as they are drawn."""

from __future__ import annotations

import torch

from ganlab.engine.snapshot import grid


def test_a_value_has_the_same_grey_in_every_grid() -> None:
    """Twins are compared by eye: a faint grid is not stretched to the brightness of a loud one."""
    faint, loud = torch.full((8, 1, 2, 2), 0.5), torch.full((8, 1, 2, 2), 0.5)
    faint[1:], loud[1:] = 0.49, torch.linspace(-3.0, 3.0, 7)[:, None, None, None]
    assert grid(faint)[0, 0] == grid(loud)[0, 0] == 128
    assert grid(loud)[0, 2] == 0
    assert grid(loud)[0, -1] == 255
