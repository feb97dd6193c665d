"""What a script calls its networks and optimisers, whatever it keeps them in."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from ganlab.doctor.players import names
from ganlab.doctor.players.names import names_of

ROOT = "/the/users"
HEAD = """
import argparse, collections, dataclasses, functools, types, typing
from torch import nn, optim
net = lambda: nn.Sequential(nn.Linear(2, 2))
opt = lambda module: optim.SGD(module.parameters(), 0.1)
class Pair(typing.NamedTuple):
    generator: nn.Module
class Trainer:
    def __init__(self):
        self.generator = net()
    def train(self):
        look(self.generator)
"""
STYLES = {  # by the name that the script's thing should get
    "netG": "netG = net(); nets = [netG]; look(netG)",
    "G": "G = generator = net(); look(G)",
    "opt_d": "opt_d = opt(net()); look(opt_d)",
    "trainer.generator": "trainer = Trainer(); trainer.train()",
    "self.generator": "Trainer().train()",
    "app.trainer.generator": "app = argparse.Namespace(trainer=Trainer()); app.trainer.train()",
    'nets["G"]': "nets = {'G': net()}\nfor each in nets.values(): look(each)",
    "nets[1]": "nets = (net(), net()); look(nets[1])",
    "rows[0][2]": "rows = [collections.deque([0, 0, net()])]; look(rows[0][2])",
    "pair.generator": "pair = Pair(net()); look(pair.generator)",
    'trainer.opts["d"]': "trainer = Trainer(); trainer.opts = {'d': opt(net())}\n"
    "look(trainer.opts['d'])",
    "trainer.blocks[1]": "trainer = Trainer(); trainer.blocks = nn.ModuleList([net(), net()])\n"
    "look(trainer.blocks[1])",
    'both.parts["D"]': "both = nn.Module(); both.parts = nn.ModuleDict({'D': net()})\n"
    "look(both.parts['D'])",
    "local": "def main():\n    local = net()\n    look(local)\nmain()",
    "outer": "def step(inner): look(inner)\ndef main():\n    outer = net(); step(outer)\nmain()",
    "free": "def make():\n    free = net()\n    return lambda: look(free)\nmake()()",
    "kept": "def make():\n    kept = net()\n    return lambda: kept\nsaid = make()\nlook(said())",
    "asked": "step = functools.partial(print, asked=net()); look(step.keywords['asked'])",
    "made": "def run():\n    made = net()\n    yield look(made)\nnext(run())",
    "waiting": "def run():\n    waiting = net()\n    yield waiting\nrunning = run()\n"
    "look(next(running))",
    "Config.net": "class Config: net = net()\nlook(Config.net)",
    "state.net": "@dataclasses.dataclass(slots=True)\nclass State: net: object\n"
    "state = State(net()); look(state.net)",
    "trainer.__net": "class Hiding:\n    def __init__(self): self.__net = net()\n"
    "trainer = Hiding(); look(trainer._Hiding__net)",
    "wrapped": "wrapped = nn.DataParallel(net()); look(wrapped.module)",
    "ema.shadow": "ema = types.SimpleNamespace(shadow=net()); look(ema.shadow)",
}


def called(
    source: str, monkeypatch: pytest.MonkeyPatch, file: str = f"{ROOT}/train.py"
) -> list[str]:
    """The names of what the script has looked at, while it looks at it."""
    found: list[str] = []

    def look(thing: Any) -> None:
        found.extend(names_of([thing], (ROOT,))[id(thing)])

    main = types.ModuleType("__main__")
    main.__dict__.update(look=look)
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(compile(HEAD + source, file, "exec"), main.__dict__)
    return found


@pytest.mark.parametrize("name", STYLES)
def test_a_thing_is_called_what_the_script_calls_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(STYLES[name], monkeypatch)[:1] == [name]


def test_what_a_script_cannot_reach_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called("look(net())", monkeypatch) == []


def test_a_global_of_an_imported_module_of_the_users_is_named_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = types.ModuleType("project.parts")
    parts.__file__ = f"{ROOT}/project/parts.py"
    monkeypatch.setitem(sys.modules, "project.parts", parts)
    source = "import sys; vars(sys.modules['project.parts'])['D'] = net(); "
    source += "look(vars(sys.modules['project.parts'])['D'])"
    assert called(source, monkeypatch) == ["parts.D"]
    parts.__file__ = f"{Path(torch.__file__).parent}/parts.py"
    assert called(source, monkeypatch) == []


SULKING = """
class Sulking:
    def __init__(self): self.net = net()
    def __getattr__(self, name): raise SystemExit("asked")
    __getattribute__ = __eq__ = __repr__ = __len__ = __iter__ = __bool__ = __getattr__
    __hash__ = None
    @property
    def __class__(self): raise SystemExit("asked")
    @property
    def other(self): raise SystemExit("asked")
class Row(list):
    def __iter__(self): raise SystemExit("asked")
    __getitem__ = __len__ = __iter__
sulking = Sulking.__new__(Sulking)
"""


def test_no_code_of_the_scripts_runs_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SULKING + "own = net(); vars_ = object.__getattribute__(sulking, '__dict__')\n"
    source += "vars_['net'] = own; del vars_; row = Row([own]); box = own; del own\n"
    assert called(source + "look(box)", monkeypatch) == ["box", "sulking.net", "row[0]"]


FRAME = """
import weakref
kept = {}
def main():
    before = LOOKS()
    fake, box = net(), [net()]
    gone = weakref.ref(fake)
    look(box[0])
    kept["before"] = sorted(before)
    del fake
    kept["gone"] = gone() is None
main()
"""


@pytest.mark.parametrize("looks", ["dict", "locals"])
def test_a_frame_keeps_no_more_and_its_own_locals_stay_as_it_saw_them(
    looks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called(FRAME.replace("LOOKS", looks), monkeypatch)
    assert vars(sys.modules["__main__"])["kept"] == {"before": [], "gone": True}


def test_of_a_large_script_a_bounded_part_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    inside = names._inside

    def counted(name: str, value: Any, roots: Any) -> Iterator[Any]:
        for step in inside(name, value, roots):
            looked.append(step[1])
            yield step

    monkeypatch.setattr(names, "_inside", counted)
    source = "far = [[[i, j] for i in range(300)] for j in range(300)]\n"
    assert called(source + "near = net(); look(near)", monkeypatch) == ["near"]
    assert 10_000 < len(looked) <= 20_000
