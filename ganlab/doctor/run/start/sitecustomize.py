"""Runs first in the process of a user's script: Python itself looks for a module of this name.

Python then runs the script as it always does, so arguments, paths, tracebacks, exit and its order
are its own. Nothing more of ours is loaded before the script imports torch, and no name, variable,
handler or path of ours is left for it to see. Built-in modules only: others are the script's to
load.
"""

import os
import sys

TYPE_CHECKING = False  # typing itself is the script's to load
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from typing import Any

# Of PYTHONPATH how many entries are ours and whether it was set; the deadline; what is asked.
VARIABLE = "GANLAB_DOCTOR"
_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(_HERE))))
_PATIENCE = 1.0  # seconds after the time is up in which a step may come


class Start:
    """Waits for torch, and for the end of the process."""

    def __init__(self, asked: str) -> None:
        deadline, _, self.asked = asked.partition(" ")
        self.deadline = float(deadline)  # seconds since the epoch
        self.process = os.getpid()
        self.forks = 0
        self.watch: Any = None  # ganlab.doctor.run.child.Watch, from torch on
        self.ending: dict[str, Any] = {"error": "", "kind": "", "late": False, "failed": ""}

    def begin(self) -> None:
        """Everything that has to stand before the script's first line."""
        new = "atexit" not in sys.modules
        import atexit

        atexit.register(self.finish)  # the first one registered is the last one called
        if new:
            del sys.modules["atexit"]
        sys.addaudithook(self.heard)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_parent=self.forked, after_in_child=self.leave)
        if sys.platform == "win32":  # where no signal can be sent
            _interrupt_at(self.deadline + _PATIENCE)
        if "torch" in sys.modules:
            self.attach()

    def asks(self) -> "dict[str, Any]":
        """What the doctor's own process asks for."""
        import json

        asked: dict[str, Any] = json.loads(self.asked)
        return asked

    def is_here(self) -> bool:
        """Whether this is the script's own process and none that it has made."""
        return os.getpid() == self.process

    # What Python tells

    def heard(self, event: str, arguments: "tuple[Any, ...]") -> None:
        """Of every import, of the main file, and of an error that nobody caught."""
        if event == "import":
            if self.watch is None and arguments[0].startswith("torch.") and self.is_here():
                self.imports_torch()
        elif event == "sys.excepthook" and self.is_here():
            self.uncaught(arguments[1], arguments[2], arguments[3])
        elif event in ("cpython.run_file", "cpython.run_module"):
            _leave_the_name()

    def imports_torch(self) -> None:
        """Torch, while it is loaded, loads a part of itself: takes note of when it has done."""
        spec: ModuleSpec | None = getattr(sys.modules.get("torch"), "__spec__", None)
        if spec is None or not getattr(spec, "_initializing", False):
            return
        kind, start = type(spec), self
        if "_initializing" in vars(kind):  # it is noted already
            return

        class Loading(kind):  # type: ignore[valid-type, misc]
            @property
            def _initializing(self) -> bool:
                return True

            @_initializing.setter
            def _initializing(self, value: bool) -> None:
                self.__class__ = kind  # type: ignore[assignment] # as it was
                self._initializing = value
                if not value and sys.modules.get("torch") is not None:
                    start.attach()

        spec.__class__ = Loading

    def attach(self) -> None:
        """Loads the doctor beside torch. An error in here is ours, and only reported."""
        before = dict(os.environ)
        sys.path.insert(0, _ROOT)
        try:
            from ganlab.doctor.run import child

            if os.path.dirname(os.path.abspath(child.__file__)) != os.path.dirname(_HERE):
                raise ImportError(f"the script has a package ganlab of its own, {child.__file__}")
            self.watch = child.Watch(self.asks())
        except Exception as error:
            self.ending["failed"] = f"{type(error).__name__}: {error}"
        finally:
            sys.path.remove(_ROOT)
            _as_they_were(before)

    # Processes that the script makes

    def forked(self) -> None:
        """The script made a process."""
        self.forks += 1

    def leave(self) -> None:
        """This is that process: it is none of our business."""
        if self.watch is not None:
            self.watch.leave()

    # The end

    def uncaught(self, kind: type[BaseException], error: "Any", trace: "Any") -> None:
        """Notes it and takes our frames out. Raises RuntimeError to keep our own end silent.

        Must import nothing: Python would forget that it is to end by SIGINT.
        """
        import time

        if issubclass(kind, KeyboardInterrupt) and time.time() >= self.deadline:
            self.ending["late"] = True
            raise RuntimeError  # as the interpreter's documents say
        text = _text(error)
        self.ending["error"] = f"{kind.__name__}: {text}" if text else kind.__name__
        self.ending["kind"] = kind.__name__
        if self.watch is not None:
            self.watch.strip(error, trace)

    def finish(self) -> None:
        """The last of all that runs at the end: hands over what was seen."""
        if os.getpid() != self.process:
            return
        if (
            self.watch is None
            and sys.modules.get("torch") is not None
            and not self.ending["failed"]
        ):
            self.ending["failed"] = "It did not notice that torch was imported."
        row = self.ending | {"forks": self.forks}
        try:
            if self.watch is None:
                _write(self.asks()["report"], row)
            else:
                self.watch.finish(row)
        except Exception as error:  # ours; the script's own end stays silent
            row["failed"] = f"{type(error).__name__}: {error}"
            _write(self.asks()["report"], row)
        if self.ending["kind"] == "KeyboardInterrupt":
            _remind()


def _remind() -> None:
    """Python ends by SIGINT if the last text that it ran did; we may have run some since."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    import contextlib

    with contextlib.suppress(KeyboardInterrupt):
        eval("interrupt()", {"interrupt": interrupt})


def _write(file: str, row: "dict[str, Any]") -> None:
    """The end of a script that was not watched."""
    import json

    with open(f"{file}.part", "w") as out:
        json.dump({"final": True, "ending": row}, out)
    os.chmod(f"{file}.part", 0o600)  # whatever mask the script has set
    os.replace(f"{file}.part", file)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # the script's own class
        return "an error without a text"


def _as_they_were(before: dict[str, str]) -> None:
    """Takes back what the packages that we use have set for themselves."""
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update({name: text for name, text in before.items() if os.environ[name] != text})


def _interrupt_at(moment: float) -> None:
    import _thread
    import time

    def wait() -> None:
        time.sleep(max(0.0, moment - time.time()))
        _thread.interrupt_main()

    _thread.start_new_thread(wait, ())


def _forget_us() -> str:
    """Takes back how we were found; returns what is asked for."""
    asked = os.environ.pop(VARIABLE)
    rest = os.environ["PYTHONPATH"].split(os.pathsep)[int(asked[0]) :]
    os.environ["PYTHONPATH"] = os.pathsep.join(rest)
    if asked[1] != "+":
        del os.environ["PYTHONPATH"]
    if _HERE in sys.path:
        sys.path.remove(_HERE)
    sys.path_importer_cache.pop(_HERE, None)
    return asked[2:]


def _leave_the_name() -> None:
    """Python has loaded us, and the script comes now: it finds no module of this name."""
    if getattr(sys.modules.get("sitecustomize"), "VARIABLE", "") == VARIABLE:
        del sys.modules["sitecustomize"]


def _own_one() -> None:
    """The machine's or the user's own module of this name, which we stand in front of."""
    ours = sys.modules.pop("sitecustomize")
    try:
        __import__("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", ours)  # the import that runs now looks for it


if VARIABLE in os.environ and __name__ == "sitecustomize":
    Start(_forget_us()).begin()
    _own_one()
