"""A keyed chart is the same element whatever it shows."""

from __future__ import annotations

import pytest
from streamlit.elements import plotly_chart
from streamlit.testing.v1 import AppTest

from ganlab.ui import compat


def _charts(second: bool) -> None:
    import streamlit as st

    from ganlab.ui import compat

    compat.stable_plotly_identity()
    data = [{"y": [1, 2, 3] if second else [3, 2, 1]}]
    st.plotly_chart({"data": data}, key="keyed")
    st.plotly_chart({"data": data})
    st.plotly_chart({"data": data}, key="selectable", on_select="rerun")


@pytest.fixture
def ids() -> list[tuple[str, str]]:
    """Element ids before and after the data changed."""
    before, after = (
        AppTest.from_function(_charts, args=(second,), default_timeout=30).run()
        for second in (False, True)
    )
    return [
        (old.proto.id, new.proto.id)
        for old, new in zip(before.get("plotly_chart"), after.get("plotly_chart"), strict=True)
    ]


def test_a_keyed_chart_keeps_its_identity_when_its_data_change(ids: list[tuple[str, str]]) -> None:
    assert ids[0][0] == ids[0][1]


def test_charts_without_key_or_with_selection_stay_as_streamlit_has_them(
    ids: list[tuple[str, str]],
) -> None:
    assert all(old != new for old, new in ids[1:])


def test_the_patch_is_put_on_once() -> None:
    assert compat.stable_plotly_identity()
    patched = plotly_chart.compute_and_register_element_id
    assert compat.stable_plotly_identity()
    assert plotly_chart.compute_and_register_element_id is patched


def test_a_streamlit_without_that_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(plotly_chart, "compute_and_register_element_id")
    assert not compat.stable_plotly_identity()
