"""A run's state and its five controls. Knows what each state allows, not how it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import plain, session
from ganlab.ui.timeline import count

BADGES = {
    Status.QUEUED: ("gray", ":material/hourglass_empty:"),
    Status.RUNNING: ("green", ":material/play_circle:"),
    Status.PAUSED: ("orange", ":material/pause_circle:"),
    Status.FINISHED: ("blue", ":material/check_circle:"),
    Status.STOPPED: ("gray", ":material/stop_circle:"),
    Status.FAILED: ("red", ":material/error:"),
    Status.INTERRUPTED: ("orange", ":material/power_off:"),
}

_SLOW = 10  # steps a second; of less, a whole number would say too little


def badge(status: Status) -> str:
    """The status as coloured Markdown."""
    colour, icon = BADGES[status]
    return f":{colour}-badge[{icon} {status.value}]"


def title(info: RunInfo) -> str:
    """The run's name, or what it trains; not yet for Markdown."""
    if info.name or info.settings is None:
        return info.name or (info.source.name if info.source else info.id)
    return f"{info.settings.data} {info.settings.architecture.upper()}"


def draw(info: RunInfo, history: RunHistory) -> None:
    """Name, badge, progress and buttons; the height is the same in every state."""
    header = st.container(key="header", gap="xsmall")
    left, right = header.columns([5, 4], vertical_alignment="center")
    about = progress(info, history)
    left.markdown(f"##### {plain.text(title(info))} {badge(info.status)}\n:small[{about}]")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        _buttons(info)
    header.progress(min(1.0, info.step / info.config.steps))


def compact(title: str, about: str, info: RunInfo, history: RunHistory) -> None:
    """The same for one of several runs on a page, with the few buttons that fit there."""
    with st.container(key=f"header-{info.id}"):
        left, right = st.columns([4, 5], vertical_alignment="center")
        left.markdown(f"##### {title} {badge(info.status)}")
        with (
            right,
            st.container(
                horizontal=True,
                horizontal_alignment="right",
                vertical_alignment="center",
                gap="xsmall",
            ),
        ):
            _compact_buttons(info)
        st.markdown(f":small[{about}]  \n:small[{progress(info, history)}]")
        st.progress(min(1.0, info.step / info.config.steps))


def progress(info: RunInfo, history: RunHistory) -> str:
    """How far it is, how fast it goes, and how large its networks are."""
    last = history.last()
    if info.status == Status.RUNNING and not last:
        return "loading PyTorch and the data: some seconds the first time"
    if info.status == Status.QUEUED and not last:
        return "waits for its turn"
    speed = last.get("steps_per_second", 0.0)
    pace = f"{speed:.0f}" if speed >= _SLOW else f"{speed:.2g}"
    rate = f" · {pace} steps/s" if speed and info.status == Status.RUNNING else ""
    return f"step **{count(info.step)}** of {count(info.config.steps)}{rate}{_sizes(history)}"


def _sizes(history: RunHistory) -> str:
    facts = history.facts()
    if not {"parameters_g", "parameters_d"} <= facts.keys():
        return ""
    # The names of what is left out are in the facts; here is room for their number.
    left_out, _, _ = str(facts.get("left_out", "")).partition(":")
    return f" · parameters: G {count(facts['parameters_g'])}, D {count(facts['parameters_d'])}" + (
        f" · {plain.text(left_out[:60])}" if left_out else ""
    )


def _compact_buttons(info: RunInfo) -> None:
    lab, suffix = session.lab(), f"-{info.id}"
    if info.status == Status.PAUSED:
        _button("Resume", "play_arrow", lab.resume, info.id, suffix=suffix)
    elif info.status.live:
        _button("Pause", "pause", lab.pause, info.id, suffix=suffix)
    if info.status.live:
        _button("Stop", "stop", lab.stop, info.id, suffix=suffix)
    # A link, since it makes one entry of the browser's history where switching pages makes two.
    st.page_link(
        "pages/lab.py",
        label="Lab",
        icon=":material/open_in_new:",
        help="Open this run on the lab page: gauges, remedies and live settings.",
        query_params={session.RUN: info.id},
    )


def _buttons(info: RunInfo) -> None:
    lab, status = session.lab(), info.status
    if not status.live:
        _ended_buttons(info)
    elif status == Status.PAUSED:
        _button("Resume", "play_arrow", lab.resume, info.id)
    else:
        _button("Pause", "pause", lab.pause, info.id)
    if status.live:
        _button("Step", "skip_next", lab.step, info.id, off=status != Status.PAUSED)
        _button("Stop", "stop", lab.stop, info.id)
    _button("Reset", "replay", _reset, info.id)


def _ended_buttons(info: RunInfo) -> None:
    if info.status == Status.FINISHED:
        _button("Train on", "play_arrow", _train_on, info)
    elif info.status in _CUT and info.step:
        saved = session.lab().store.checkpoint_steps(info.id)
        name = "Continue from checkpoint" if saved else "Start over"
        _button(name, "play_arrow", session.lab().reopen, info.id)


_CUT = (Status.STOPPED, Status.INTERRUPTED)  # before the last step
_HELP = {
    "Pause": "Training waits after the current update; live settings stay live.",
    "Step": "One update of D and G, then pause again. Pause first.",
    "Stop": "Ends the run and keeps all it has learnt.",
    "Reset": "Starts the same settings anew, as a run of its own; this one stays in Runs.",
    "Start over": "It ended before its first checkpoint: it starts again at step 0, in this run.",
    "Train on": "Adds as many steps again.",
}


def _button(
    name: str,
    icon: str,
    action: Callable[..., Any],
    *args: Any,
    off: bool = False,
    suffix: str = "",
) -> None:
    st.button(
        name,
        key=f"do{suffix}--{name}",
        icon=f":material/{icon}:",
        help=_HELP.get(name),
        disabled=off,
        on_click=_do,
        args=(action, *args),
    )


def _do(action: Callable[..., Any], *args: Any) -> None:
    session.attempt(action, *args)
    st.rerun()


def _reset(run: str) -> None:
    session.select(session.lab().reset(run))


def _train_on(info: RunInfo) -> None:
    session.lab().reopen(info.id, steps=2 * info.config.steps)
