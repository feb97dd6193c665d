"""Learning rates so small that the label has no say yet."""

from __future__ import annotations

from ganlab.causes.balance.symptoms import COLLAPSED
from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.finding import Symptom

_SLOW = 3e-4  # the largest learning rate at which the lab has seen labels ignored
_SPECKLE = 1.4  # pixelwise deviation of fakes / of reals


def slow_rate(history: History) -> Suspect | None:
    """Updates so small that the label has no say yet."""
    finding = history.symptoms.get(Symptom.CONDITIONAL_COLLAPSE)
    rate = max(history.facts.get("lr_d", 1.0), history.facts.get("lr_g", 1.0))
    ratio = history.number("std_ratio") or 0.0
    conditional = history.facts.get("conditional", "none") != "none"
    speckled = conditional and ratio > _SPECKLE
    if (finding is None and not speckled) or rate > _SLOW or history.has(*COLLAPSED):
        return None
    words = [f"The {history.rates()}; 1e-3 is five times as much and still usual."]
    words += [history.summary(Symptom.CONDITIONAL_COLLAPSE)] if finding else []
    words += [f"Generated pixels vary {ratio:.1f} times as much as real ones."] if speckled else []
    return Suspect(
        "learning-rate-too-low",
        0.7 if finding and history.has(Symptom.CONDITIONAL_COLLAPSE) else 0.5,
        tuple(words),
        ("It may pass with longer training at the same rates.",),
        "Not a condition without information: real classes differ, and labels are drawn with them.",
    )
