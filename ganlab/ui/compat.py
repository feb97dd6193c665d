"""Keeps a keyed Plotly chart in its DOM node when its data change. Knows Streamlit's element ids
only, and steps aside where a later Streamlit has changed them."""

from __future__ import annotations

import inspect
from typing import Any

from streamlit.elements import plotly_chart

_ID = "compute_and_register_element_id"


def stable_plotly_identity() -> bool:
    """Lets the key alone identify a passive chart; False where this Streamlit cannot be told so.

    Streamlit hashes the whole figure into the element's id, so that each update mounts a new chart
    and loses zoom and legend.
    """
    original = getattr(plotly_chart, _ID, None)
    if getattr(original, "stable", False):
        return True
    if original is None or "key_as_main_identity" not in inspect.signature(original).parameters:
        return False

    def by_key(element_type: str, **details: Any) -> str:
        if details.get("user_key") and not details.get("is_selection_activated"):
            details["key_as_main_identity"] = True
        identity: str = original(element_type, **details)
        return identity

    by_key.stable = True  # type: ignore[attr-defined]
    setattr(plotly_chart, _ID, by_key)
    return True
