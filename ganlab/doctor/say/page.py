"""The doctor's report as one self-contained page: no script, no network, nothing to install."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from ganlab.causes import CAUSES
from ganlab.causes.weigh import HEADLINES
from ganlab.curvegroups import DIVERSITY, GRADIENTS, LOSSES, OUTPUTS, SCORES, label
from ganlab.doctor.say import drawing
from ganlab.runs.record import StoredSample
from ganlab.runs.store import RunStore

Row = dict[str, Any]
# Nothing may be loaded from anywhere, whatever a script has put into its names.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_GROUPS = (
    LOSSES,
    OUTPUTS,
    SCORES,
    GRADIENTS,
    replace(DIVERSITY, title="Diversity (1: as the data)"),
)
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.about { opacity: .75; margin: .2rem 0 1.2rem; }
.verdict { border-left: 6px solid; padding: .6rem 1rem; background: rgba(128,128,128,.12); }
.cause { border-color: #d93b3b; } .healthy { border-color: #2a9d6f; }
.not-assessed { border-color: #e0a100; }
section { border: 1px solid rgba(128,128,128,.35); border-radius: 6px; padding: .2rem 1rem .8rem;
  margin: .8rem 0; }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0 0 0 1rem; }
pre { background: rgba(128,128,128,.15); padding: .4rem .6rem; overflow-x: auto; margin: .2rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; } figcaption { font-weight: 600; font-size: .9rem; }
svg { width: 100%; } svg text { font-size: 10px; fill: currentColor; opacity: .75; }
svg.square { max-width: 24rem; } .grid { stroke: currentColor; opacity: .15; }
.legend { font-size: .8rem; } .legend span { margin-right: 1rem; }
.legend i { display: inline-block; width: .8rem; height: .25rem; margin-right: .3rem;
  vertical-align: middle; }
img { image-rendering: pixelated; width: 100%; max-width: 24rem; }
"""


def as_page(report: Row, script: str, store: RunStore | None) -> str:
    """The whole page; curves and samples come from the report's run in the store."""
    name = Path(script).name
    run = report.get("run", "") if store is not None else ""
    parts = [
        f"<h1>ganlab doctor: {escape(name)}</h1>",
        f'<p class="about">{_about(report)}</p>',
        f'<div class="verdict {escape(report["verdict"])}"><strong>'
        f"{HEADLINES[report['verdict']].title}.</strong> {escape(report['reason'])}</div>",
        *(_cause(each, number) for number, each in enumerate(report["causes"], start=1)),
        _symptoms(report["symptoms"]),
        _notes(report["notes"]),
    ]
    if store is not None and run:
        parts += [_curves(store, run), _samples(store.sample(run), store.real_sample(run))]
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>ganlab doctor: {escape(name)}</title><style>{_STYLE}</style>"
    )
    body = "\n".join(filter(None, parts))
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _about(report: Row) -> str:
    pair = report["discovered"]
    words = []
    if pair.get("generator"):
        words.append(f"generator {pair['generator']}, discriminator {pair['discriminator']}")
    words.append(f"{report['steps']} generator updates in {report['seconds']:.0f} s")
    words.append(f"overhead {report['overhead']:.1%}")
    if report.get("script_exit"):
        words.append(f"the script's exit code {report['script_exit']}")
    return escape(" · ".join(words))


def _cause(cause: Row, number: int) -> str:
    slug = cause["slug"]
    doc = f": {CAUSES[slug].doc}" if slug in CAUSES else ""
    title = escape(f"{number}. {slug} ({cause['confidence']:.0%}){doc}")
    rows = [("Where", _where(cause))] if cause["location"] else []
    rows.append(("Trace", "".join(f"<p>{escape(each)}</p>" for each in cause["evidence"])))
    if cause.get("checked"):
        rows.append(("Checked against", escape(cause["checked"])))
    rows.append(("Change", _multiline(cause["fix"])))
    if cause.get("source"):
        rows.append(("Source", escape(cause["source"])))
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in rows)
    return f"<section><h2>{title}</h2><dl>{listed}</dl></section>"


def _multiline(text: str) -> str:
    return f"<pre>{escape(text)}</pre>" if "\n" in text else escape(text)


def _where(row: Row) -> str:
    location = row["location"]
    text = escape(f"{Path(location['file']).name}:{location['line']}")
    code = location.get("code")
    return f"{text}<pre>{escape(code)}</pre>" if code else text


def _symptoms(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    items = "".join(
        f"<li>{escape(str(row['slug']))} ({escape(str(row['severity']))}) since update "
        f"{escape(str(row['step']))}</li>"
        for row in rows
    )
    return f"<h2>Symptoms</h2><ul>{items}</ul>"


def _notes(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    items = "".join(
        f"<li><strong>{escape(row['slug'])}</strong>"
        + (f" ({_place(row)})" if row["location"] else "")
        + f": {escape(row['evidence'][0])} {escape(row['fix'])}</li>"
        for row in rows
    )
    return f"<h2>Notes: true of this script, and no harm was measured</h2><ul>{items}</ul>"


def _place(row: Row) -> str:
    return escape(f"{Path(row['location']['file']).name}:{row['location']['line']}")


def _curves(store: RunStore, run: str) -> str:
    rows = list(store.rows(run, "metrics"))
    findings, _ = store.read(run, "findings")
    marks = [
        (
            float(row["step"]),
            row["severity"],
            f"{row['symptom']} {row['event']}: {row['summary']}",
        )
        for row in findings
    ]
    figures = []
    for group in _GROUPS:
        lines = {
            label(name): (
                [r["step"] for r in rows if name in r],
                [r[name] for r in rows if name in r],
            )
            for name in group.metrics
        }
        if picture := drawing.curves(lines, marks, log=group.over_decades):
            figures.append(
                f"<figure><figcaption>{escape(group.title)}</figcaption>{picture}</figure>"
            )
    if not figures:
        return ""
    return f'<h2>Curves over generator updates</h2><div class="figures">{"".join(figures)}</div>'


def _samples(fake: StoredSample | None, real: StoredSample | None) -> str:
    if fake is None:
        return ""
    title = f"Samples at update {fake.step}"
    if fake.png is None and "points" in fake.details:
        clouds = {"real": real.details["points"]} if real and "points" in real.details else {}
        return f"<h2>{title}</h2>{drawing.points(clouds | {'generated': fake.details['points']})}"
    figures = [
        f"<figure><figcaption>{name}</figcaption>"
        f'<img alt="{name}" src="data:image/png;base64,{base64.b64encode(each.png).decode()}">'
        "</figure>"
        for name, each in (("generated", fake), ("real", real))
        if each is not None and each.png is not None
    ]
    return f'<h2>{title}</h2><div class="figures">{"".join(figures)}</div>' if figures else ""
