"""A user's own script under observation, live or ended. Reads rows and draws."""

import streamlit as st

from ganlab.ui import damage, doctor, shell, sidebar

shell.frame()
with damage.guarded():
    run = doctor.choose()
    if not run:
        doctor.invite()
    else:
        with st.sidebar:
            view, rate = sidebar.view(run)
            st.caption("Examine another script:")
            st.code(doctor.COMMAND, language="bash", wrap_lines=True)
        doctor.show(view, rate)
