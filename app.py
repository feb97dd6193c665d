"""The lab's entry: server, page config and navigation only. Run it with `streamlit run app.py`."""

import streamlit as st

from ganlab.ui import ending, guard, shell, voice

if __name__ == "__main__":  # the page's script, run for each browser
    st.set_page_config(page_title="ganlab", page_icon=shell.ICON, layout="wide")
    shell.dress()
    voice.install()
    st.navigation(
        [
            st.Page("pages/lab.py", title="Lab", icon=":material/science:", default=True),
            st.Page("pages/casebook.py", title="Casebook", icon=":material/menu_book:"),
            st.Page("pages/doctor.py", title="Doctor", icon=":material/stethoscope:"),
            st.Page("pages/handbook.py", title="Handbook", icon=":material/school:"),
            st.Page("pages/runs.py", title="Runs", icon=":material/history:"),
        ]
    ).run()
else:  # imported by `streamlit run`, which finds the server here
    app = st.App(__file__, middleware=guard.MIDDLEWARE, lifespan=ending.in_order)
