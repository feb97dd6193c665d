"""`python -m ganlab run | casebook | diagnose | doctor | bench`: the lab without a browser."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from ganlab import __version__
from ganlab.commands import bench, casebook, diagnose, doctor, run
from ganlab.config import ConfigError
from ganlab.runs.record import StoreError

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, 1 for a failed run, 2 for bad input, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="ganlab", description="The interactive GAN failure-diagnosis lab."
    )
    parser.add_argument("--version", action="version", version=f"ganlab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run.add_to(commands)
    casebook.add_to(commands)
    diagnose.add_to(commands)
    doctor.add_to(commands)
    bench.add_to(commands)
    own = list(sys.argv[1:] if arguments is None else arguments)
    passed: list[str] = []
    if "--" in own:  # what follows belongs to the user's script
        own, passed = own[: own.index("--")], own[own.index("--") + 1 :]
    options = parser.parse_args(own)
    if passed and options.command != "doctor":
        parser.error(f"only `doctor` passes arguments on after --; got: {' '.join(passed)}")
    options.passed = passed
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("ganlab").setLevel(logging.INFO)
    try:
        code: int = options.action(options)
        sys.stdout.flush()
        return code
    except (ConfigError, StoreError) as error:
        sys.stderr.write(f"ganlab: {error}\n")
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `ganlab run --list-settings | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
