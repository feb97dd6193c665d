"""Who may talk to the lab's server: its own pages, on its own host and port. Knows no page.

Streamlit takes a connection from any port of this machine, and one that names no origin, so any
program's page on it could drive the lab. This layer stands before all of Streamlit's routes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE = ("GET", "HEAD")  # change nothing here; a browser names no origin for its own of these
_REFUSED = {
    "host": "Refused: this address is not one of the lab's. Allowed: this machine's own names, and "
    "what `--server.allowedHosts` lists; add the name under which you reach the lab.",
    "origin": "Refused: the request comes from another page than the lab's own, or from none. "
    "Allowed: the lab's own host and port, and what `--server.corsAllowedOrigins` lists.",
}
# Scripts and styles of Streamlit stand in the page, and Plotly builds functions of text.
_SOURCES = (
    "default-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)


class Guard:
    """An ASGI layer: refuses what does not come from the lab's own pages, adds protecting headers.

    `--server.allowedHosts` and `--server.corsAllowedOrigins` add further names and pages, for a
    lab behind a proxy; `--server.enableCORS false` allows every page. A request that none of them
    allows gets 403 and a text that names them.
    """

    stands = False  # whether this process serves the lab through it

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app
        Guard.stands = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on or refuses it. Raises what the app raises."""
        if scope["type"] not in ("http", "websocket"):  # the server's own start and end
            await self._app(scope, receive, send)
            return
        wrong = refusal(scope)
        if not wrong:
            await self._app(scope, receive, _protecting(scope, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": wrong})  # HTTP 403
        else:
            await _answer(_REFUSED[wrong], send)


MIDDLEWARE = (Middleware(Guard),)


def refusal(scope: Scope) -> str:
    """What is wrong with where the request comes from or goes to: "host", "origin" or ""."""
    headers = _headers(scope)
    hosts = headers.get("host", [])
    if len(hosts) != 1 or not _is_ours(hosts[0]):
        return "host"
    origins = headers.get("origin", [])
    if not origins:
        harmless = scope["type"] == "http" and scope["method"] in _SAFE
        return "" if harmless and not _embedded(headers) else "origin"
    return "" if len(origins) == 1 and _may_ask(origins[0], hosts[0]) else "origin"


def _is_ours(host: str) -> bool:
    """Whether the lab is reached under a name of its own: a foreign one may have been rebound."""
    name = _name(f"//{host}")
    allowed = [each.strip().lower().rstrip(".") for each in _option("server.allowedHosts")]
    own = _name(f"//{st.get_option('browser.serverAddress') or ''}")
    return bool(name) and any(
        each in ("*", name) or (each.startswith("*.") and name.endswith(each[1:]))
        for each in (*allowed, *_LOOPBACK, own)
    )


def _may_ask(origin: str, host: str) -> bool:
    """Whether a page of that origin may connect: the lab's own, or one that is allowed by name.

    The scheme is not compared with the lab's own: behind a proxy that speaks https it is another.
    """
    if not st.get_option("server.enableCORS"):
        return True
    scheme, _, asking = origin.lower().partition("://")
    own = scheme in ("http", "https") and asking == host.lower()
    allowed = [each.strip().rstrip("/").lower() for each in _option("server.corsAllowedOrigins")]
    return own or origin.lower() in allowed


def _embedded(headers: dict[str, list[str]]) -> bool:
    """Whether a foreign page asks for a part of the lab, as a script or an image; a link may."""
    foreign = headers.get("sec-fetch-site", [""])[0] in ("cross-site", "same-site")
    return foreign and headers.get("sec-fetch-mode", [""])[0] != "navigate"


def _name(address: str) -> str:
    """The host's name in a URL, lower case; "" where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return ""
    whole = parts.netloc == address.removeprefix("//") and "@" not in parts.netloc
    return (parts.hostname or "").rstrip(".") if whole else ""


def _option(name: str) -> Iterable[str]:
    return [str(each) for each in st.get_option(name) or ()]


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _protecting(scope: Scope, send: Send) -> Send:
    """Adds to each answer that the page stands in no foreign frame and loads nothing foreign."""
    added = [(name.encode(), value.encode("latin-1")) for name, value in _protections(scope)]

    async def with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return with_headers


def _protections(scope: Scope) -> list[tuple[str, str]]:
    host = _headers(scope)["host"][0]
    others = [each for each in _option("server.corsAllowedOrigins") if not set(each) & set(" ;,")]
    rules = [
        *_SOURCES,
        f"connect-src 'self' ws://{host} wss://{host} data: blob:",
        " ".join(["frame-ancestors 'self'", *others]),
    ]
    return [
        ("content-security-policy", "; ".join(rules)),
        *([] if others else [("x-frame-options", "SAMEORIGIN")]),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ]


async def _answer(text: str, send: Send) -> None:
    body = f"{text}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
