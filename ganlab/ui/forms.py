"""Settings as widgets, drawn from RunConfig's own metadata. Names no single setting's meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from ganlab.config import KNOBS
from ganlab.knob import Knob

GROUPS = tuple(dict.fromkeys(knob.group for knob in KNOBS.values()))
LIVE = ":material/bolt:"
_WORDS = {
    "lr": "learning rate",
    "optimizer": "optimiser",
    "gp": "gradient penalty",
    "ema": "EMA",
    "r1": "R1",
    "r2": "R2",
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


def shown(knob: Knob, value: Any) -> Any:
    """The value in the type that the knob's widget holds."""
    return ", ".join(str(width) for width in value) if isinstance(value, tuple) else value


def rates(value: float) -> list[float]:
    """The stops of a learning rate's slider: six a decade, and the value itself."""
    stops = {float(f"{rate:.3g}") for rate in _RATES}
    return sorted(stops | {float(value)})


def draw(knob: Knob, *, key: str, changed: Callable[[str, str], None], off: bool = False) -> None:
    """The knob's widget, showing the state under `key`; `changed(name, key)` hears of changes."""
    common: dict[str, Any] = {
        "label": f"{label(knob)} {LIVE}" if knob.hot else label(knob),
        "key": key,
        "help": tooltip(knob),
        "on_change": changed,
        "args": (knob.name, key),
        "disabled": off,
    }
    if knob.log:
        st.select_slider(options=rates(st.session_state[key]), format_func=_rate, **common)
    elif knob.choices:
        st.selectbox(options=knob.choices, **common)
    elif knob.kind is bool:
        st.toggle(**common)
    elif knob.kind in (int, float):
        _number(knob, common)
    else:
        st.text_input(**common)


def _rate(rate: float) -> str:
    return "0 (frozen)" if rate == 0 else f"{rate:g}"


def _number(knob: Knob, common: dict[str, Any]) -> None:
    fraction = knob.kind is float and knob.high <= 1 and round(knob.high, 2) == knob.high
    if fraction:
        st.slider(min_value=knob.low, max_value=knob.high, step=0.01, **common)
    elif knob.kind is int:
        high = None if np.isinf(knob.high) else int(knob.high)
        st.number_input(min_value=int(knob.low), max_value=high, step=1, **common)
    else:
        step = 0.01 if knob.high <= 10 else 0.1
        high_or_none = None if np.isinf(knob.high) else knob.high
        st.number_input(
            min_value=knob.low, max_value=high_or_none, step=step, format="%.6g", **common
        )
