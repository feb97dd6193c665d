"""One live run, or the form of the next one. Reads rows, draws, sends intents."""

import streamlit as st

from ganlab.ui import controls, damage, live, sidebar, start

with damage.guarded():
    run = sidebar.choose_run()
    if not run:
        sidebar.slots()
        start.draw()
    else:
        with st.sidebar:
            st.fragment(damage.guarded()(controls.more))(run)
            view, rate = sidebar.view(run)
            sidebar.slots()
        live.show(view, rate)
