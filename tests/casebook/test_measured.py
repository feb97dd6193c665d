"""Where measurements differ from what a case says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ganlab.casebook import find_case
from ganlab.casebook.case import Case
from ganlab.casebook.measured import Measured, differences, measured_of

FAILING, HEALTHY = find_case("x255-output"), find_case("correct-tanh")
GOOD = {"covered": 9, "classes": 10, "variety": 0.6, "frechet": 0.5}


def trials(seeds: int = 3, alarm: str = "", outcome: dict[str, float] | None = None) -> Any:
    return {
        "seeds": list(range(seeds)),
        "alarms": [[alarm] if alarm else []] * seeds,
        "outcomes": [outcome or GOOD] * seeds,
        "errors": [""] * seeds,
        "seconds": [1.0] * seeds,
    }


def found(case: Case, onsets: list[int | None], runs: Any, **fixes: Any) -> Measured:
    named = {fix.name: fixes["cure"] for fix in case.tried if "cure" in fixes}
    return measured_of(
        {"runs": runs, "onsets": onsets, "onset_seconds": [1.0] * len(onsets), "fixes": named}
    )


def test_a_failure_that_every_seed_shows_and_a_cure_that_cures_do_not_differ() -> None:
    each = found(FAILING, [0, 30, 50], trials(alarm="clamp-death"), cure=trials())
    assert differences(FAILING, each) == []
    assert each.shown == 3 and each.runs.silent == 0


def test_a_seed_that_does_not_show_it_differs_unless_the_case_says_so() -> None:
    each = found(FAILING, [0, None, 50], trials(alarm="clamp-death"), cure=trials())
    assert differences(FAILING, each) == ["shown by 2 of 3 seeds, expected 3"]
    assert differences(replace(FAILING, share=(2, 3)), each) == []


def test_a_cure_has_to_be_silent_and_healthy() -> None:
    runs = trials(alarm="clamp-death")
    loud = found(FAILING, [0, 0, 0], runs, cure=trials(alarm="saturation"))
    poor = found(FAILING, [0, 0, 0], runs, cure=trials(outcome=GOOD | {"covered": 1}))
    for each in (loud, poor):
        assert differences(FAILING, each) == ["'Scale both to [-1, 1]' cured 0 of 3 seeds"]


def test_a_fix_said_not_to_help_may_not_cure_every_seed() -> None:
    assert FAILING.cure is not None
    case = replace(FAILING, cure=replace(FAILING.cure, helps=False))
    each = found(FAILING, [0, 0, 0], trials(), cure=trials())
    assert differences(case, each) == [
        "'Scale both to [-1, 1]' is said not to help, and cured every seed"
    ]


def test_a_healthy_case_is_silent_with_a_healthy_outcome() -> None:
    assert differences(HEALTHY, found(HEALTHY, [None] * 3, trials())) == []
    loud = found(HEALTHY, [None] * 3, trials(alarm="saturation"))
    assert differences(HEALTHY, loud) == ["expected silence, found saturation"]
    poor = found(HEALTHY, [None] * 3, trials(outcome=GOOD | {"variety": 0.0}))
    assert differences(HEALTHY, poor) == ["healthy outcome in 0 of 3 seeds"]
    assert differences(replace(HEALTHY, judged=False), poor) == []
