"""`ganlab bench faults`: kinds of faults at random and at length, tried and survived of each."""

from __future__ import annotations

import json
import random
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ganlab.bench.faults.fault import Fault
from ganlab.bench.faults.roster import FAULTS
from ganlab.bench.table import table
from ganlab.config import ConfigError
from ganlab.outputs import write_result

_SHOWN = 3  # reports of one kind that are printed whole


@dataclass
class Score:
    """What became of one kind."""

    fault: Fault
    tried: int = 0
    seconds: float = 0.0  # in all
    harms: list[tuple[int, str]] = field(default_factory=list)  # the seed, and what was seen

    @property
    def survived(self) -> int:
        """How often nothing promised was broken."""
        return self.tried - len(self.harms)


def attempt(fault: Fault, seed: int) -> str:
    """Does one fault; "" when it was survived, else the traceback."""
    with tempfile.TemporaryDirectory(prefix="ganlab-fault-") as folder:
        try:
            fault.strike(Path(folder), random.Random(seed))
        except Exception:  # whatever comes out was not to come out
            return traceback.format_exc()
    return ""


def play(
    minutes: float,
    seed: int,
    *,
    faults: Sequence[Fault] = FAULTS,
    progress: Callable[[str], None] = lambda text: None,
    clock: Callable[[], float] = time.monotonic,
) -> list[Score]:
    """Every kind once, then kinds at random until the time is over, each about as long in all."""
    scores = [Score(fault) for fault in faults]
    dice, until = random.Random(seed), clock() + 60 * minutes
    weights = [1 / fault.cost for fault in faults]
    while clock() < until or any(not score.tried for score in scores):
        untried = [score for score in scores if not score.tried]
        score = untried[0] if untried else dice.choices(scores, weights)[0]
        number, began = dice.randrange(1 << 32), clock()
        harm = attempt(score.fault, number)
        score.tried += 1
        score.seconds += clock() - began
        if harm:
            score.harms.append((number, harm))
            progress(f"{score.fault.name} (seed {number}): {harm.strip().splitlines()[-1]}")
    return scores


def main(
    *,
    minutes: float = 1.0,
    seed: int = 0,
    only: Sequence[str] = (),
    json_file: Path | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> tuple[str, bool]:
    """Tries faults for so long; the table, and whether all were survived.

    `only`: parts of the names of the kinds to try. Raises ConfigError where none has any.
    """
    faults = [fault for fault in FAULTS if not only or any(part in fault.name for part in only)]
    if not faults:
        raise ConfigError(
            f"--only is {' '.join(only)}, and no kind of fault is named like that; allowed: parts "
            "of names in the table. Leave it out to try all."
        )
    scores = play(minutes, seed, faults=faults, progress=progress)
    if json_file is not None:
        write_result(json_file, f"{json.dumps(_figures(scores, seed), indent=2)}\n".encode())
    return _report(scores, seed), not any(score.harms for score in scores)


def _report(scores: Sequence[Score], seed: int) -> str:
    rows = [
        (score.fault.name, str(score.tried), str(score.survived), "" if not score.harms else "HARM")
        for score in scores
    ]
    tried = sum(score.tried for score in scores)
    survived = sum(score.survived for score in scores)
    rows.append((f"all {len(scores)} kinds, seed {seed}", str(tried), str(survived), ""))
    harms = [
        f"{score.fault.name}, seed {number}:\n{text}"
        for score in scores
        for number, text in score.harms[:_SHOWN]
    ]
    return "\n\n".join([table(("Fault", "tried", "survived", ""), rows), *harms])


def _figures(scores: Sequence[Score], seed: int) -> dict[str, object]:
    return {
        "seed": seed,
        "tried": sum(score.tried for score in scores),
        "survived": sum(score.survived for score in scores),
        "kinds": [
            {
                "name": score.fault.name,
                "tried": score.tried,
                "survived": score.survived,
                "seconds": round(score.seconds, 3),
                "harms": [{"seed": number, "seen": text} for number, text in score.harms],
            }
            for score in scores
        ],
    }
