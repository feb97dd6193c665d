"""Which requests the lab's server lets in, by where they come from and where they go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.web.server.app_discovery import discover_asgi_app

from ganlab.ui import guard

ROOT = Path(__file__).parents[2]
OURS = "127.0.0.1:8501"


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The server's settings as config.toml has them; a test adds its own."""
    found: dict[str, Any] = {
        "server.allowedHosts": ["localhost", "127.0.0.1"],
        "server.corsAllowedOrigins": [],
        "server.enableCORS": True,
        "browser.serverAddress": "localhost",
    }
    monkeypatch.setattr(st, "get_option", found.__getitem__)
    yield found


def scope(kind: str = "websocket", method: str = "GET", **headers: str) -> dict[str, Any]:
    """A request's scope as an ASGI server gives it."""
    given = {"host": OURS} | {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = [(name.encode(), value.encode()) for name, value in given.items() if value]
    return {"type": kind, "method": method, "headers": pairs}


@pytest.mark.parametrize(
    ("headers", "wrong"),
    [
        ({"origin": f"http://{OURS}"}, ""),
        ({"origin": f"https://{OURS}"}, ""),  # behind a proxy that speaks TLS
        ({"origin": "http://[::1]:8501", "host": "[::1]:8501"}, ""),
        ({}, "origin"),
        ({"origin": "null"}, "origin"),
        ({"origin": "http://127.0.0.1:8502"}, "origin"),
        ({"origin": "http://127.0.0.1"}, "origin"),
        ({"origin": "http://localhost:8501"}, "origin"),
        ({"origin": "file://127.0.0.1:8501"}, "origin"),
        ({"origin": "http://["}, "origin"),
        ({"origin": "http://evil.example"}, "origin"),
        ({"origin": "http://evil.example:8501", "host": "evil.example:8501"}, "host"),
        ({"origin": f"http://{OURS}", "host": ""}, "host"),
        ({"origin": "http://127.0.0.1.evil.example", "host": "127.0.0.1.evil.example"}, "host"),
        ({"origin": "http://127.0.0.1:x", "host": "127.0.0.1:x"}, "host"),
        ({"origin": "http://127.0.0.1/x", "host": "127.0.0.1/x"}, "host"),
        ({"origin": "http://a@127.0.0.1", "host": "a@127.0.0.1"}, "host"),
    ],
)
def test_a_connection_is_made_by_the_labs_own_page_alone(
    headers: dict[str, str], wrong: str
) -> None:
    assert guard.refusal(scope(**headers)) == wrong


@pytest.mark.parametrize(
    ("method", "headers", "wrong"),
    [
        ("GET", {}, ""),  # an address that is typed in
        ("GET", {"host": "evil.example"}, "host"),
        ("GET", {"origin": "http://127.0.0.1:9"}, "origin"),
        ("GET", {"sec_fetch_site": "same-origin", "sec_fetch_mode": "no-cors"}, ""),
        ("GET", {"sec_fetch_site": "same-site", "sec_fetch_mode": "no-cors"}, "origin"),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, ""),  # a link
        ("POST", {}, "origin"),
        ("PUT", {"origin": f"http://{OURS}"}, ""),
        ("OPTIONS", {"origin": "http://evil.example"}, "origin"),
    ],
)
def test_plain_requests(method: str, headers: dict[str, str], wrong: str) -> None:
    assert guard.refusal(scope("http", method, **headers)) == wrong


def test_what_a_proxy_needs_is_allowed_by_name(options: dict[str, Any]) -> None:
    hub = scope(origin="https://hub.example", host="lab.hub.example")
    assert guard.refusal(hub) == "host"
    options["server.allowedHosts"] = ["*.hub.example"]
    assert guard.refusal(hub) == "origin"
    options["server.corsAllowedOrigins"] = ["https://hub.example/"]
    assert guard.refusal(hub) == ""
    assert guard.refusal(scope(origin="http://hub.example", host="lab.hub.example")) == "origin"
    options["server.enableCORS"] = False
    assert guard.refusal(scope(origin="http://other.example")) == ""
    assert guard.refusal(scope(origin="http://other.example", host="other.example")) == "host"


async def _app(scope: Any, receive: Any, send: Any) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]}
    await send(start if scope["type"] == "http" else {"type": "websocket.accept"})


def answer(request: dict[str, Any]) -> list[MutableMapping[str, Any]]:
    """What the guard before an app sends."""
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {}

    asyncio.run(guard.Guard(_app)(request, receive, send))
    return sent


def test_what_is_refused_reaches_no_app_and_is_told_why() -> None:
    assert answer(scope())[0]["type"] == "websocket.close"
    start, body = answer(scope("http", host="evil.example"))
    assert start["status"] == 403
    assert b"--server.allowedHosts" in body["body"]


def test_a_page_loads_nothing_foreign_and_stands_in_no_foreign_frame(
    options: dict[str, Any],
) -> None:
    def headers() -> dict[bytes, bytes]:
        return dict(answer(scope("http"))[0]["headers"])

    found = headers()
    assert found[b"etag"] == b"1"
    assert found[b"x-frame-options"] == b"SAMEORIGIN"
    assert b"default-src 'self'" in found[b"content-security-policy"]
    assert found[b"content-security-policy"].endswith(b"frame-ancestors 'self'")
    options["server.corsAllowedOrigins"] = ["https://hub.example", "x; script-src *"]
    found = headers()
    assert b"x-frame-options" not in found
    assert found[b"content-security-policy"].endswith(b"frame-ancestors 'self' https://hub.example")


def test_streamlit_run_finds_the_guarded_server() -> None:
    found = discover_asgi_app(ROOT / "app.py")
    assert (found.is_asgi_app, found.import_string) == (True, "app:app")


def test_without_the_guard_the_lab_stays_closed(
    app: Any, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    options["runner.postScriptGC"] = False
    monkeypatch.setattr(guard.Guard, "stands", False)
    app.run()
    assert "streamlit run app.py" in app.error[0].value
    assert not app.button
