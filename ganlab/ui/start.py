"""The start page: one button that trains, and every setting of the next run behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import streamlit as st

from ganlab.config import KNOBS, RunConfig
from ganlab.knob import Knob
from ganlab.presets import PRESETS, preset, suited
from ganlab.presets import TITLES as PRESET_TITLES
from ganlab.runs.record import NAME_LENGTH
from ganlab.ui import bound, breaks, casewords, forms, plain, scroll, session
from ganlab.ui.bound import Move
from ganlab.ui.controls import TITLES, break_words
from ganlab.ui.timeline import count, value_words

DEFAULT = "seed4-mlp"
_DRAFT = "draft"  # raw values as typed; kept while other pages and runs are shown
_PAST = "draft-past"  # the drafts before each change, the newest last
_OPENED = "draft-opened"  # groups in which a setting is refused, or was
_PLACE = "new"
_ONE_BY_ONE = 100  # changes that can be taken back
Refusals: TypeAlias = Mapping[str, str]  # why a setting cannot be so, by its name


def draw() -> None:
    """The whole page."""
    st.title("Train a GAN, break it, see why")
    st.markdown(
        f"A generator learns to {casewords.task(str(draft()['data']))} while a discriminator "
        "learns to tell its samples from real ones. Watch both live, change their settings while "
        "they train, and be told what went wrong, with the number that proves it."
    )
    refused = forms.refusals(draft())
    config = None if refused else RunConfig.of(draft())
    st.button(
        "Train a GAN",
        type="primary",
        icon=":material/play_arrow:",
        key="train",
        disabled=config is None,
        on_click=session.attempt,
        args=(_train, config),
    )
    if config is None:
        st.error("  \n".join(_refused(refused)), icon=":material/block:")
    else:
        st.caption(f"{plain.text(summary(config))} · {count(config.steps)} steps")
    session.show_refusal()
    _chief(config, refused)
    _settings(refused)


def draft() -> dict[str, Any]:
    """The settings of the next run as they stand in the form, not yet checked."""
    return dict(st.session_state.setdefault(_DRAFT, dict(preset(DEFAULT))))


def fill(config: RunConfig) -> None:
    """Puts a config's settings into the form."""
    _change(dict(config))


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


def _refused(refused: Refusals) -> list[str]:
    """Each reason once, after the fields that it is about and where they are."""
    fields = {
        text: ", ".join(_field(name) for name, own in refused.items() if own == text)
        for text in refused.values()
    }
    return [f"{names}: {plain.text(text)}" for text, names in fields.items()]


def _field(name: str) -> str:
    knob = KNOBS[name]
    where = "" if name in forms.CHIEF else f" (under *{TITLES[knob.group]}*)"
    return f"**{forms.label(knob)}**{where}"


def _train(config: RunConfig | None) -> None:
    if config is not None:
        session.select(session.lab().start(config, name=st.session_state.get("new-name", "")))
        scroll.ask("header")


def _chief(config: RunConfig | None, refused: Refusals) -> None:
    """The settings that the lab is for, and what would break the run from its first step."""
    settings = draft()
    with st.container(key="controls"):
        for column, name in zip(st.columns(len(forms.CHIEF)), forms.CHIEF, strict=True):
            with column:
                _widget(KNOBS[name], settings, refused)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown("**Break it**", width="content")
            for item in breaks.BREAKS:
                st.button(
                    item.title,
                    key=f"break-{item.case}",
                    disabled=config is None or not item.changes(config),
                    help=break_words(item),
                    on_click=_break,
                    args=(item,),
                )
            st.button(
                "Undo last",
                key="undo",
                icon=":material/undo:",
                disabled=not st.session_state.get(_PAST),
                help="Takes the newest change of this form back.",
                on_click=_undo,
            )


def _settings(refused: Refusals) -> None:
    settings = draft()
    with st.container(border=True):
        left, right = st.columns(2)
        key, _ = bound.field(_PLACE, "preset", None)
        with left:
            st.selectbox(
                "Preset",
                PRESETS,
                index=None,
                format_func=lambda name: f"{PRESET_TITLES[name]} ({name})",
                placeholder="fill all settings from a named config",
                key=key,
                on_change=_take_preset,
                args=(key,),
                help="The pairs that the documents and benchmarks speak of.",
            )
        right.text_input("Name of the run", "", NAME_LENGTH, key="new-name", placeholder="optional")
        st.caption(f"{forms.LIVE} marks settings that can also be changed while the run trains.")
        for group in forms.GROUPS:
            knobs = _knobs(group, settings, refused)
            with st.expander(TITLES[group], expanded=_opened(group, knobs, refused)):
                _group(knobs, settings, refused)


def _knobs(group: str, settings: dict[str, Any], refused: Refusals) -> list[Knob]:
    """Those with a say; and, so that it can be mended, what is refused though it has none."""
    return [
        knob
        for knob in KNOBS.values()
        if knob.group == group
        and knob.name not in forms.CHIEF
        and (forms.applies(knob, settings) or knob.name in refused)
    ]


def _opened(group: str, knobs: Iterable[Knob], refused: Refusals) -> bool:
    """Whether something is refused in it, or was: it does not close while one mends it."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if any(knob.name in refused for knob in knobs):
        opened.add(group)
    return group in opened


def _group(knobs: list[Knob], settings: dict[str, Any], refused: Refusals) -> None:
    for row in range(0, len(knobs), 3):
        for column, knob in zip(st.columns(3), knobs[row : row + 3], strict=False):
            with column:
                _widget(knob, settings, refused)
    changed = {
        knob.name: value_words(settings[knob.name])
        for knob in knobs
        if settings[knob.name] not in (knob.default, forms.shown(knob, knob.default))
    }
    if changed:
        st.caption(
            "Changed: "
            + ", ".join(plain.code(f"{name} = {value}") for name, value in changed.items())
        )


def _widget(knob: Knob, settings: dict[str, Any], refused: Refusals) -> None:
    wrong = refused.get(knob.name, "")
    forms.draw(knob, settings[knob.name], place=_PLACE, heard=_moved, wrong=wrong)


def _moved(name: str, move: Move) -> None:
    _change(suited(draft(), str(move.new)) if name == "data" else draft() | {name: move.new})


def _change(settings: dict[str, Any]) -> None:
    past: list[dict[str, Any]] = st.session_state.setdefault(_PAST, [])
    past.append(draft())
    del past[:-_ONE_BY_ONE]
    st.session_state[_DRAFT] = settings


def _undo() -> None:
    if past := st.session_state.get(_PAST):
        st.session_state[_DRAFT] = past.pop()


def _break(item: breaks.Break) -> None:
    session.attempt(lambda: _change(dict(RunConfig.of(draft()).patched(item.patch))))


def _take_preset(key: str) -> None:
    if (move := bound.moved(_PLACE, "preset", key)) and move.new:
        _change(dict(preset(move.new)))
