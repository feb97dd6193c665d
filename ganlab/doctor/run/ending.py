"""How a user's script ended, in words. Never torch: the script may not have needed it either."""

from __future__ import annotations

from dataclasses import dataclass

TIME_UP = "The time was up."


@dataclass
class Ending:
    """How the script ended."""

    error: str = ""  # that nobody caught
    kind: str = ""  # name of that exception
    forks: int = 0  # processes it made
    ours: bool = False  # we ended it, or it goes on


def with_code(code: int | None) -> str:
    """Of a script that ended without an error; None: we ended it, or it goes on."""
    return "" if code is None else f"The script ended by itself with exit code {code}."


def ended(code: int | None, error: str) -> str:
    """Why no more is looked at."""
    return f"The script ended with {error}." if error else with_code(code)


def failed(error: str, kind: str, updates: int) -> str:
    """Why a script that stopped with an error cannot be assessed."""
    when = f"after {updates} generator updates" if updates else "before any training step"
    if kind in ("ModuleNotFoundError", "ImportError"):
        name = error.rpartition("named ")[2].strip("'\"")
        return f"The script needs a package that is not installed: {error}. Try: pip install {name}"
    if kind == "EOFError":
        return (
            f"The script asks for input, and there is none ({when}). Answer it on the terminal or "
            "through a pipe, or pass it as arguments."
        )
    if kind == "SyntaxError":
        return f"The script has a syntax error: {error}."
    return f"The script stopped {when} with {error}."


def elsewhere(forks: int) -> str:
    """Why a script cannot be assessed whose processes may have trained."""
    return (
        f"The script made {forks} processes and no optimiser step in its own. Training in "
        "another process cannot be seen: run it in one process."
    )


def nothing(why: str) -> str:
    """Why a script without networks and optimisers cannot be assessed."""
    return f"The script trained nothing: no network ran and no optimiser was made. {why}"


def without_torch(ending: Ending, code: int | None) -> str:
    """The reason for a script that never imported torch."""
    if ending.error and ending.kind != "KeyboardInterrupt":
        return failed(ending.error, ending.kind, 0)
    if ending.forks:
        return elsewhere(ending.forks)
    return nothing(TIME_UP if ending.ours else ended(code, ending.error))
