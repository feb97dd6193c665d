"""Every detector, cause and remedy, explained from its own definition. Reads and draws."""

import streamlit as st

from ganlab.detectors.measured import measured
from ganlab.ui import handbook, plot, scores, shell

shell.frame()
plot.load_library()
st.title("Handbook")
st.markdown(
    "What the lab looks for, what it is not fooled by, and what it advises. All of it is read "
    "from the detectors, causes and remedies themselves."
)
found = measured()
first = ["How good is it?"] if found else []
*good, detectors, causes, cures = st.tabs([*first, "Detectors", "Causes", "Remedies"])
if found:
    with good[0]:
        scores.draw(found)
with detectors:
    handbook.detector(handbook.choose(), found)
with causes:
    handbook.causes()
with cures:
    handbook.remedies()
