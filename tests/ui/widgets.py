"""Finding widgets whose keys are never used twice."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

_KINDS = (
    "select_slider", "selectbox", "slider", "number_input", "toggle", "text_input",
    "segmented_control",
)  # fmt: skip


def widget_of(app: AppTest, place: str, name: str) -> Any:
    """The one widget that shows this setting at this place of the page."""
    found = [
        widget
        for kind in _KINDS
        for widget in app.get(kind)
        if str(getattr(widget, "key", "")).startswith(f"{place}-{name}-")
    ]
    (widget,) = found
    return widget
