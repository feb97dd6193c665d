"""`ganlab doctor`: runs somebody's own, unmodified training script and names what is wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ganlab.commands.run import check_writable
from ganlab.config import ConfigError
from ganlab.runs.store import RunStore

_CODES = {"healthy": 0, "cause": 1}


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "doctor",
        help="run your own script and name what is wrong with it",
        description=__doc__,
        epilog="Arguments of the script itself follow after --: ganlab doctor train.py -- --lr 0.1",
    )
    parser.add_argument("script", help="the script, as you would give it to python")
    parser.add_argument(
        "--steps", type=int, default=2000, metavar="N", help="generator updates observed at most"
    )
    parser.add_argument("--timeout", type=float, default=600.0, metavar="S", help="seconds at most")
    parser.add_argument(
        "--keep-running", action="store_true", help="let the script go on after the verdict"
    )
    parser.add_argument("--generator", default="", metavar="NAME", help="where it cannot be told")
    parser.add_argument("--discriminator", default="", metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument(
        "--no-store", action="store_true", help="leave no run in the store for the lab to show"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Examines the script and reports; 0 healthy, 1 a cause found, 2 not assessed."""
    from ganlab.doctor import Request, examine
    from ganlab.doctor.report import as_text

    for name in ("steps", "timeout"):
        if getattr(options, name) <= 0:
            raise ConfigError(f"--{name} is {getattr(options, name)}; allowed: more than 0.")
    check_writable(options.json, "--json")
    check_writable(options.html, "--html")
    request = Request(
        Path(options.script),
        tuple(options.passed),
        options.steps,
        options.timeout,
        options.keep_running,
        options.generator,
        options.discriminator,
        given=options.script,
    )
    with _store(options) as store:
        report = examine(request, store)
        sys.stdout.flush()
        sys.stdout.write(
            "\n" + as_text(report, str(options.script)) + _whereabouts(options, report)
        )
        if options.html:
            from ganlab.doctor.page import as_page

            options.html.write_text(as_page(report, str(options.script), store), "utf-8")
    if options.json:
        options.json.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    return _CODES.get(report["verdict"], 2)


@contextmanager
def _store(options: argparse.Namespace) -> Iterator[RunStore | None]:
    """The lab's store; one that vanishes afterwards where only the page needs it; or none."""
    if not options.no_store:
        store = RunStore()
        store.mark_orphans()
        yield store
    elif options.html:
        with tempfile.TemporaryDirectory() as folder:
            yield RunStore(Path(folder))
    else:
        yield None


def _whereabouts(options: argparse.Namespace, report: dict[str, Any]) -> str:
    if options.no_store or "run" not in report:
        return ""
    return f"\nCurves and samples: streamlit run app.py, page Doctor, run {report['run']}\n"
