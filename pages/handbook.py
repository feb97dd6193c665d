"""Every detector, cause, remedy and term, explained from its own definition. Reads and draws."""

import streamlit as st

from ganlab.detectors.measured import measured
from ganlab.ui import causecards, entries, handbook, plot, scores, scroll, shell

shell.frame()
plot.load_library()
st.title("Handbook")
st.markdown(
    "What the lab looks for, what it is not fooled by, and what it advises. All of it is read "
    "from the detectors, causes and remedies themselves."
)
asked = handbook.entry()
found = measured()
names = [*(["How good is it?"] if found else []), *entries.TABS]
start = entries.tab_of(asked) or names[0]
*good, detectors, causes, cures, glossary = st.tabs(names, default=start, key=f"tabs-{asked}")
if found:
    with good[0]:
        scores.draw(found)
with detectors:
    handbook.detector(handbook.choose(asked), found)
with causes:
    causecards.draw(asked)
with cures:
    handbook.remedies()
with glossary:
    handbook.glossary(asked)
scroll.draw()
