"""`ganlab bench`: side-by-side measurements, printed as tables with their targets. In a clone."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

from ganlab.commands.arguments import name, number, path, whole
from ganlab.config import ConfigError
from ganlab.outputs import check_folder, check_writable

# The module of each, and the options that it heeds.
BENCHES: dict[str, tuple[str, tuple[str, ...]]] = {
    "engine": ("engine", ("quick", "json")),
    "ui": ("ui", ("quick", "json")),
    "doctor": ("doctor.bench", ("quick", "json", "table")),
    "detectors": ("detectors", ("quick", "json", "sealed", "record", "table")),
    "live": ("live.bench", ("quick", "json", "sealed", "record", "table")),
    "published": ("published", ("quick", "json")),
    "pictures": ("pictures", ("only",)),
    "faults": ("faults.bench", ("json", "minutes", "seed", "only")),
    "soak": ("soak", ("json", "hours", "seed")),
}
_DEFAULTS: dict[str, Any] = {"minutes": 1.0, "hours": 2.0, "seed": 0, "only": ()}
_LEAST = {"minutes": 0.0, "hours": 0.1}
_QUOTED = {
    "doctor": "ganlab.bench.doctor.quoted",
    "detectors": "ganlab.bench.corpus.quoted",
    "live": "ganlab.bench.live.quoted",
}
_SILENT = ("engine", "ui")  # they say nothing before their table


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser("bench", help="measure side by side", description=__doc__)
    parser.add_argument("what", choices=tuple(BENCHES))
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", type=path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument(
        "--sealed", action="store_true",
        help="detectors, live: score the sealed test too, and enter the look in the ledger",
    )  # fmt: skip
    parser.add_argument(
        "--record", type=path, metavar="DIR",
        help="detectors, live: train all anew into DIR (hours; goes on where it stopped)",
    )  # fmt: skip
    parser.add_argument(
        "--table", action="store_true",
        help="doctor, detectors, live: print what was measured, as their README has it",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=number, help="faults: how long to try them; 0: each kind once; default: 1"
    )
    parser.add_argument("--hours", type=number, help="soak: how long, 0.1 and more; default: 2")
    parser.add_argument(
        "--seed", type=whole, help="faults: which ones, and where; soak: what is pressed"
    )
    parser.add_argument(
        "--only", nargs="+", type=name, metavar="NAME",
        help="pictures: take those of these symptoms, and leave the others as they are; "
        "faults: try the kinds whose names hold one of these",
    )  # fmt: skip
    parser.set_defaults(action=bench)


def bench(options: argparse.Namespace) -> int:
    """Measures and prints; returns the exit code."""
    _check_clone(options.what)
    _check(options)
    return _measured(options)


def _check_clone(what: str) -> None:
    """Refuses where the package was installed, which leaves the benches out."""
    try:
        from ganlab.bench.material import FOLDER

        there = FOLDER.is_dir()
    except ModuleNotFoundError:
        there = False
    if not there:
        raise ConfigError(
            f"`bench {what}` needs the benches and their material, which are not installed with "
            f"the package: run `python -m ganlab bench {what}` in a clone of the repository."
        )


def _check(options: argparse.Namespace) -> None:
    """Refuses, before hours of work, what would be ignored or could not be written."""
    _, heeded = BENCHES[options.what]
    for flag in dict.fromkeys(flag for _, flags in BENCHES.values() for flag in flags):
        given = getattr(options, flag)
        if given is not None and given is not False and flag not in heeded:  # 0 is given
            heeding = ", ".join(name for name, (_, flags) in BENCHES.items() if flag in flags)
            raise ConfigError(
                f"--{flag} says nothing to `bench {options.what}`; allowed with: {heeding}. "
                "Leave it out."
            )
    for flag, least in _LEAST.items():
        given = getattr(options, flag)
        if given is not None and given < least:
            raise ConfigError(
                f"--{flag} is {given:g}; allowed: {least:g} or more. Give a longer time."
            )
    check_writable(options.json)
    check_folder(options.record, "--record")


def _measured(options: argparse.Namespace) -> int:
    """0, or 1 where a fault was not survived."""
    if options.table:
        _say(importlib.import_module(_QUOTED[options.what]).quoted())
        return 0
    module, heeded = BENCHES[options.what]
    given: dict[str, Any] = {
        "json_file" if flag == "json" else flag: _value(options, flag)
        for flag in heeded
        if flag != "table"
    }
    if options.what not in _SILENT:
        given["progress"] = _say
    if options.what == "doctor":
        from ganlab.bench.doctor import attach

        given["attach"] = attach.doctor()
    # Imported here: they bring torch and a browser's driver along.
    found = importlib.import_module(f"ganlab.bench.{module}").main(**given)
    report, well = found if isinstance(found, tuple) else (found, True)
    _say(report)
    return 0 if well else 1


def _value(options: argparse.Namespace, flag: str) -> Any:
    given = getattr(options, flag)
    return _DEFAULTS.get(flag) if given is None else given


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command line's own output
