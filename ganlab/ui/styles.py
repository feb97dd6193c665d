"""The lab's few style rules. Colours follow Streamlit's theme, light or dark."""

from __future__ import annotations

CSS = """
<style>
[data-testid="stMainBlockContainer"] { padding: 2.4rem 2.5rem 2rem; }
/* What breaks a run stands in one row, also on a small screen. */
.st-key-controls .stButton button { min-height: 1.9rem; padding: 0 .55rem; }
.st-key-controls .stButton button p { font-size: .82rem; }
/* Whose verdict and samples these are is plain from their column, where there are two. */
@media (min-width: 641px) {
  [data-testid="stLayoutWrapper"]:has(> [class*="st-key-side-"]) { display: none; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 2.4rem 1rem 2rem; }
  .st-key-controls [data-testid="stColumn"] { min-width: calc(50% - 1rem); }
  /* What is said of a case stands closer to it than to the next one. */
  [class*="st-key-cases-"] [data-testid="stHorizontalBlock"] { gap: 0; margin-bottom: .9rem; }
}
[data-testid="stSidebarHeader"] { height: 2.5rem; }
/* Enlarged pixels stay pixels. */
[class*="st-key-grid"] img { image-rendering: pixelated; border-radius: 4px; }
/* Samples that are all white, or all black, still show where they are. */
[class*="st-key-grid"] img { outline: 1px solid rgba(128, 128, 128, .5); outline-offset: -1px; }
/* A refresh is no reason to fade what is still true. */
[data-stale="true"] { opacity: 1 !important; transition: none !important; }
.meter { margin: 0 0 .55rem 0; font-size: .875rem; }
.meter > div:first-child { display: flex; justify-content: space-between; }
.meter .value { font-variant-numeric: tabular-nums; font-weight: 600; }
.meter .track { position: relative; height: 10px; border-radius: 5px; overflow: hidden;
  background: rgba(128, 128, 128, .25); }
.meter .fill { height: 100%; transition: width .25s linear; }
.meter .half { position: absolute; left: 50%; top: 0; width: 2px; height: 100%;
  background: rgba(128, 128, 128, .9); }
</style>
"""
