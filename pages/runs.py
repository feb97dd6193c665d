"""All runs: reopen, rename, export, delete. Reads rows, draws, sends intents."""

import streamlit as st

from ganlab.ui import damage, runlist, session, shell

shell.frame()
st.title("Runs")
session.show_refusal()
with damage.guarded():
    runs, bad = session.lab().survey()
    if not runs:
        st.info("No run yet. Train a GAN on the Lab page; it will be listed here.")
        st.page_link("pages/lab.py", label="Train a GAN", icon=":material/science:")
    runlist.draw(runs)
    damage.folders(bad)
