"""The documented failures, each beside its cure. Reads rows, draws, sends intents."""

import streamlit as st

from ganlab.ui import casepage, damage, gallery, launch, session, shell, sidebar, sidebyside, twins

shell.frame()
case = gallery.choose()
if case is None:
    gallery.draw()
else:
    casepage.draw(case)
    with damage.guarded():
        pair = twins.find(case, session.lab().runs())
        launch.draw(case, pair)
        if pair.run is not None:
            with st.sidebar:
                view, rate = sidebar.view("-".join(info.id for info in pair.both))
                sidebar.slots()
            sidebyside.show(case, pair, view, rate)
