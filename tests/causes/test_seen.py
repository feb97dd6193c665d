"""No verdict on a script changes by accident: each is held word for word, without running it."""

from __future__ import annotations

import pytest

from ganlab.causes.history import History
from tests.causes.seen import kept, said


@pytest.mark.parametrize("name", kept())
def test_a_script_gets_the_same_verdict_in_the_same_words(name: str) -> None:
    row = kept()[name]
    assert said(History.of_row(row["history"])) == row["said"], (
        f"Other words than were kept of {name}. If a cause is new there, look whether it is right; "
        "if the change is meant, `python -m tests.causes.seen` keeps it anew."
    )


@pytest.mark.parametrize("name", kept())
def test_a_reason_and_the_causes_agree_with_the_verdict(name: str) -> None:
    found = kept()[name]["said"]
    assert (found["verdict"] == "cause") == bool(found["causes"])
    assert (found["verdict"] == "healthy") == found["reason"].startswith("Nothing harmful")
    assert all(found["reason"].startswith(each["evidence"][0]) for each in found["causes"][:1])


def test_most_causes_are_among_them() -> None:
    named = {each["slug"] for row in kept().values() for each in row["said"]["causes"]}
    assert len(named) >= 20
