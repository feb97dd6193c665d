"""The hot settings of a run as widgets that patch it. They follow what others change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ganlab.config import KNOBS, ConfigError, RunConfig, Set, find_knob
from ganlab.diagnosis import Change, last_to_undo
from ganlab.finding import patch_as_row
from ganlab.knob import Knob
from ganlab.runs.record import RunInfo, StoreError
from ganlab.ui import breaks, forms, plain, session, undo
from ganlab.ui.bound import Move
from ganlab.ui.timeline import patch_words, title

TITLES = {
    "data": "Data",
    "networks": "Networks",
    "objective": "Objective",
    "discriminator": "Optimiser of D",
    "generator": "Optimiser of G",
    "run": "Run",
}
REST = 0.7  # seconds without a further move until a slider's value counts
_SLOW = 10.0  # seconds that the page may take to answer a move

_MOVED = "moved"  # the run whose slider was moved in this run of the script

_SEEN = "seen"  # what each part of the controls shows
_REFUSED = "refused"  # run, setting and text of the last refusal at a field


def bar(run: str) -> None:
    """The settings that the lab is for, ways to break the run, and the way back. A fragment."""
    info, changes = session.lab().info(run), undo.changes(run)
    _see("bar", _bar_shows(info, changes))
    wrong = _refusals(info)
    with st.container(key="controls"):
        for column, name in zip(st.columns(len(forms.CHIEF)), forms.CHIEF, strict=True):
            with column:
                _widget(info, KNOBS[name], wrong)
        if info.status.live:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                _breaks(info)
                _undo(run, changes)
    _settle(run)


def more(run: str) -> None:
    """All other hot settings by group; an ended run's settings can only be read. A fragment."""
    info = session.lab().info(run)
    _see("more", _more_shows(info))
    wrong = _refusals(info)
    st.markdown(
        f"**More live settings** {forms.LIVE}" if info.status.live else "**Settings at the end**",
        help="They take effect at the next step. The others belong to a new run.",
    )
    for group in forms.GROUPS:
        if knobs := [knob for knob in _others(info.config) if knob.group == group]:
            with st.expander(TITLES[group]):
                for knob in knobs:
                    _widget(info, knob, wrong)
    _settle(run)


def stale(info: RunInfo) -> bool:
    """Whether the run is no longer what its widgets show."""
    seen: dict[str, object] = st.session_state.get(_SEEN, {})
    now = {
        "bar": _bar_shows(info, undo.changes(info.id)),
        "more": _more_shows(info),
    }
    return seen != now


def _see(part: str, what: object) -> None:
    st.session_state.setdefault(_SEEN, {})[part] = what


def _bar_shows(info: RunInfo, changes: Sequence[Change]) -> object:
    wrong = _refusals(info)
    refused = [wrong.get(name) for name in forms.CHIEF]
    return info.id, info.status.live, info.config, refused, last_to_undo(changes)


def _more_shows(info: RunInfo) -> object:
    wrong = _refusals(info)
    shown = [
        (knob.name, getattr(info.config, knob.name), wrong.get(knob.name))
        for knob in _others(info.config)
    ]
    return info.id, info.status.live, shown


def _others(config: RunConfig) -> list[Knob]:
    settings: dict[str, Any] = dict(config)
    return [
        knob
        for knob in KNOBS.values()
        if knob.hot and knob.name not in forms.CHIEF and forms.applies(knob, settings)
    ]


def _widget(info: RunInfo, knob: Knob, wrong: Mapping[str, str]) -> None:
    forms.draw(
        knob,
        getattr(info.config, knob.name),
        place=info.id,
        heard=lambda name, move: _set(info.id, name, move),
        off=not info.status.live,
        wrong=wrong.get(knob.name, ""),
    )


def _refusals(info: RunInfo) -> dict[str, str]:
    """Why a setting's last change did not come about, as it was made or as it was applied."""
    found: dict[str, str] = {}
    for row in session.history(info.id).patches() if info.status.live else ():
        found |= dict.fromkeys(row["patch"], row.get("error", ""))
    made: dict[tuple[str, str], str] = st.session_state.get(_REFUSED, {})
    found |= {name: text for (run, name), text in made.items() if run == info.id}
    return {name: text for name, text in found.items() if text}


def _set(run: str, name: str, move: Move) -> None:
    """Patches the run, unless the setting is no longer what the widget showed."""
    refusals = st.session_state[_REFUSED] = {}
    knob = find_knob(name)
    try:
        now = getattr(session.lab().info(run).config, name)
        if forms.shown(knob, now) != move.old:
            raise ConfigError(f"{name} was changed elsewhere in the meantime; it is {now} now.")
        patch = {name: Set(knob.check(move.new))}
        session.lab().patch(run, patch, rest=_SLOW if forms.moves(knob) else 0.0)
        st.session_state[_MOVED] = run
    except (ConfigError, StoreError) as refusal:
        refusals[run, name] = str(refusal)


def _settle(run: str) -> None:
    """Only now that the page has answered can a further move of the same slider arrive."""
    if st.session_state.pop(_MOVED, None) == run:
        session.lab().come_to_rest(run, REST)


def _breaks(info: RunInfo) -> None:
    st.markdown("**Break it**", width="content")
    for item in breaks.BREAKS:
        st.button(
            item.title,
            key=f"break-{info.id}-{item.case}",
            disabled=not item.changes(info.config),
            help=break_words(item),
            on_click=session.act,
            args=(info.id, _break, info.id, item),
        )


def break_words(item: breaks.Break) -> str:
    """What it changes, and where one reads what follows."""
    return f"{plain.code(patch_words(patch_as_row(item.patch)))}\n\nCasebook: {title(item.case)}."


def _break(run: str, item: breaks.Break) -> None:
    session.lab().patch(run, item.patch, origin=f"break: {item.title}")


def _undo(run: str, changes: Sequence[Change]) -> None:
    last = last_to_undo(changes)
    st.button(
        "Undo last",
        # Another key for each change: a second click in haste is not the next undo.
        key=f"undo-{run}--{changes.index(last) if last else ''}",
        icon=":material/undo:",
        disabled=last is None,
        help=f"Sets {plain.text(undo.words(last))}." if last else "Nothing is left to take back.",
        on_click=session.act,
        args=(run, undo.take_back, run, last),
    )
