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

from ganlab.commands import arguments
from ganlab.config import ConfigError
from ganlab.outputs import check_writable, reason, shown, write_result
from ganlab.runs.store import RunStore


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "doctor",
        help="run your own script and name what is wrong with it",
        description=__doc__,
        epilog="Arguments of the script itself follow after --: ganlab doctor train.py -- --lr 0.1",
    )
    parser.add_argument(
        "script", type=arguments.spelling, help="the script, as you would give it to python"
    )
    parser.add_argument(
        "--steps",
        type=arguments.whole,
        default=2000,
        metavar="N",
        help="generator updates observed at most",
    )
    parser.add_argument(
        "--timeout", type=arguments.number, default=600.0, metavar="S", help="seconds at most"
    )
    parser.add_argument(
        "--keep-running", action="store_true", help="let the script go on after the verdict"
    )
    for player in ("generator", "discriminator"):
        parser.add_argument(
            f"--{player}", type=arguments.name, metavar="NAME",
            help="where it cannot be told",
        )  # fmt: skip
    parser.add_argument(
        "--json", type=arguments.path, metavar="FILE", help="write the report as JSON"
    )
    parser.add_argument(
        "--html", type=arguments.path, metavar="FILE", help="write the report as a page"
    )
    parser.add_argument(
        "--no-store", action="store_true", help="leave no run in the store for the lab to show"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Examines the script and reports; 0 healthy, 1 a cause found, 2 not assessed."""
    from ganlab.causes.weigh import HEADLINES
    from ganlab.doctor import Request, examine
    from ganlab.doctor.say.text import as_text

    for name in ("steps", "timeout"):
        if getattr(options, name) <= 0:
            raise ConfigError(
                f"--{name} is {getattr(options, name)}; allowed: more than 0. Give a larger one."
            )
    _check_script(options)
    for name in ("json", "html"):
        _check_output(options, name)
    request = Request(
        Path(options.script),
        tuple(options.passed),
        options.steps,
        options.timeout,
        options.keep_running,
        options.generator or "",
        options.discriminator or "",
        given=options.script,
    )
    with _store(options) as store:
        report = examine(request, store)
        # Files first: who closes the text early still has them.
        if options.json:
            write_result(options.json, orjson.dumps(report, option=orjson.OPT_INDENT_2))
        if options.html:
            from ganlab.doctor.say.page import as_page

            page = as_page(report, str(options.script), store)
            write_result(options.html, page.encode(), "--html")
    sys.stdout.write("\n" + as_text(report, str(options.script)) + _whereabouts(options, report))
    return HEADLINES[report["verdict"]].code


def _check_script(options: argparse.Namespace) -> None:
    """Refuses what cannot be read or not be named in a report; a missing one is the report's."""
    script = Path(options.script)
    names = (name for name in (options.generator, options.discriminator) if name)
    for word in (str(script), *names, *options.passed):
        if shown(word) != word or "\0" in word:
            raise ConfigError(
                f"{shown(word)[:200]!r} is not UTF-8 text; allowed: names and arguments that are. "
                "Rename it, or link to it under another name."
            )
    try:
        if script.exists() and not (script.is_file() or script.is_dir()):
            raise OSError("it is a pipe or a device")
        if script.is_file():
            script.open("rb").close()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"The script {shown(script)[:200]} cannot be read ({reason(error)}); allowed: a Python "
            "file that you may read. Name one."
        ) from error


def _check_output(options: argparse.Namespace, name: str) -> None:
    """Refuses a result file that cannot be written, or whose content is wanted."""
    file: Path | None = getattr(options, name)
    check_writable(file, f"--{name}")
    others = [Path(options.script)] if name == "json" else [Path(options.script), options.json]
    if file is not None and any(other and file.resolve() == other.resolve() for other in others):
        raise ConfigError(
            f"--{name} {shown(file)} would overwrite the script or the other result; allowed: a "
            "file of its own. Name another."
        )


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
