"""What a screen reader hears and a keyboard sees: no icon names, findings said aloud, the focus."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ganlab.ui.timeline import Row, title

_STYLE = """<style>
.announce { display: none; }
.ganlab-voice { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--st-primary-color, currentColor) !important;
  outline-offset: 2px; }
/* Streamlit's own full screen leaves an image of a fixed width as small as it was. */
[data-testid="stImage"]:has(img[style*="object-fit"]),
[data-testid="stImage"]:has(img[style*="object-fit"]) > div { width: 100% !important; }
.meter-words { font-size: .75rem; opacity: .8; }
.meter-words a, .meter a { color: inherit; }
</style>"""
_SCRIPTS = [Path(__file__).with_name(name) for name in ("voice.js", "focus.js")]


def install() -> None:
    """Once on every page, outside of what is drawn again and again."""
    st.html(_STYLE)
    for script in _SCRIPTS:
        st.html(f"<script>{script.read_text()}</script>", unsafe_allow_javascript=True)


def say(text: str) -> None:
    """Read aloud when it changes, and shown nowhere."""
    st.html(f'<span class="announce">{html.escape(text)}</span>')


def findings(rows: Sequence[Row]) -> str:
    """The open findings in a sentence, the gravest first."""
    if not rows:
        return "No open findings."
    names = "; ".join(f"{title(row['symptom'])}, {row['severity']}" for row in rows)
    return f"Open findings: {names}."
