"""How a run's thread ends, whatever happens in it. Knows no slot and no queue."""

from __future__ import annotations

import contextlib
import dataclasses
import traceback

from ganlab.config import ConfigError
from ganlab.runs.record import Outcome, RunId, Status, StoreError
from ganlab.runs.session import Session
from ganlab.runs.store import RunStore


def trained(session: Session, store: RunStore, run: RunId) -> Outcome:
    """Trains to the end. What is raised there is the run's failure, and does not come out."""
    try:
        return session.train()
    except BaseException as error:  # the thread's edge
        failed = session.outcome(Status.FAILED)
        with contextlib.suppress(OSError, StoreError):  # its folder may be gone
            # A run that could not be reopened has ended as it had before.
            failed = store.outcome(run) or failed
        return dataclasses.replace(failed, error=_words(error), traceback=traceback.format_exc())


def _words(error: BaseException) -> str:
    """What the error says; our own say it in words, others need their name."""
    ours = isinstance(error, (ConfigError, StoreError))
    return str(error) if ours else f"{type(error).__name__}: {error}"
