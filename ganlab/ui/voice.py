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
# Streamlit names each icon after its file; a reader would hear "bolt icon" in every label.
_SCRIPT = """<script>
(() => {
  if (window.ganlabVoice) return;
  window.ganlabVoice = true;
  const region = document.createElement("div");
  region.className = "ganlab-voice";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  let due = false, said = "";
  const look = () => {
    due = false;
    for (const icon of document.querySelectorAll(
        '[role="img"][aria-label$=" icon"]:not([aria-hidden])'))
      icon.setAttribute("aria-hidden", "true");
    const text = [...document.querySelectorAll(".announce")].map(e => e.textContent).join(" ");
    if (text !== said) region.textContent = said = text;
  };
  new MutationObserver(() => {
    if (!due) { due = true; setTimeout(look, 50); }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})();
</script>"""
_FOCUS = Path(__file__).with_name("focus.js")


def install() -> None:
    """Once on every page, outside of what is drawn again and again."""
    st.html(_STYLE)
    st.html(_SCRIPT, unsafe_allow_javascript=True)
    st.html(f"<script>{_FOCUS.read_text()}</script>", unsafe_allow_javascript=True)


def say(text: str) -> None:
    """Read aloud when it changes, and shown nowhere."""
    st.html(f'<span class="announce">{html.escape(text)}</span>')


def findings(rows: Sequence[Row]) -> str:
    """The open findings in a sentence, the gravest first."""
    if not rows:
        return "No open findings."
    names = "; ".join(f"{title(row['symptom'])}, {row['severity']}" for row in rows)
    return f"Open findings: {names}."
