"""Which statement made the loss that goes backward in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganlab.causes.trace import Location
from ganlab.doctor.read.statements import places

SCRIPT = """\
def g_loss_fn(score):
    return -score.mean()
loss = 0
def step(x):
    loss = g_loss_fn(x)
    loss = g_loss_fn(
        x)
    scaler.scale(loss).backward()
    other = x.sum()
    other.backward()
    (loss + other).backward()
    unknown.backward()
loss.backward()
"""


@pytest.mark.parametrize(
    ("line", "made", "formula"),
    [(8, 6, 2), (10, 9, 9), (11, 11, 11), (12, 12, 12), (13, 3, 3), (1, 1, 1)],
    ids=["scaled", "by itself", "a sum of two", "made elsewhere", "of the file", "no backward"],
)
def test_a_loss_was_made_by_the_last_assignment_before(
    line: int, made: int, formula: int, tmp_path: Path
) -> None:
    file = str(tmp_path / "train.py")
    Path(file).write_text(SCRIPT)
    assert places("g loss", Location(file, line)) == {
        "g loss": Location(file, line),
        "g loss made": Location(file, made),
        "g loss formula": Location(file, formula),
    }


@pytest.mark.parametrize("text", ["def (", None])
def test_what_cannot_be_read_is_its_own_place(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    if text is not None:
        file.write_text(text)
    place = Location(str(file), 1)
    assert set(places("d loss", place).values()) == {place}


def test_a_step_has_one_place() -> None:
    assert places("d step", Location("a.py", 3)) == {"d step": Location("a.py", 3)}
