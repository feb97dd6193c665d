"""Links of a page, followed as a browser does: to another page, with the link's own query."""

from __future__ import annotations

from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest


def follow(app: AppTest, label: str, to: str = "") -> AppTest:
    """The page behind the one link whose label has these words, and whose query names `to`."""
    links = [element.proto for element in app.get("page_link")]
    (link,) = (proto for proto in links if label in proto.label and to in proto.query_string)
    app.switch_page(f"pages/{link.page or 'lab'}.py")
    app.query_params.clear()
    for name, value in parse_qsl(link.query_string):
        app.query_params[name] = value
    return app.run()
