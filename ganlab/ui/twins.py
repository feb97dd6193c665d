"""The two runs of a case: the one that fails and its cured twin. Finds and starts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ganlab.casebook.case import Case, Fix
from ganlab.config import RunConfig
from ganlab.paths import has_mnist
from ganlab.runs.record import NAME_LENGTH, RunInfo
from ganlab.ui import scroll, session


@dataclass(frozen=True)
class Twins:
    """The newest runs of a case, as far as there are any."""

    run: RunInfo | None = None
    cured: RunInfo | None = None
    fix: Fix | None = None  # what the cured twin was given

    @property
    def both(self) -> tuple[RunInfo, ...]:
        """Those that there are."""
        return tuple(info for info in (self.run, self.cured) if info is not None)


def name_of(case: Case, fix: Fix | None = None) -> str:
    """The name under which the case's run, or its twin with that fix, is stored."""
    return f"{case.slug} · {fix.name}"[:NAME_LENGTH] if fix else case.slug


def find(case: Case, runs: Sequence[RunInfo]) -> Twins:
    """The newest run of the case and the newest cure of that very run; `runs`: newest first."""
    run = next((info for info in runs if info.settings and info.name == name_of(case)), None)
    if run is None:
        return Twins()
    fixes = {name_of(case, fix): fix for fix in case.tried}
    cured = next((info for info in runs if info.parent == run.id and info.name in fixes), None)
    return Twins(run, cured, fixes[cured.name] if cured else None)


def reproduce(case: Case, data: str, seed: int) -> str:
    """Starts the case's own run. Raises ConfigError and StoreError."""
    return _start(case.config(data, seed), name_of(case))


def cure(case: Case, run: RunInfo, fix: Fix) -> None:
    """Starts the run's twin with the fix: same data, same seed."""
    _let_two_train()
    config = case.config(run.config.data, run.config.seed, fix)
    _start(config, name_of(case, fix), parent=run.id)


def both(case: Case, data: str, seed: int, fix: Fix) -> None:
    """Starts the two together."""
    _let_two_train()
    run = reproduce(case, data, seed)
    session.lab().start(case.config(data, seed, fix), name_of(case, fix), parent=run)


def _start(config: RunConfig, name: str, parent: str | None = None) -> str:
    """Starts a run, to which the page then scrolls."""
    run = session.lab().start(config, name, parent)
    scroll.ask(f"header-{run}")
    return run


def _let_two_train() -> None:
    session.lab().slots = max(2, session.lab().slots)


def usual_data(case: Case) -> str:
    """MNIST where its files lie on this machine, else what needs no download."""
    if "mnist" in case.data and has_mnist():
        return "mnist"
    return next((data for data in case.data if data != "mnist"), case.data[0])
