"""`ganlab run`: trains one config headless, with a progress bar and the findings as they come."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from tqdm import tqdm

from ganlab.commands import arguments, listing
from ganlab.config import ConfigError, RunConfig, find_knob
from ganlab.finding import Evidence, is_known
from ganlab.lab import coverage, open_lab
from ganlab.outputs import check_folder, check_writable, shown, write_result
from ganlab.presets import preset
from ganlab.runs.manager import RunManager
from ganlab.runs.record import Row, RunId, RunInfo, Status

if TYPE_CHECKING:
    from ganlab.engine.coverage import Coverage

_LOG = logging.getLogger("ganlab")


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "run", help="train one config without a browser", description=__doc__
    )
    parser.add_argument(
        "--preset", type=arguments.name, metavar="NAME", help="start from a named config"
    )
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE",
        help="settings on top, for example --set data=mnist lr_d=1e-4 hidden_g=256,512",
    )  # fmt: skip
    parser.add_argument(
        "--steps", type=arguments.whole, help="generator updates (in all, when resuming)"
    )
    parser.add_argument("--seed", type=arguments.whole, help="seed of weights, batches and noise")
    parser.add_argument(
        "--resume", type=arguments.name, metavar="RUN", help="go on with a stored run"
    )
    parser.add_argument("--runs", type=arguments.path, metavar="DIR", help="where runs are stored")
    parser.add_argument(
        "--json", type=arguments.path, metavar="FILE", help="write the result as JSON"
    )
    parser.add_argument("--list-settings", action="store_true", help="print every setting")
    parser.add_argument("--list-presets", action="store_true", help="print every preset")
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Trains, or lists; returns the exit code."""
    if options.list_settings or options.list_presets:
        for line in listing.lines(presets=options.list_presets, settings=options.list_settings):
            _say(line)
        return 0
    check_writable(options.json)
    check_folder(options.runs, "--runs")
    manager = open_lab(options.runs, live=False)
    try:
        run_id = _started(manager, options)
        try:
            info = _watched(manager, run_id)
        except BrokenPipeError:  # nobody listens any more: stopped in order, as by Ctrl-C
            manager.stop(run_id)
            _result(manager, manager.wait(run_id), options.json)
            raise
        return _report(manager, info, options.json)
    finally:
        manager.shutdown()


