"""`python -m ganlab run | bench`: the lab without a browser."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from ganlab import __version__
from ganlab.commands import bench, run
from ganlab.config import ConfigError
from ganlab.runs.record import StoreError

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 well, 1 the run failed, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog="ganlab", description="The interactive GAN failure-diagnosis lab."
    )
    parser.add_argument("--version", action="version", version=f"ganlab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run.add_to(commands)
    bench.add_to(commands)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("ganlab").setLevel(logging.INFO)
    try:
        code: int = options.action(options)
        return code
    except (ConfigError, StoreError) as error:
        sys.stderr.write(f"ganlab: {error}\n")
        return USAGE_ERROR
