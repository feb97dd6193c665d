"""The widgets that start a case and its cure. Knows no curve."""

from __future__ import annotations

import streamlit as st

from ganlab.casebook.case import Case, Fix
from ganlab.ui import casewords, queueing, session, twins
from ganlab.ui.twins import Twins

_CURES = "Trains the same data and seed with the fix beside it; lets two runs train at once."
_SEED_HELP = (
    "Equal seeds start from equal weights. On the CPU a case repeats the steps measured of it; a "
    "GPU rounds other sums, and a chaotic run then takes another way."
)
_WAIT = "It is training; stop it first to start it anew."


def draw(case: Case, pair: Twins) -> None:
    """Data, seed and fix, then what can be started with them."""
    with st.container(border=True, key="launch"):
        data_column, seed_column, rest = st.columns([2, 2, 9], vertical_alignment="bottom")
        with data_column:
            data = _data(case, pair)
        with seed_column:
            seed = _seed(case, pair)
        with rest, st.container(horizontal=True, vertical_alignment="bottom"):
            _buttons(case, pair, data, seed)
        if case.tried and pair.run is None:
            st.caption(
                "**Reproduce** trains the broken pair, **Cure** the same data and seed with the "
                "fix beside it. The two train at the same time, which sets *Runs that train at "
                "once* (sidebar) to 2."
            )
        if waits := queueing.others([info.id for info in pair.both]):
            st.caption("What you start now waits for:")
            queueing.links(waits)
        session.show_refusal()


def _data(case: Case, pair: Twins) -> str:
    """The data of the pair that is shown below, until another is chosen for the next one."""
    shown = pair.run.config.data if pair.run else twins.usual_data(case)
    return st.selectbox(
        "Data",
        case.data,
        index=case.data.index(shown if shown in case.data else twins.usual_data(case)),
        format_func=casewords.dataset,
        key=_key("data", case, pair),
        help="MNIST is found under GANLAB_DATA or ~/.ganlab/data, else downloaded first; "
        "the others need no file.",
    )


def _seed(case: Case, pair: Twins) -> int:
    shown = pair.run.config.seed if pair.run else 0
    seed = st.number_input(
        "Seed", 0, 2**31 - 1, shown, key=_key("seed", case, pair), help=_SEED_HELP
    )
    return int(seed)


def _key(name: str, case: Case, pair: Twins) -> str:
    """Another key for each pair: what it was started with replaces what was chosen before."""
    return f"{name}-{case.slug}" + (f"-{pair.run.id}" if pair.run else "")


def _buttons(case: Case, pair: Twins, data: str, seed: int) -> None:
    fix = _fix(case)
    run_lives = pair.run is not None and pair.run.status.live
    twin_lives = pair.cured is not None and pair.cured.status.live
    st.button(
        "Reproduce",
        key="reproduce",
        type="primary",
        icon=":material/play_arrow:",
        disabled=run_lives,
        help=_WAIT if run_lives else None,
        on_click=session.attempt,
        args=(twins.reproduce, case, data, seed),
    )
    if fix is None:
        return
    st.button(
        "Cure",
        key="cure",
        icon=":material/healing:",
        disabled=pair.run is None or twin_lives,
        help="Reproduce the case first." if pair.run is None else _WAIT if twin_lives else _CURES,
        on_click=session.attempt,
        args=(twins.cure, case, pair.run, fix),
    )
    st.button(
        "Start both",
        key="both",
        icon=":material/splitscreen_right:",
        disabled=run_lives or twin_lives,
        help=_WAIT if run_lives or twin_lives else "The run and its cured twin, from one seed.",
        on_click=session.attempt,
        args=(twins.both, case, data, seed, fix),
    )


def _fix(case: Case) -> Fix | None:
    """The chosen fix; a choice is offered where there are several."""
    if len(case.tried) < 2:
        return case.cure or next(iter(case.tried), None)
    names = {fix.name: fix for fix in case.tried}
    chosen = st.selectbox(
        "Fix",
        names,
        format_func=lambda name: name if names[name].helps else f"{name} (no cure)",
        key=f"fix-{case.slug}",
    )
    return names[chosen]
