"""Every detector, cause and remedy, explained from its own definition. Reads and draws."""

import streamlit as st

from ganlab.ui import handbook, plot, shell

shell.frame()
plot.load_library()
st.title("Handbook")
st.markdown(
    "What the lab looks for, what it is not fooled by, and what it advises. All of it is read "
    "from the detectors and remedies themselves: the streams below are the ones they are tested on."
)
detectors, causes, cures = st.tabs(["Detectors", "Causes", "Remedies"])
with detectors:
    handbook.detector(handbook.choose())
with causes:
    handbook.causes()
with cures:
    handbook.remedies()
