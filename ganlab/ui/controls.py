"""The hot settings of a run as widgets that patch it. They follow what others change."""

from __future__ import annotations

import streamlit as st

from ganlab.config import KNOBS, RunConfig, Set, find_knob
from ganlab.knob import Knob
from ganlab.ui import forms, session

TITLES = {
    "data": "Data",
    "networks": "Networks",
    "objective": "Objective",
    "discriminator": "Optimiser of D",
    "generator": "Optimiser of G",
    "run": "Run",
}

_FOLLOWED = "followed"  # run and config that the widgets show
_VERSIONS = "versions"  # of each widget's key
_NOTHING = object()


def draw(run: str) -> None:
    """Learning rates first, the rest by group; an ended run's settings can only be read."""
    info = session.lab().info(run)
    _follow(run, info.config)
    st.markdown(
        f"**Live settings** {forms.LIVE}" if info.status.live else "**Settings at the end**",
        help="They take effect at the next step. The others belong to a new run.",
    )
    hot = [knob for knob in KNOBS.values() if knob.hot and forms.applies(knob, vars(info.config))]
    groups = {group: [knob for knob in hot if knob.group == group] for group in forms.GROUPS}
    off = not info.status.live
    _widgets([knob for knob in hot if knob.log], off)
    for group, knobs in groups.items():
        rest = [knob for knob in knobs if not knob.log]
        if rest:
            with st.expander(TITLES[group]):
                _widgets(rest, off)


def stale(run: str, config: RunConfig) -> bool:
    """Whether the run's settings are no longer those its widgets show."""
    return bool(st.session_state.get(_FOLLOWED) != (run, config))


def _widgets(knobs: list[Knob], off: bool) -> None:
    for knob in knobs:
        forms.draw(knob, key=_key(knob.name), changed=_changed, off=off)


def _key(name: str) -> str:
    return f"live-{name}-{st.session_state.setdefault(_VERSIONS, {}).get(name, 0)}"


def _follow(run: str, config: RunConfig) -> None:
    """Moves the widgets to what the run has, whoever changed it.

    A moved widget gets a new key, so that its old value, still on its way from the browser, is not
    taken for a change by the user.
    """
    for knob in KNOBS.values():
        value = forms.shown(knob, getattr(config, knob.name))
        if knob.hot and st.session_state.get(_key(knob.name), _NOTHING) != value:
            versions = st.session_state[_VERSIONS]
            versions[knob.name] = versions.get(knob.name, 0) + 1
            st.session_state[_key(knob.name)] = value
    st.session_state[_FOLLOWED] = (run, config)


def _changed(name: str, key: str) -> None:
    # A widget that is gone may still answer: Streamlit takes its old value for a new one.
    if key == _key(name):
        session.attempt(_set, session.selected(), name, st.session_state[key])


def _set(run: str, name: str, value: object) -> None:
    setting = find_knob(name).check(value)
    if setting != getattr(session.lab().info(run).config, name):
        session.lab().patch(run, {name: Set(setting)})
