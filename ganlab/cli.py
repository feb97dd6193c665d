"""`python -m ganlab run | casebook | diagnose | doctor | bench`: the lab without a browser."""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ganlab import __version__, outputs
from ganlab.commands import bench, casebook, diagnose, doctor, run
from ganlab.config import ConfigError
from ganlab.runs.record import StoreError

USAGE_ERROR = 2
INTERRUPTED = 130
BROKEN_PIPE = 141  # 128 + SIGPIPE, as a shell has it

_CODES = """\
exit codes: 0 done (doctor: healthy), 1 a failed run (doctor: a cause was found), 2 bad input or a
result that could not be written where it was wanted (doctor: not assessed, too), 130 after Ctrl-C,
141 when the output was closed early, as by `| head`: result files are written before text, and
the code says nothing of the run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `ganlab --help` lists them."""
    _print_any_text()
    outputs.start_afresh()
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except (ConfigError, StoreError) as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `ganlab run --list-settings | head`
        _close_broken_streams()
        return BROKEN_PIPE
    except OSError as error:
        _close_broken_streams()
        return _refused(f"{error}. Allowed: places with room that you may use. Free or name one.")
    return code if outputs.all_written() else USAGE_ERROR


def parser() -> argparse.ArgumentParser:
    """All commands with their flags."""
    whole = argparse.ArgumentParser(
        prog="ganlab",
        description="The interactive GAN failure-diagnosis lab.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"ganlab {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (run, casebook, diagnose, doctor, bench):
        command.add_to(commands)
    return whole


def _run(own: list[str]) -> int:
    passed: list[str] = []
    if "--" in own:  # what follows belongs to the user's script
        own, passed = own[: own.index("--")], own[own.index("--") + 1 :]
    reader = parser()
    options = reader.parse_args(own)
    if passed and options.command != "doctor":
        reader.error(f"only `doctor` passes arguments on after --; got: {' '.join(passed)}")
    options.passed = passed
    for name in ("GANLAB_RUNS", "GANLAB_DATA"):
        outputs.check_folder(Path(os.environ.get(name) or os.curdir), name)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("ganlab").setLevel(logging.INFO)
    code: int = options.action(options)
    return code


def _refused(text: str) -> int:
    with contextlib.suppress(OSError):  # where nobody reads the errors either
        sys.stderr.write(f"ganlab: {text}\n")
        sys.stderr.flush()
    return USAGE_ERROR


def _print_any_text() -> None:
    """A name of any bytes is printed with escapes: it must not be what ends a run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_broken_streams() -> None:
    """Or Python would write the rest once more as it exits, and fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
