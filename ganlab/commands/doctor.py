"""`ganlab doctor`: runs somebody's own, unmodified training script and names what is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from ganlab.commands.run import check_writable
from ganlab.config import ConfigError

_CODES = {"healthy": 0, "cause": 1}


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "doctor",
        help="run your own script and name what is wrong with it",
        description=__doc__,
        epilog="Arguments of the script itself follow after --: ganlab doctor train.py -- --lr 0.1",
    )
    parser.add_argument("script", type=Path, help="the script, as you would give it to python")
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
    check_writable(options.json)
    check_writable(options.html)
    request = Request(
        options.script,
        tuple(options.passed),
        options.steps,
        options.timeout,
        options.keep_running,
        options.generator,
        options.discriminator,
    )
    report = examine(request)
    sys.stdout.flush()
    text = as_text(report, str(options.script))
    sys.stdout.write("\n" + text)
    if options.json:
        options.json.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    return _CODES.get(report["verdict"], 2)
