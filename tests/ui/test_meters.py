"""The gauges say what their words mean."""

from __future__ import annotations

import re

from ganlab.ui.glossary import TERMS
from ganlab.ui.meters import meters


def test_the_words_of_the_gauges_lead_to_the_glossary() -> None:
    found = meters({"d_real": 0.8, "d_fake": 0.2})
    entries = re.findall(r'href="handbook\?entry=([a-z-]+)"', found)
    assert entries == ["d-x", "d-g-z", "d-g-z", "nats", "logit"]
    assert TERMS["nats"].meaning in found
    assert "0.5: D cannot tell" in found


def test_a_critics_scores_are_explained_as_such() -> None:
    found = meters({"logit_real": 3.0, "logit_fake": -2.0})
    assert "entry=critic" in found and 'class="half"' not in found
