"""How good the detectors are: the handbook's first part. Draws what was measured."""

from __future__ import annotations

import streamlit as st

from ganlab.detectors.measured import Measured
from ganlab.ui import plot, scorecharts, scorewords


def draw(found: Measured) -> None:
    """The figures in a sentence, family by family, beside simpler rules; and all mistakes."""
    st.markdown(scorewords.headline(found))
    left, right = st.columns(2, gap="medium")
    with left:
        _families(found)
    with right:
        _rivals(found)
    with st.expander(f"What it got wrong ({len(found.misses)})", icon=":material/rule:"):
        if found.misses:
            st.code("\n".join(found.misses), language=None, wrap_lines=True, height=320)
    with st.expander(f"All simpler rules ({len(found.rivals)})", icon=":material/table_rows:"):
        st.markdown(scorewords.rivals_table(found))
    if table := scorewords.states_table(found):
        with st.expander("What stands at a run's end, against the truth", icon=":material/flag:"):
            st.markdown(table)
    for line in scorewords.fine_print(found):
        st.caption(line)


def _families(found: Measured) -> None:
    st.markdown("**Is the cause of a failure named?**")
    st.caption(
        "Each way to fail, by the first cause of the diagnosis. Found: of its failed runs, those "
        "given this cause. Right: of the runs given it, those that deserve it. The bar is F1, the "
        f"harmonic mean of both. {scorewords.worst_family(found)}"
    )
    plot.draw(scorecharts.families(found), "measured-families")


def _rivals(found: Measured) -> None:
    st.markdown("**Is a failing run told from a healthy one?**")
    shown = min(scorecharts.STRONGEST, len(found.rivals))
    st.caption(
        "Precision: of the runs with an alarm, those that failed. Recall: of the failed runs, "
        f"those with an alarm. Below ganlab the {shown} strongest of {len(found.rivals)} simpler "
        "rules, by their F1 on the same runs."
    )
    plot.draw(scorecharts.rivals(found), "measured-rivals")
