"""Settings as widgets, drawn from RunConfig's own metadata. Names no single setting's meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import streamlit as st

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.knob import Knob
from ganlab.ui import bound, plain
from ganlab.ui.bound import Move

GROUPS = tuple(dict.fromkeys(knob.group for knob in KNOBS.values()))
LIVE = ":material/bolt:"
CHIEF = ("lr_d", "optimizer_d", "lr_g", "optimizer_g", "output")  # what the lab is for
Heard: TypeAlias = Callable[[str, Move], None]  # hears of a setting's name and its move

_WORDS = {
    "lr": "learning rate",
    "gp": "gradient penalty",
    "ema": "EMA",
    "r1": "R1",
    "r2": "R2",
    "optimizer": "optimiser",
    "output": "output activation",
}
_NETWORKS = {"d": "of D", "g": "of G"}
_RATES = (0.0, *(base * 10.0**power for power in range(-6, 1) for base in (1, 1.5, 2, 3, 5, 7)))


def label(knob: Knob) -> str:
    """The setting's name in words: `lr_d` is 'learning rate of D'."""
    words = knob.name.split("_")
    network = _NETWORKS.get(words[-1]) if len(words) > 1 else None
    plain = " ".join(_WORDS.get(word, word) for word in (words[:-1] if network else words))
    return f"{plain} {network}" if network else plain


def tooltip(knob: Knob) -> str:
    """What it is, what is allowed, who says so."""
    unit = f" Unit: {knob.unit}." if knob.unit else ""
    lines = [knob.doc, f"Allowed: {knob.allowed()}.{unit}"]
    if knob.source:
        lines.append(f"Source: {knob.source}.")
    live = " Can be changed while a run trains." if knob.hot else ""
    return "\n\n".join([*lines, f"Setting `{knob.name}`.{live}"])


def applies(knob: Knob, settings: Mapping[str, Any]) -> bool:
    """Whether the setting has a say under the others: Adam's betas only under Adam."""
    return knob.when is None or settings[knob.when[0]] in knob.when[1]


def moves(knob: Knob) -> bool:
    """Whether its widget can be on its way: dragged, or stepped through values."""
    return knob.kind in (int, float)


def shown(knob: Knob, value: Any) -> Any:
    """The value in the type that the knob's widget holds."""
    if isinstance(value, tuple):
        return ", ".join(str(width) for width in value)
    return float(value) if moves(knob) and isinstance(value, int | float) else value


def refusals(settings: Mapping[str, Any]) -> dict[str, str]:
    """Why a run with the settings cannot be, by setting: each by itself, else their combination."""
    alone = {name: text for name, value in settings.items() if (text := _problem(name, value))}
    if alone:
        return alone
    try:
        RunConfig.of(settings)
    except ConfigError as refusal:
        return dict.fromkeys(refusal.settings, str(refusal))
    return {}


def _problem(name: str, value: Any) -> str:
    try:
        KNOBS[name].check(value)
    except ConfigError as refusal:
        return str(refusal)
    return ""


def rates(value: float) -> list[float]:
    """The stops of a learning rate's slider: six a decade, and the value itself."""
    stops = {float(f"{rate:.3g}") for rate in _RATES}
    return sorted(stops | {float(value)})


def draw(
    knob: Knob, value: Any, *, place: str, heard: Heard, off: bool = False, wrong: str = ""
) -> None:
    """The knob's widget with the value, and below it what is wrong with that.

    `place` tells it from other widgets of the same setting; `heard` hears of a person's change.
    """
    key, default = bound.field(place, knob.name, shown(knob, value))
    common: dict[str, Any] = {
        "label": f"{label(knob)} {LIVE}" if knob.hot and not off else label(knob),
        "key": key,
        "help": tooltip(knob),
        "on_change": _changed,
        "args": (place, knob.name, key, heard),
        "disabled": off,
    }
    if knob.log:
        st.select_slider(options=rates(default), value=default, format_func=_rate, **common)
    elif knob.choices:
        st.selectbox(options=knob.choices, index=knob.choices.index(default), **common)
    elif knob.kind is bool:
        st.toggle(value=default, **common)
    elif moves(knob):
        _number(knob, default, common)
    else:
        st.text_input(value=default, **common)
    if wrong:
        st.markdown(f":red[:material/error: {plain.text(wrong)}]")


def _changed(place: str, name: str, key: str, heard: Heard) -> None:
    if move := bound.moved(place, name, key):
        heard(name, move)


def _rate(rate: float) -> str:
    return "0 (frozen)" if rate == 0 else f"{rate:g}"


def _number(knob: Knob, default: float, common: dict[str, Any]) -> None:
    fraction = knob.kind is float and knob.high <= 1 and round(knob.high, 2) == knob.high
    if fraction:
        st.slider(value=default, min_value=knob.low, max_value=knob.high, step=0.01, **common)
        return
    # Without bounds, and whole numbers too as floats: the browser would keep what is out of range
    # to itself, and take 1e9 for 1.
    whole = knob.kind is int
    step = 1.0 if whole else 0.01 if knob.high <= 10 else 0.1
    st.number_input(value=default, step=step, format="%.10g" if whole else "%.6g", **common)
