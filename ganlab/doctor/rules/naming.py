"""How the rules that are still the doctor's own name a suspect."""

from __future__ import annotations

from ganlab.causes.suspect import Harm, Suspect
from ganlab.causes.trace import Location


def suspicion(
    slug: str,
    confidence: float,
    evidence: tuple[str, ...],
    fix: str,
    location: Location | None = None,
    checked: str = "",
    source: str = "",
    harm: Harm = "certain",
) -> Suspect:
    """A suspect as the doctor's own rules name it."""
    return Suspect(
        slug,
        confidence,
        evidence,
        checked=checked,
        fix=fix,
        source=source,
        location=location,
        harm=harm,
    )
