"""No diagnosis of the lab changes by accident: each is held word for word."""

from __future__ import annotations

import pytest

from tests.causes.told import SAID, kept, said


@pytest.mark.parametrize("name", SAID)
def test_the_lab_says_the_same_in_the_same_words(name: str) -> None:
    assert said(name) == kept()[name]


def test_nothing_kept_is_left_unasked() -> None:
    assert list(kept()) == list(SAID)
