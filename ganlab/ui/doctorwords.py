"""What the doctor says of a script, in words for a page. Pure; draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ganlab.causes import CAUSES
from ganlab.causes.weigh import HEADLINES
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import plain
from ganlab.ui.timeline import count

Row = Mapping[str, Any]
_LOOKS = {
    "healthy": ("green", "check_circle"),
    "cause": ("red", "error"),
    "not-assessed": ("orange", "help"),
}
_CUT = {
    Status.STOPPED: "It was stopped; this is what was seen until then.",
    Status.INTERRUPTED: "The doctor's process ended while the script ran: everything up to its "
    "last row is here.",
}


class Headline(NamedTuple):
    """The verdict, or how far it is."""

    colour: str
    icon: str
    title: str
    reason: str  # plain text, the user's names in it


def headline(info: RunInfo, report: Row | None) -> Headline:
    """The first thing to read of a run."""
    if report is None:
        return _without_a_report(info)
    if info.status.live and not report.get("final"):
        return _so_far(report)
    word = report["verdict"] if report["verdict"] in HEADLINES else "not-assessed"
    (colour, icon), title = _LOOKS[word], HEADLINES[word].title
    if report["verdict"] == "cause" and report["causes"]:
        title = f"{title}: {report['causes'][0]['slug']}"
    cut = "" if report.get("final") else _CUT.get(info.status, "")
    return Headline(colour, icon, title, " ".join(filter(None, [report["reason"], cut])))


def _without_a_report(info: RunInfo) -> Headline:
    if info.status.live:
        waiting = "The script has been started. The first look comes with its first training steps."
        return Headline("blue", "hourglass_empty", "Waiting for the first training step", waiting)
    reason = _CUT.get(info.status, "") or info.error
    return Headline("orange", "help", "Not assessed", reason or "It left no report.")


def _so_far(report: Row) -> Headline:
    if not report["discovered"]["generator"]:
        seen = "No generator and discriminator have been made out yet."
        return Headline("blue", "search", "Looking for the pair", seen)
    suspected = report["causes"] or []
    if report["verdict"] == "cause" and suspected:
        title = f"Suspected so far: {suspected[0]['slug']}"
        return Headline("orange", "search", title, report["reason"])
    seen = f"Nothing harmful in {count(report['steps'])} generator updates so far."
    if report["symptoms"]:
        names = ", ".join(str(each["slug"]) for each in report["symptoms"])
        seen = f"Symptoms so far: {names}."
    return Headline("blue", "search", "Looking", seen)


def progress(info: RunInfo, report: Row | None) -> str:
    """How much was seen, at what price, of whom."""
    most = f" of at most {count(info.source.steps)}" if info.source and info.source.steps else ""
    parts = [f"**{count(info.step)}**{most} generator updates seen", _time(info.seconds)]
    if report is not None:
        if report["steps"]:
            parts.append(f"overhead {report['overhead']:.1%} of the script's time")
        exit_code = report.get("script_exit")
        if exit_code:
            parts.append(f"the script's exit code: {plain.text(exit_code)}")
    return " · ".join(parts)


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


def pair(report: Row | None) -> str:
    """The two networks by the names that the script has for them; "" while unknown."""
    found = (report or {}).get("discovered") or {}
    if not found.get("generator"):
        return ""
    return (
        f"generator **{plain.text(found['generator'])}** · "
        f"discriminator **{plain.text(found['discriminator'])}**"
    )


def cause_title(row: Row, number: int) -> str:
    """'1. double-sigmoid (97 %): a sigmoid, then ...' as Markdown."""
    known = CAUSES.get(row["slug"])
    about = f" {plain.text(known.doc)}" if known else ""
    return f"**{number}\\. {plain.text(row['slug'])}** :gray[({row['confidence']:.0%} sure)]{about}"


def place(row: Row) -> str:
    """'train.py, line 24'; "" where no line is known."""
    location = row.get("location")
    if not location:
        return ""
    name = str(location["file"]).replace("\\", "/").rpartition("/")[2]
    return f"{name}, line {location['line']}"


def note(row: Row) -> str:
    """A true thing that does no harm, in one line of Markdown."""
    where = f" :gray[({plain.text(place(row))})]" if place(row) else ""
    return f"- **{plain.text(row['slug'])}**{where}: {plain.text(row['evidence'][0])}"
