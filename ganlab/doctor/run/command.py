"""What is asked of the doctor, and the command that runs the script for it."""

from __future__ import annotations

import ast
import os
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import orjson

# We are found through an environment that these would shut out.
_FLAGS_LEFT_OUT = ("-I", "-E", "-S")


@dataclass(frozen=True)
class Request:
    """A script and how to look at it."""

    script: Path
    arguments: tuple[str, ...] = ()
    steps: int = 2000  # generator updates
    timeout: float = 600.0  # seconds
    keep_running: bool = False
    generator: str = ""
    discriminator: str = ""
    run: str = ""  # of the store at `root`, so that the lab shows it live
    root: str = ""
    given: str = ""  # the script's path in the user's own letters: "./train.py" is no Path


def unreadable(script: Path) -> str | None:
    """Why the script cannot be run, in words; None: it can."""
    if not script.exists():
        near = (
            sorted(path.name for path in script.parent.glob("*.py"))
            if script.parent.exists()
            else []
        )
        hint = f" Python files there: {', '.join(near[:6])}." if near else ""
        return f"There is no script {script}.{hint}"
    if script.is_dir():
        return f"{script} is a folder; name the script that trains, e.g. {script / 'train.py'}."
    try:
        with warnings.catch_warnings(action="ignore"):  # Python gives them again when it runs it
            compile(_parsed(script), str(script), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return f"The script has a syntax error in line {line}: {getattr(error, 'msg', error)}."
    except OSError as error:
        return f"{script} cannot be read: {error.strerror}. Name a script that you may read."
    return None


def _parsed(script: Path) -> ast.Module:
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(script.read_bytes(), str(script))


def command(request: Request) -> list[str]:
    """As the user would run it: `python script.py`, or `python -m` for a part of a package."""
    module = _module(request.script)
    what = ["-m", module] if module else [_no_flag(request.given or str(request.script))]
    return [sys.executable, *_options(sys.orig_argv[1:]), *what, *request.arguments]


def _options(words: list[str]) -> list[str]:
    """Python's own options, as this process got them, are meant for the script."""
    found: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word in ("-", "--", "-m", "-c"):
            break
        if word in ("-W", "-X"):
            found += [word, next(rest, "")]
        elif word not in _FLAGS_LEFT_OUT:
            found.append(word)
    return found


def _no_flag(script: str) -> str:
    return os.path.join(os.curdir, script) if script.startswith("-") else script


def _module(script: Path) -> str:
    """Its name in its package, where it says `from .other import` and so runs in no other way."""
    tree = _parsed(script)
    relative = any(isinstance(node, ast.ImportFrom) and node.level for node in tree.body)
    names = [script.stem]
    for folder in script.resolve().parents:
        if not (folder / "__init__.py").exists():
            break
        names.insert(0, folder.name)
    return ".".join(names) if relative and len(names) > 1 else ""


def environment(request: Request, file: Path) -> dict[str, str]:
    """The user's own, and what `start/sitecustomize.py` takes out of it again."""
    found = dict(os.environ)
    deadline = time.time() + request.timeout
    spec = {
        "report": str(file),
        "script": str(request.script),
        "steps": request.steps,
        "keep_running": request.keep_running,
        "deadline": deadline,
        "generator": request.generator,
        "discriminator": request.discriminator,
        "run": request.run,
        "root": request.root,
    }
    ours = [str(Path(__file__).parent / "start")]
    if module := _module(request.script):
        ours.append(str(request.script.resolve().parents[module.count(".")]))
    known = found.get("PYTHONPATH")
    found["PYTHONPATH"] = os.pathsep.join([*ours, *([known] if known else [])])
    given = "-" if known is None else "+"
    found["GANLAB_DOCTOR"] = f"{len(ours)}{given}{deadline} {orjson.dumps(spec).decode()}"
    return found
