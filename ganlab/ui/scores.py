"""How good the detectors are: the handbook's first part. Draws what was measured."""

from __future__ import annotations

import streamlit as st

from ganlab.detectors.measured import Measured
from ganlab.ui import plot, scorecharts, scorewords


def draw(found: Measured) -> None:
    """The figures in a sentence, family by family, beside simpler rules; and all mistakes."""
    st.markdown(scorewords.headline(found))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**Is the cause of a failure named?**")
        st.caption(
            "Each way to fail, by the first cause of the diagnosis. Found: of its failed runs, "
            "those given this cause. Right: of the runs given it, those that deserve it. The bar "
            f"is F1, the harmonic mean of both. {scorewords.worst_family(found)}"
        )
        plot.draw(scorecharts.families(found), "measured-families")
    with right:
        st.markdown("**Is a failing run told from a healthy one?**")
        st.caption(
            "Precision: of the runs with an alarm, those that failed. Recall: of the failed runs, "
            "those with an alarm. Beside simpler rules on the same runs."
        )
        plot.draw(scorecharts.rivals(found), "measured-rivals")
        if table := scorewords.states_table(found):
            st.markdown("**Does a run end as the symptoms that stand there say?**")
            st.markdown(table)
    with st.expander(f"What it got wrong ({len(found.misses)})", icon=":material/rule:"):
        if found.misses:
            st.code("\n".join(found.misses), language=None, wrap_lines=True, height=320)
    for line in scorewords.fine_print(found):
        st.caption(line)
