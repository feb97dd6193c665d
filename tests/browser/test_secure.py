"""Nothing foreign: no page loads or links what others' texts want, and no other page may ask.

The network is watched, not the code.
"""

from __future__ import annotations

import http.server
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.ui import hostile
from tests.ui.hostile import ATTACKS

pytestmark = pytest.mark.browser
_FOREIGN = """() => [...document.querySelectorAll("a, img, iframe, script, link")]
    .map(each => each.href || each.src).filter(each => each && !each.startsWith("data:"))"""
_UNFOLD = """() => document.querySelectorAll("details:not([open]) > summary")
    .forEach(each => each.click())"""


def test_hostile_texts_are_shown_as_they_are_and_load_nothing(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    runs = hostile.fill(tmp_path / "runs")
    server = serve()
    asked: list[str] = []
    heard: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda message: heard.append(message.text))

    def seen(address: str, *words: str) -> None:
        page.goto(f"{server.url}/{address}")
        for word in words:
            expect(page.get_by_text(word).first).to_be_visible()
        page.evaluate(_UNFOLD)
        page.wait_for_timeout(500)
        foreign = [link for link in page.evaluate(_FOREIGN) if not link.startswith(server.url)]
        assert foreign == []

    seen(f"?run={runs[0]}", "Traceback")
    assert _not_shown(page, 3) == []
    seen("doctor", "Where")
    assert _not_shown(page, 3) == []
    seen("runs", "Page" if len(runs) > 10 else "Runs")
    assert _not_shown(page, 1) == []
    seen(f"?run={ATTACKS[0]}", "There is no run")
    seen(f"casebook?case={ATTACKS[0]}", "The casebook has no case")
    seen(f"handbook?entry={ATTACKS[0]}", "The handbook has no entry")

    own = (server.url, server.url.replace("http:", "ws:"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert [text for text in heard if "Content Security Policy" in text] == []


def _not_shown(page: Page, times: int) -> list[str]:
    """The attacks that the page does not show as text as often as that."""
    shown = page.locator("body").inner_text().replace("\u2060", "")
    return [attack for attack in ATTACKS if shown.count(attack) < times]


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of another program's page on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class _Stranger(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Stranger</h1>")

    def log_message(self, *args: object) -> None:
        pass


_KNOCKS = """async lab => {
  const socket = new Promise(done => {
    const it = new WebSocket(lab.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
    it.onopen = () => done("open");
    it.onerror = () => done("refused");
  });
  const image = new Promise(done => {
    const it = new Image();
    it.onload = () => done("shown");
    it.onerror = () => done("refused");
    it.src = lab + "/favicon.png";
  });
  const answer = fetch(lab + "/_stcore/host-config").then(() => "read", () => "refused");
  const frame = document.createElement("iframe");
  frame.src = lab;
  document.body.append(frame);
  return [await socket, await image, await answer];
}"""


def test_a_page_of_another_port_reaches_nothing(
    serve: Callable[[], Server], page: Page, stranger: str
) -> None:
    server = serve()
    page.goto(stranger)
    assert page.evaluate(_KNOCKS, server.url) == ["refused", "refused", "refused"]
    page.wait_for_timeout(3000)
    assert [one.url for one in page.frames if one.url.startswith(server.url)] == []


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}", 101),
        ("127.0.0.1:{port}", "http://127.0.0.1:1", 403),
        ("127.0.0.1:{port}", "", 403),
        ("127.0.0.1:{port}", "http://evil.example", 403),
        ("evil.example", "http://evil.example", 403),
    ],
)
def test_a_raw_client_is_let_in_by_host_and_origin(
    lab_port: int, host: str, origin: str, status: int
) -> None:
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host.format(port=lab_port)}",
        *([f"Origin: {origin.format(port=lab_port)}"] if origin else []),
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]
    assert _status(lab_port, lines) == status


@pytest.mark.parametrize(("host", "status"), [("localhost:{port}", 200), ("evil.example", 403)])
def test_a_rebound_name_gets_no_page(lab_port: int, host: str, status: int) -> None:
    lines = ["GET / HTTP/1.1", f"Host: {host.format(port=lab_port)}", "Connection: close"]
    assert _status(lab_port, lines) == status


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_in_order(serve: Callable[[], Server], how: signal.Signals) -> None:
    server = serve()
    assert _status(server.port, ["GET /_stcore/health HTTP/1.1", f"Host: 127.0.0.1:{server.port}"])
    assert server.end(how) == 0


@pytest.fixture(scope="module")
def lab_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of one server for all raw requests."""
    server = Server(tmp_path_factory.mktemp("runs"))
    yield server.port
    server.end(signal.SIGKILL)


def _status(port: int, lines: list[str]) -> int:
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(client.recv(64).split()[1])
