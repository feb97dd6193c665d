"""The start page: one button that trains, and every setting of the next run behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ganlab.config import KNOBS, RunConfig
from ganlab.knob import ConfigError
from ganlab.presets import PRESETS, preset
from ganlab.runs.record import NAME_LENGTH
from ganlab.ui import forms, session
from ganlab.ui.controls import TITLES
from ganlab.ui.timeline import count, value_words

DEFAULT = "seed4-mlp"
_DRAFT = "draft"  # raw values as typed; kept while other pages and runs are shown


def draw() -> None:
    """The whole page."""
    st.title("Train a GAN, break it, see why")
    st.markdown(
        "A generator learns to draw handwritten digits while a discriminator learns to tell its "
        "samples from real ones. Watch both live, change their settings while they train, and be "
        "told what went wrong, with the number that proves it."
    )
    config = _config()
    st.button(
        "Train a GAN",
        type="primary",
        icon=":material/play_arrow:",
        key="train",
        on_click=session.attempt,
        args=(_train, config),
    )
    if isinstance(config, str):
        st.error(config, icon=":material/block:")
    else:
        st.caption(f"{summary(config)} · {count(config.steps)} steps")
    session.show_refusal()
    _settings()


def draft() -> dict[str, Any]:
    """The settings of the next run as they stand in the form, not yet checked."""
    return dict(st.session_state.setdefault(_DRAFT, dict(preset(DEFAULT))))


def fill(config: RunConfig) -> None:
    """Puts a config's settings into the form."""
    st.session_state[_DRAFT] = dict(config)


def summary(config: RunConfig) -> str:
    """The run in one line."""
    networks = (
        f"MLP {config.latent_dim}-{'-'.join(map(str, config.hidden_g))} against "
        f"{'-'.join(map(str, config.hidden_d))}"
        if config.architecture == "mlp"
        else f"DCGAN with {config.filters_g} and {config.filters_d} filters"
    )
    return (
        f"{config.data} · {networks} · {config.loss.replace('_', '-')} loss · "
        f"{config.optimizer_g} {config.lr_g:g}"
    )


def _config() -> RunConfig | str:
    """What the form says, or why it cannot run."""
    try:
        return RunConfig.of(draft())
    except ConfigError as refusal:
        return str(refusal)


def _train(config: RunConfig | str) -> None:
    if isinstance(config, RunConfig):
        session.select(session.lab().start(config, name=st.session_state["new-name"]))


def _settings() -> None:
    settings = draft()
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            st.selectbox(
                "Preset",
                PRESETS,
                index=None,
                placeholder="fill all settings from a named config",
                key="new-preset",
                on_change=_take_preset,
                help="The pairs that the documents and benchmarks speak of.",
            )
        right.text_input("Name of the run", "", NAME_LENGTH, key="new-name", placeholder="optional")
        st.caption(f"{forms.LIVE} marks settings that can also be changed while the run trains.")
        for group in forms.GROUPS:
            with st.expander(TITLES[group]):
                _group(group, settings)


def _group(group: str, settings: dict[str, Any]) -> None:
    knobs = [
        knob for knob in KNOBS.values() if knob.group == group and forms.applies(knob, settings)
    ]
    for row in range(0, len(knobs), 3):
        for column, knob in zip(st.columns(3), knobs[row : row + 3], strict=False):
            key = f"new-{knob.name}"
            st.session_state[key] = forms.shown(knob, settings[knob.name])
            with column:
                forms.draw(knob, key=key, changed=_changed)
    changed = {
        knob.name: value_words(settings[knob.name])
        for knob in knobs
        if settings[knob.name] not in (knob.default, forms.shown(knob, knob.default))
    }
    if changed:
        st.caption(
            "Changed: " + ", ".join(f"`{name} = {value}`" for name, value in changed.items())
        )


def _changed(name: str, key: str) -> None:
    st.session_state[_DRAFT] = draft() | {name: st.session_state[key]}


def _take_preset() -> None:
    if name := st.session_state["new-preset"]:
        fill(preset(name))
