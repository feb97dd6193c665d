"""Cases and their measurements read as words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ganlab.casebook import find_case
from ganlab.casebook.case import Case, Fix, Signature
from ganlab.casebook.measured import Measured, Trials
from ganlab.config import Set
from ganlab.ui import casewords

FAILING, HEALTHY = find_case("x255-output"), find_case("correct-tanh")
GOOD = {"covered": 9, "classes": 10, "variety": 0.5, "frechet": 0.5}


def trials(*healthy: bool) -> Trials:
    n = len(healthy)
    outcomes = tuple(GOOD if good else None for good in healthy)
    return Trials(tuple(range(n)), ((),) * n, outcomes, ("",) * n, (9.0,) * n)


def found(*onsets: int | None, **fixes: Trials) -> Measured:
    return Measured(trials(*[True] * len(onsets)), onsets, (1.0,) * len(onsets), fixes)


def test_a_measured_failure_has_its_share_its_steps_and_its_cure() -> None:
    assert FAILING.cure
    measured = found(41, 56, 50, **{FAILING.cure.name: trials(True, True, False)})
    line = casewords.measured_line(FAILING, "mnist", measured)
    assert line == "MNIST: 3 of 3 seeds, step 41–56; cured 2 of 3"


@pytest.mark.parametrize(
    ("onsets", "words"), [((7, 7), "2 of 2 seeds, step 7"), ((None, None), "0 of 2 seeds")]
)
def test_equal_steps_are_said_once_and_missing_ones_not_at_all(
    onsets: tuple[int | None, ...], words: str
) -> None:
    assert casewords.measured_line(FAILING, "digits", found(*onsets)) == f"digits: {words}"


def test_a_healthy_case_is_measured_by_silence_and_outcome() -> None:
    line = casewords.measured_line(HEALTHY, "digits", found(None, None))
    assert line == "digits: silent in 2 of 2 seeds, healthy in 2"


def test_the_filter_takes_all_words_in_any_order_and_case() -> None:
    assert casewords.found_by(FAILING, "CLAMP 255")
    assert casewords.found_by(FAILING, "")
    assert not casewords.found_by(FAILING, "clamp unicorn")


def test_settings_come_with_what_they_are() -> None:
    assert any(
        line.startswith("`output = x255` G's output") for line in casewords.settings(FAILING)
    )


def test_a_fix_reads_as_what_it_changes() -> None:
    fix = Fix("", {"output": Set("tanh"), "lr_d": Set(0.001)}, "", "")
    assert casewords.fix_patch(fix) == "output = tanh, lr_d = 0.001"


def test_only_a_signature_can_await_a_detector() -> None:
    assert casewords.awaited(Signature("auc", ">", 0.9, 10, awaits="partial-collapse"))
    assert not casewords.awaited(FAILING.expects[0])


@pytest.mark.parametrize("verdict", ["true", "partly", "false", "ours"])
def test_every_verdict_has_a_badge(verdict: str) -> None:
    case: Case = replace(FAILING, verdict=verdict)  # type: ignore[arg-type]
    assert "-badge[" in casewords.verdict_badge(case)
