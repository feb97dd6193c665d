"""Every kind of fault once, as `bench faults` tries it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ganlab.bench.faults import bench
from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.roster import FAULTS
from ganlab.cli import main
from ganlab.config import ConfigError

_DEAR = 1.0  # seconds; of the dear kinds, which train real networks, one is enough here
ONCE = [fault for fault in FAULTS if fault.cost < _DEAR]
ONCE += [fault for fault in FAULTS if fault.cost >= _DEAR][:1]


@pytest.mark.parametrize("fault", ONCE, ids=lambda fault: fault.name)
def test_it_is_survived(fault: Fault, tmp_path: Path) -> None:
    fault.strike(tmp_path, random.Random(0))


def test_time_that_is_no_time_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for minutes in ("nan", "inf"):
        with pytest.raises(SystemExit, match="2"):
            main(["bench", "faults", "--minutes", minutes])
        assert "allowed: a finite number" in capsys.readouterr().err
    assert main(["bench", "faults", "--minutes", "-1"]) != 0
    assert "--minutes is -1; allowed: 0 or more" in capsys.readouterr().err


def test_kinds_can_be_chosen_by_a_part_of_their_name(tmp_path: Path) -> None:
    report, survived = bench.main(minutes=0.0, only=["torn at some byte"])
    assert survived
    assert "all 1 kinds, seed 0" in report
    with pytest.raises(ConfigError, match=r"--only is no such.*allowed: parts of names"):
        bench.main(minutes=0.0, only=["no such"])


def test_kinds_have_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_what_was_not_survived_is_told_with_its_seed(tmp_path: Path) -> None:
    def burn(folder: Path, dice: random.Random) -> None:
        promise(dice is None, "no fire", "smoke")

    scores = bench.play(0.0, seed=3, faults=[Fault("fire", burn), *FAULTS[:1]])
    assert [(score.tried, score.survived) for score in scores] == [(1, 0), (1, 1)]
    number, text = scores[0].harms[0]
    assert "promised: no fire; seen: smoke" in text
    assert bench.attempt(scores[0].fault, number) == text
