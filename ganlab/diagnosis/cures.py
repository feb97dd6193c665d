"""What to offer: the undo of a blamed change, what answers the named cause, then the symptoms'.

cures(suspects, findings, facts, config)[0].name -> "Undo: lr_d back to 0.0002"

Nothing is offered that cannot act, or that makes a named cause worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ganlab.causes.roster import cures_of
from ganlab.causes.suspect import Suspect
from ganlab.config import RunConfig
from ganlab.diagnosis.against import contradicts
from ganlab.finding import Finding, Remedy, Severity
from ganlab.observation import Facts
from ganlab.remedies import Offer, Situation
from ganlab.remedies.acting import Refusal

NAMED = 0.6  # confidence from which a cause decides what is offered


def cures(
    suspects: Sequence[Suspect],
    findings: Sequence[Finding],
    facts: Facts,
    config: RunConfig | None = None,
) -> tuple[Remedy, ...]:
    """The remedies for a diagnosis, the first one first, none twice.

    `config` is the run's as it is now. Without it (a script's run) the facts have to do, and what
    they do not tell is taken as something that may change.
    """
    named = _named(suspects)
    loud = (each.symptom for each in findings if each.severity > Severity.NOTICE)
    situation = Situation(facts, config, frozenset(loud))
    offer = Offer(facts, config).add(_undos(named))
    for place, suspect in enumerate(named, start=1):
        offer.add(cures_of(suspect.cause, situation), _worsening(named[:place]))
    offer.add(_undos(suspects))
    for finding in findings:
        offer.add(finding.remedies, _worsening(named))
    return offer.given


def fitting(
    remedies: Iterable[Remedy],
    suspects: Sequence[Suspect],
    facts: Facts,
    config: RunConfig | None = None,
) -> tuple[Remedy, ...]:
    """Those of one finding that can act and make no named cause worse, in their order."""
    return Offer(facts, config).add(remedies, _worsening(_named(suspects))).given


def _undos(suspects: Iterable[Suspect]) -> list[Remedy]:
    return [undo(suspect) for suspect in suspects if suspect.change is not None]


def undo(suspect: Suspect) -> Remedy:
    """Takes the blamed change back. Raises ValueError where none is blamed."""
    change = suspect.change
    if change is None:
        raise ValueError(f"Suspect {suspect.cause} blames no change; ask only where it does.")
    back = ", ".join(f"{name} back to {_word(value)}" for name, value in change.before.items())
    return Remedy(
        f"Undo: {back}",
        change.undo,
        f"What stands came after the change at step {change.step}.",
        "The changes of this run",
    )


def _named(suspects: Sequence[Suspect]) -> tuple[Suspect, ...]:
    return tuple(suspect for suspect in suspects if suspect.confidence >= NAMED)


def _worsening(named: Sequence[Suspect]) -> Refusal:
    """Refuses what makes one of these causes worse."""
    return lambda before, after: any(contradicts(suspect, before, after) for suspect in named)


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
