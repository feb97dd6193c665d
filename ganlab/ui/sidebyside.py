"""The polling fragment of a case: its run and the cured twin side by side. Trains nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

import streamlit as st

from ganlab.casebook.case import Case, Fix
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status, StoredSample, StoreError
from ganlab.ui import (
    cards,
    casewords,
    curves,
    damage,
    diagnosis,
    header,
    plain,
    plot,
    queueing,
    samples,
    scroll,
    session,
    timeline,
    voice,
)
from ganlab.ui import verdictwords as words
from ganlab.ui.charts import View
from ganlab.ui.signatures import signature
from ganlab.ui.twins import Twins
from ganlab.ui.verdictwords import Said

_FINDINGS = 240  # pixels, as high as a grid
_CLIPPED = "Values beyond the range of the data are drawn black or white."
_STEPS = re.compile(r":? (?:up to )?step [\d\u202f]+ of [\d\u202f]+")


class _Side(NamedTuple):
    """One of the runs as it is at this refresh."""

    title: str
    info: RunInfo
    history: RunHistory
    said: Said


def show(case: Case, pair: Twins, view: View, rate: float) -> None:
    """Draws the runs, and again `rate` times a second while one of them is live."""
    plot.load_library()
    live = tuple(info.status.live for info in pair.both)
    st.fragment(_guarded, run_every=1 / rate if any(live) else None)(case, pair, view, live)
    scroll.draw()


def _guarded(case: Case, pair: Twins, view: View, live: tuple[bool, ...]) -> None:
    try:
        _tick(case, pair, view, live)
    except StoreError as problem:  # deleted by another browser, say
        st.error(plain.text(problem), icon=":material/block:")


def _tick(case: Case, pair: Twins, view: View, live: tuple[bool, ...]) -> None:
    sides = _sides(case, pair)
    for draw in (_header, _verdict):
        for column, side in zip(_columns(case), sides, strict=False):
            with column:
                draw(side)
    voice.say(" ".join(f"{side.title}: {_spoken(side.said.sentence)}" for side in sides))
    pictures = _pictures(sides)
    columns = _columns(case)
    for column, side, picture in zip(columns, sides, pictures, strict=False):
        with column:
            _grid_and_findings(side, picture)
    if case.tried and pair.cured is None:
        with columns[1]:
            _invitation()
    curves.beside(
        [(side.title, side.history) for side in sides],
        view,
        live=any(side.info.status.live for side in sides),
        twin_to_come=bool(case.tried) and len(sides) == 1,
        first=signature(case),
    )
    # Last, so that a click which this very refresh answers is not lost.
    if tuple(side.info.status.live for side in sides) != live:
        st.rerun()


def _columns(case: Case) -> list[st.delta_generator.DeltaGenerator]:
    """Room for the twin from the start, so that nothing moves when it comes."""
    return st.columns(2 if case.tried else 1, gap="medium")


def _sides(case: Case, pair: Twins) -> list[_Side]:
    return [
        _side(case, info.id, fix)
        for info, fix in ((pair.run, None), (pair.cured, pair.fix))
        if info is not None
    ]


def _side(case: Case, run: str, fix: Fix | None) -> _Side:
    info, history = session.lab().info(run), session.history(run)
    trace = words.trace_of(case, info, history)
    course = words.course_of(info, history, session.lab().store.original(run))
    if fix is None and case.fails:
        return _Side("Failing", info, history, words.of_failure(case, trace, course))
    title = "As documented" if fix is None else "Cured" if fix.helps else "With fix"
    return _Side(title, info, history, words.of_silence(trace, course, _notes(fix)))


def _notes(fix: Fix | None) -> list[str]:
    """What the reader of a twin has to know."""
    if fix is None:
        return []
    proof = "Silence alone is no proof: look at the samples too."
    return [
        f"Changed: {plain.code(casewords.fix_patch(fix))}",
        proof if fix.helps else f"The case says that this fix is no cure. {proof}",
    ]


def _header(side: _Side) -> None:
    config = side.info.config
    about = f"{casewords.dataset(config.data)}, seed {config.seed} · {plain.text(side.info.name)}"
    header.compact(side.title, about, side.info, side.history)
    damage.note(side.info.id, side.history)
    if side.info.status is Status.QUEUED:
        queueing.draw(side.info.id)


def _verdict(side: _Side) -> None:
    said = side.said
    with st.container(border=True, key=f"verdict-{side.info.id}", height="stretch"):
        st.markdown(f":{said.colour}[:material/{said.icon}:] **{plain.text(said.sentence)}**")
        if said.lines:
            st.markdown("  \n".join(f":small[{line}]" for line in said.lines))


def _spoken(sentence: str) -> str:
    """Without the step that a running verdict counts: a reader hears what is new."""
    return _STEPS.sub("", sentence)


def _pictures(sides: list[_Side]) -> list[StoredSample | None]:
    """The newest samples at one step: live runs show what the slowest of them has reached."""
    store = session.lab().store
    steps = [(store.sample_steps(side.info.id) or [0])[-1] for side in sides if _trains(side)]
    return [store.sample(side.info.id, min(steps, default=None)) for side in sides]


def _trains(side: _Side) -> bool:
    return side.info.status in (Status.RUNNING, Status.PAUSED)


def _grid_and_findings(side: _Side, picture: StoredSample | None) -> None:
    run = side.info.id
    grid, findings = st.columns([5, 6])
    with grid:
        samples.one(run, picture, session.lab().store.real_sample(run))
        overflow = side.history.last().get("overflow")
        if side.info.config.is_image and overflow is not None:
            st.caption(f"{overflow:.0%} of its values out of range", help=_CLIPPED)
    with findings:
        st.markdown("**Open findings**")
        with st.container(height=_FINDINGS, border=False, key=f"findings-{run}"):
            if side.history.last():
                diagnosis.line(diagnosis.assessment(side.info, side.history))
                cards.brief(timeline.open_findings(side.history.findings()))
            else:
                st.caption("Nothing measured yet.")


def _invitation() -> None:
    st.info(
        "The cured twin appears here: press **Cure**. It trains on the same data with the same "
        "seed, and differs by the fix alone.",
        icon=":material/healing:",
    )