def config_of(options: argparse.Namespace) -> RunConfig:
    """The config that the flags describe. Raises ConfigError."""
    settings: dict[str, object] = dict(_pair(text) for text in options.set)
    for name in ("steps", "seed"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    if options.preset is None:
        return RunConfig.of(settings)
    return preset(options.preset, **settings)


def _pair(text: str) -> tuple[str, object]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ConfigError(f"--set takes KEY=VALUE, got {text!r}; for example --set lr_d=1e-4.")
    return name, find_knob(name).parse(value)


def _started(manager: RunManager, options: argparse.Namespace) -> RunId:
    if options.resume is None:
        return manager.start(config_of(options), name=options.preset or "")
    if options.preset or options.set or options.seed is not None:
        raise ConfigError(
            "--resume goes on with the run's own settings; allowed beside it: --steps, --json. "
            "To change settings, start a new run."
        )
    manager.reopen(options.resume, options.steps)
    return str(options.resume)


def _watched(manager: RunManager, run_id: RunId) -> RunInfo:
    """Shows progress and findings until the run has ended; Ctrl-C stops it in order."""
    info = manager.info(run_id)
    _say(f"Run {run_id} in {shown(manager.store.path(run_id))}")
    _, offset = manager.store.read(run_id, "findings")
    with tqdm(total=info.config.steps, initial=info.step, unit="step") as bar:
        while True:
            try:
                info = manager.wait(run_id, timeout=0.2)
            except KeyboardInterrupt:
                bar.write(f"Stopping; `ganlab run --resume {run_id}` goes on from here.")
                manager.stop(run_id)
                continue
            bar.update(info.step - bar.n)
            rows, offset = manager.store.read(run_id, "findings", offset)
            for row in rows:
                bar.write(finding_line(row))
            if not info.status.live:
                return info


def finding_line(row: Row) -> str:
    """One finding event as a line of text."""
    head = f"step {row['step']:>6}  {row['event']:<8} {row['severity']:<8} {row['symptom']}"
    if row["event"] == "closed":
        return head
    proof = "; ".join(str(Evidence.stored(item)) for item in row["evidence"])
    cures = "".join(
        f"\n{'':13}-> {cure['name']}: {_patch(cure['patch'])}" for cure in row["remedies"]
    )
    return f"{head}: {row['summary']} ({proof}){cures}"


def _patch(patch: Row) -> str:
    signs = {"set": "=", "scale": " x ", "at_least": " >= ", "at_most": " <= "}
    return ", ".join(
        f"{name}{signs.get(kind, f' {kind} ')}{value:g}"
        if isinstance(value, float)
        else f"{name}{signs.get(kind, f' {kind} ')}{value}"
        for name, change in patch.items()
        for kind, value in change.items()
    )


def _report(manager: RunManager, info: RunInfo, file: Path | None) -> int:
    """The file first, then the text: who closes the text early still has the file."""
    covered = _result(manager, info, file)
    failed = bool(info.error)
    rate = f", {info.step / info.seconds:.0f} steps/s" if info.seconds else ""
    _say(f"{info.status} after {info.step} steps{rate}")
    if covered:
        accuracy = covered.test_accuracy
        judge = f" (classifier test accuracy {accuracy:.1%})" if accuracy else ""
        _say(f"covers {covered.covered} of {covered.classes} {_THING[covered.judge]}{judge}")
    if failed:
        _say(info.error)
    return 1 if failed else 130 if info.status is Status.STOPPED else 0


def _result(manager: RunManager, info: RunInfo, file: Path | None) -> Coverage | None:
    """Writes the result where a file is wanted; what the run covers at its end."""
    finished = info.status is Status.FINISHED and not info.error
    covered = _covered(manager, info.id) if finished else None
    result = {
        "run": info.id,
        "status": info.status,
        "error": info.error,
        "config": dict(info.config),
        "steps": info.step,
        "seconds": info.seconds,
        "steps_per_second": info.step / info.seconds if info.seconds else None,
        "metrics": last_metrics(manager, info.id),
        "findings": findings_of(manager, info.id),
        "coverage": covered.as_row() if covered else None,
        "left_out": left_out(manager, info.id),
    }
    if file:
        write_result(file, orjson.dumps(result, option=orjson.OPT_INDENT_2))
    return covered


def _covered(manager: RunManager, run_id: RunId) -> Coverage | None:
    """None where it cannot be measured: a full disk is no reason to lose the rest."""
    try:
        return coverage(manager.store, run_id)
    except (OSError, ValueError, RuntimeError) as error:
        _LOG.warning("What the run covers cannot be measured: %s", error)
        return None


_THING = {"classifier": "classes", "modes": "modes"}


def last_metrics(manager: RunManager, run_id: RunId) -> Row:
    """The last value of every metric."""
    merged: Row = {}
    for row in manager.store.rows(run_id, "metrics"):
        merged |= row
    return {name: value for name, value in merged.items() if name not in ("facts", "step")}


def left_out(manager: RunManager, run_id: RunId) -> str:
    """What of the data could not be read, in words; empty where all was."""
    rows, _ = manager.store.read(run_id, "metrics", limit=1)
    return str((rows[0].get("facts") or {}).get("left_out", "")) if rows else ""


def findings_of(manager: RunManager, run_id: RunId) -> list[Row]:
    """Every finding that opened, at its worst, with the step at which it closed."""
    standing: dict[str, Row] = {}
    findings: list[Row] = []
    for row in filter(is_known, manager.store.rows(run_id, "findings")):
        symptom = row["symptom"]
        if row["event"] == "closed":
            standing.pop(symptom, {})["closed"] = row["step"]
        elif row["event"] == "worsened" and symptom in standing:
            standing[symptom] |= row | {"step": standing[symptom]["step"]}
        else:
            standing[symptom] = dict(row) | {"closed": None}
            findings.append(standing[symptom])
    return [{k: v for k, v in row.items() if k != "event"} for row in findings]


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the command line's own output
