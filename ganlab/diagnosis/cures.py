"""What to offer: the undo of a blamed change, what answers the named cause, then the symptoms'.

cures(suspects, findings, facts, config)[0].name -> "Undo: lr_d back to 0.0002"

Nothing is offered that cannot act, or that makes a named cause worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ganlab.config import ConfigError, RunConfig
from ganlab.diagnosis.against import contradicts
from ganlab.diagnosis.scene import Suspect
from ganlab.finding import Finding, Remedy
from ganlab.observation import Facts
from ganlab.remedies import Known, for_cause, offered

NAMED = 0.6  # confidence from which a cause decides what is offered


def cures(
    suspects: Sequence[Suspect],
    findings: Iterable[Finding],
    facts: Facts,
    config: RunConfig | None = None,
) -> tuple[Remedy, ...]:
    """The remedies for a diagnosis, the first one first, none twice.

    `config` is the run's as it is now. Without it (a script's run) the facts have to do, and what
    they do not tell is taken as something that may change.
    """
    named = _named(suspects)
    known = Known.of(facts, config)
    answers = [
        remedy
        for place, suspect in enumerate(named)
        for remedy in for_cause(suspect.cause, facts, config)
        if not _worsens(remedy, named[: place + 1], known)
    ]
    blamed, doubtful = (
        [undo(each) for each in group if each.change is not None]
        for group in (named, [each for each in suspects if each not in named])
    )
    others = [remedy for finding in findings for remedy in finding.remedies]
    kept = [remedy for remedy in others if not _worsens(remedy, named, known)]
    return offered((*blamed, *answers, *doubtful, *kept), facts, config)


def fitting(
    remedies: Iterable[Remedy],
    suspects: Sequence[Suspect],
    facts: Facts,
    config: RunConfig | None = None,
) -> tuple[Remedy, ...]:
    """Those of one finding that can act and make no named cause worse, in their order."""
    known, named = Known.of(facts, config), _named(suspects)
    kept = [remedy for remedy in remedies if not _worsens(remedy, named, known)]
    return offered(kept, facts, config)


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


def _worsens(remedy: Remedy, named: Sequence[Suspect], known: Known) -> bool:
    try:
        after = dict(known.config.patched(remedy.patch))
    except ConfigError:
        return False  # refused, and so not offered anyway
    before = dict(known.config)
    return any(contradicts(suspect, before, after) for suspect in named)


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
