"""A store full of texts that would fetch, link or pretend something, were they taken for markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ganlab.config import RunConfig
from ganlab.runs import RunStore
from ganlab.runs.record import Outcome, Source, Status
from tests.browser.stored import MISMATCH

ATTACKS = (
    "![i](http://evil.example/i.png)",
    "[sign in](http://evil.example/a)",
    "http://evil.example/b www.evil.example",
    "me@evil.example <http://evil.example/c>",
    "<img src=http://evil.example/d.png>",
    "<a href='http://evil.example/e'>free</a>",
    ":red[all] :material/bolt: :smile: -> x",
    "$\\href{http://evil.example/f}{x}$ `q`",
    "1. **bold** _it_ ~~no~~ # h",
)
ALL = " ; ".join(ATTACKS)


def fill(runs: Path) -> list[str]:
    """Runs of the lab, one with each attack as its name; then one of a script, the last."""
    return [*(_run(runs, attack) for attack in ATTACKS), _examined(runs)]


def _run(runs: Path, name: str) -> str:
    store = RunStore(runs)
    run = store.create(RunConfig(), name, parent=name)
    _measure(store, run)
    row = {"symptom": "scaling-mismatch", "step": 10, "metric": "unreachable"}
    first = MISMATCH.as_row()["remedies"][0]
    cures = [first | {"name": ALL, "rationale": ALL, "source": ALL}]
    store.append(
        run,
        "findings",
        {"event": "opened", **MISMATCH.as_row(), **row, "summary": ALL, "remedies": cures},
    )
    patch = {"lr_d": {"set": 0.1}}
    for more in ({"origin": ALL}, {"origin": "user", "error": ALL}):
        store.append(run, "patches", {"step": 12, "seconds": 1.0, "patch": patch, **more})
    store.finish(run, Outcome(Status.FAILED, 20, 2.0, error=ALL, traceback=ALL))
    return run


def _measure(store: RunStore, run: str) -> None:
    for step in range(0, 30, 10):
        values = {"d_loss": 1.2, "g_loss": 0.9, "d_real": 0.6, "d_fake": 0.4}
        store.append(run, "metrics", {"step": step, "seconds": step / 10, **values})


def _examined(runs: Path) -> str:
    store = RunStore(runs)
    run = store.create_watched(Source(f"{ATTACKS[0]}.py", ATTACKS))
    _measure(store, run)
    store.write_report(run, json.loads(json.dumps(REPORT)))
    store.finish(run, Outcome(Status.FINISHED, 20, 2.0))
    return run


_CAUSE: dict[str, Any] = {
    "slug": ALL, "confidence": 0.97, "evidence": [ALL, ALL], "fix": ALL, "checked": ALL,
    "location": {"file": f"x/{ATTACKS[6]}", "line": 24, "code": ALL}, "source": ALL,
}  # fmt: skip
REPORT: dict[str, Any] = {
    "verdict": "cause", "reason": f"{ALL} .", "causes": [_CAUSE], "notes": [_CAUSE],
    "symptoms": [], "discovered": {"generator": ALL, "discriminator": ALL}, "steps": 60,
    "seconds": 12.0, "overhead": 0.031, "script_exit": 3, "final": True,
    "internal_errors": [ALL],
}  # fmt: skip
