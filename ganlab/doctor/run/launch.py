"""Starts a script's process and stands where its shell would: groups, terminal, signals.

On Windows there are no groups and no signals to send: there the process is only started.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")  # meant for the script
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


class Script:
    """A script's process.

    `apart`: whether it has a process group of its own, as its shell would have given it.
    `terminal`: descriptor of the terminal that it was lent, if any.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], *, apart: bool, terminal: int | None
    ) -> None:
        self._process = process
        self._apart = apart
        self._terminal = terminal

    @property
    def returncode(self) -> int:
        """Its exit code once it has ended; below 0: minus the signal that ended it."""
        return int(self._process.returncode)

    def poll(self) -> int | None:
        """Its exit code, or None while it runs. Follows it when its user has stopped it."""
        code = self._process.poll()
        if code is None and self._terminal is not None:
            self._follow_a_stop()
        return code

    def wait(self, seconds: float) -> None:
        """Raises subprocess.TimeoutExpired when it runs longer."""
        self._process.wait(seconds)

    def interrupt(self) -> None:
        """Ctrl-C was pressed; in one group with us it has heard that itself."""
        if self._apart:
            self.tell(signal.SIGINT)

    def stop(self, grace: float) -> None:
        """Interrupts it, and kills it where it still runs after `grace` seconds."""
        if sys.platform != "win32":  # there it does so by itself
            self.tell(signal.SIGINT)
        with contextlib.suppress(KeyboardInterrupt):
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def tell(self, number: int) -> None:
        """Sends it a signal; without effect once it has ended."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def _follow_a_stop(self) -> None:
        """Ctrl-Z: stops with the script, and lets it go on when the shell lets us."""
        if sys.platform == "win32" or self._terminal is None:
            return
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOHANG) is None:
                return
            _lend(self._terminal, os.getpgrp())
            os.kill(0, signal.SIGTSTP)
            if os.tcgetpgrp(self._terminal) == os.getpgrp():  # `fg`, not `bg`
                _lend(self._terminal, self._process.pid)
            os.killpg(self._process.pid, signal.SIGCONT)


@contextlib.contextmanager
def launch(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Script]:
    """Starts it with our own input, output and descriptors; signals to us go to it meanwhile."""
    apart = sys.platform != "win32" and os.getpgrp() == os.getpid()
    terminal = _terminal() if apart else None
    process = subprocess.Popen(
        command,
        env=environment,
        close_fds=False,  # those that our own shell has opened for it
        preexec_fn=_in_a_group_of_its_own(terminal) if apart else None,
    )
    script = Script(process, apart=apart, terminal=terminal)
    try:
        with _passing_on(script):
            yield script
    finally:
        if terminal is not None:
            with contextlib.suppress(OSError):
                _lend(terminal, os.getpgrp())


def _terminal() -> int | None:
    """The terminal, where it is ours to lend."""
    for number in (0, 1, 2):
        with contextlib.suppress(OSError):
            if os.isatty(number) and os.tcgetpgrp(number) == os.getpgrp():
                return number
    return None


def _in_a_group_of_its_own(terminal: int | None) -> Any:
    """What the new process does first: a group as from a shell, that dies with us."""
    import ctypes

    control = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def begin() -> None:
        os.setpgid(0, 0)
        if terminal is not None:
            _lend(terminal, os.getpgrp())
        if control is not None:  # nobody who ends our group would reach it
            control(_DIE_WITH_PARENT, signal.SIGKILL)

    return begin


def _lend(terminal: int, group: int) -> None:
    """Makes a group the one that the terminal's keys speak to."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        os.tcsetpgrp(terminal, group)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _passing_on(script: Script) -> Iterator[None]:
    """Signals that would end or reach the bare script reach it through us."""

    def pass_on(number: int, _: FrameType | None) -> None:
        script.tell(number)

    before: dict[int, Any] = {}
    for name in _PASSED_ON if sys.platform != "win32" else ():
        number = getattr(signal, name)
        with contextlib.suppress(ValueError):  # not in the main thread: they stay as they are
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, pass_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
