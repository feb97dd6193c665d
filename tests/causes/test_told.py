"""No diagnosis of the lab changes by accident: each is held word for word."""

from __future__ import annotations

import pytest

from ganlab.causes.history import History
from ganlab.causes.roster import KINDS
from ganlab.config import RunConfig
from tests.causes.told import RUNS, STAGED, kept, of_history, of_run
from tests.diagnosis.recorded import SLUGS
from tests.diagnosis.scenes import SCENES
from tests.remedies.facts import facts_for

MEANT = "Other words than were kept: if that is meant, `python -m tests.causes.told` keeps them."


@pytest.mark.parametrize("slug", SLUGS)
def test_a_recorded_run_is_diagnosed_in_the_same_words(slug: str) -> None:
    assert of_run(slug) == kept(RUNS)[slug], MEANT


@pytest.mark.parametrize("name", kept(STAGED))
def test_a_staged_history_is_diagnosed_in_the_same_words(name: str) -> None:
    row = kept(STAGED)[name]
    assert of_history(History.of_row(row["history"])) == row["suspects"], MEANT


def test_nothing_is_left_out() -> None:
    assert len(kept(STAGED)) == len(SCENES), f"A scene is new or gone. {MEANT}"
    assert kept(RUNS).keys() == set(SLUGS), MEANT


def test_what_a_cause_is_shown_of_the_lab_the_lab_tells() -> None:
    told = facts_for(RunConfig(data="ring8", device="cpu")).keys()
    for cause in KINDS:
        lab = [each.history.facts for each in cause.specimens() if each.history.build is None]
        unknown = {name for facts in lab for name in facts} - told
        assert not unknown, (
            f"{cause.__name__} rests on {sorted(unknown)}, which no run tells: add a field of "
            "Facts (ganlab/observation.py) and its line in ganlab/engine/facts.py"
        )
