"""`ganlab bench`: side-by-side measurements, printed as tables with their targets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ganlab.config import ConfigError

BENCHES = ("engine", "ui", "doctor", "detectors", "live", "published", "pictures", "faults")


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser("bench", help="measure side by side", description=__doc__)
    parser.add_argument("what", choices=BENCHES)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument(
        "--sealed", action="store_true",
        help="detectors, live: score the sealed test too, and enter the look in the ledger",
    )  # fmt: skip
    parser.add_argument(
        "--record", type=Path, metavar="DIR",
        help="detectors, live: train all anew into DIR (hours; goes on where it stopped)",
    )  # fmt: skip
    parser.add_argument("--minutes", type=float, default=1.0, help="faults: how long to try them")
    parser.add_argument("--seed", type=int, default=0, help="faults: which ones, and where")
    parser.add_argument("--only", default="", metavar="WORDS", help="faults: kinds named like that")
    parser.set_defaults(action=bench)


def bench(options: argparse.Namespace) -> int:
    """Measures and prints; returns the exit code."""
    # Imported here: they bring torch and a browser's driver along.
    if options.what == "faults":
        return _faults(options)
    if options.what == "engine":
        from ganlab.bench import engine

        report = engine.main(quick=options.quick, json_file=options.json)
    elif options.what == "doctor":
        from ganlab.bench import doctor, doctor_attach

        report = doctor.main(
            quick=options.quick,
            json_file=options.json,
            attach=doctor_attach.doctor(),
            progress=_say,
        )
    elif options.what == "detectors":
        from ganlab.bench import detectors

        report = detectors.main(
            quick=options.quick,
            json_file=options.json,
            sealed=options.sealed,
            record=options.record,
            progress=_say,
        )
    elif options.what == "live":
        from ganlab.bench.live import bench as live

        report = live.main(
            quick=options.quick,
            json_file=options.json,
            sealed=options.sealed,
            record=options.record,
            progress=_say,
        )
    elif options.what == "published":
        from ganlab.bench import published

        report = published.main(quick=options.quick, json_file=options.json, progress=_say)
    elif options.what == "pictures":
        from ganlab.bench import pictures

        report = pictures.main(progress=_say)
    else:
        from ganlab.bench import ui

        report = ui.main(quick=options.quick, json_file=options.json)
    _say(report)
    return 0


def _faults(options: argparse.Namespace) -> int:
    """1 where one was not survived."""
    from ganlab.bench.faults import bench as faults

    if not 0 <= options.minutes < float("inf"):
        raise ConfigError(
            f"--minutes is {options.minutes}; allowed: 0 or more, 0 for each kind once. "
            "Give a number of minutes."
        )
    report, survived = faults.main(
        minutes=options.minutes,
        seed=options.seed,
        only=options.only,
        json_file=options.json,
        progress=_say,
    )
    _say(report)
    return 0 if survived else 1


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command line's own output
