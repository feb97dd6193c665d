"""How the server ends: in order, so that the runs it trains are stopped. Knows no run."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any

from uvicorn.server import HANDLED_SIGNALS


@contextlib.asynccontextmanager
async def in_order(app: object) -> AsyncIterator[None]:
    """The server's life: a first signal ends it with exit code 0, a second Ctrl-C at once.

    uvicorn alone would send itself the signal again once it has closed, and that ends the process
    before its exit handlers, which stop the runs.
    """
    for each in HANDLED_SIGNALS:
        server = getattr(signal.getsignal(each), "__self__", None)
        if hasattr(server, "should_exit"):
            signal.signal(each, _Ending(server))
    yield


class _Ending:
    """A signal's handler."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._server.should_exit and number == signal.SIGINT:
            self._server.force_exit = True
        self._server.should_exit = True
