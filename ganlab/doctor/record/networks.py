"""The networks and optimisers of a script, and which of its modules are networks at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from torch import Tensor, nn
from torch.optim.optimizer import Optimizer

from ganlab.causes.trace import Location
from ganlab.doctor.record.origin import Key

FUNCTIONS = 10_000  # keys of networks without a module start here
_YOUNG = 3  # passes of a network in which its functions are noted
_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.DataParallel)


@dataclass
class Network:
    """A module, or what an optimiser owns of a network written as functions."""

    key: Key
    module: nn.Module | None
    parameters: list[Tensor]
    name: str
    where: Location | None = None
    functions: set[str] = field(default_factory=set)  # used in its first passes
    passes: int = 0
    pieces: list[nn.Module] = field(default_factory=list)  # its passes begin in the first
    trunk: nn.Module | None = None  # the part below its heads, where it is in parts
    narrowest: int = 0  # numbers a sample that its narrowest head makes

    def __post_init__(self) -> None:
        self.pieces = [] if self.module is None else [self.module]

    @property
    def ids(self) -> set[int]:
        """Of its parameters."""
        return {id(parameter) for parameter in self.parameters}


@dataclass
class Owner:
    """An optimiser that the script has made."""

    number: int
    optimizer: Optimizer
    where: Location | None
    steps: int = 0
    name: str = ""  # the script's own, once it is known

    def parameters(self) -> list[Tensor]:
        """Those it owns now."""
        return [p for group in self.optimizer.param_groups for p in group["params"]]

    def ids(self) -> set[int]:
        """Of the parameters it owns now."""
        return {id(p) for p in self.parameters()}


def owned_by(owners: Iterable[Owner]) -> set[int]:
    """Ids of the parameters that some of them owns."""
    return set().union(*(owner.ids() for owner in owners), set())


class Networks(dict[Key, Network]):
    """Those seen so far.

    A network is the outermost module of the user's own whose parameters no two optimisers share
    out among themselves. `here()` is the line that is running.
    """

    def __init__(self, owners: list[Owner], here: Callable[[], Location | None]) -> None:
        super().__init__()
        self.divided: dict[int, nn.Module] = {}  # several optimisers own its parts
        self.fused: set[int] = set()  # ids of those that are one network all the same
        self.tails: dict[int, Network] = {}  # id of a module -> the network that it ends
        self._owners, self._here = owners, here
        self._roots: dict[int, bool] = {}  # id of a module -> whether it is a network
        self._keys: dict[int, Key] = {}  # id of a module -> network
        self._made = 0

    def of(self, module: nn.Module) -> Network:
        """The network of a module, made at first sight."""
        key = self._keys.get(id(module))
        if key is None:
            key = self._made
            self._made += 1
            parameters: list[Tensor] = list(module.parameters())
            self[key] = Network(key, module, parameters, type(module).__name__, self._here())
            self._keys[id(module)] = key
        return self[key]

    def of_functions(self, key: Key) -> Network:
        """The network whose parameters an optimiser owns, without a module."""
        if key not in self:
            owner = self._owners[key - FUNCTIONS]
            name = f"the parameters of optimiser {owner.number + 1}"
            self[key] = Network(key, None, owner.parameters(), name, owner.where)
        return self[key]

    def forget(self, network: Network) -> None:
        """It is part of another one."""
        self.pop(network.key, None)
        for piece in network.pieces[:1]:
            self._keys.pop(id(piece), None)
        self.look_again()

    def look_again(self) -> None:
        """What is a network may have changed."""
        self._roots.clear()

    def young(self, module: nn.Module) -> bool:
        """Whether few of its passes were seen."""
        key = self._keys.get(id(module))
        return key is None or self[key].passes < _YOUNG

    def is_root(self, module: nn.Module) -> bool:
        """Whether a pass of the module, outside of any other network, is a network's."""
        found = self._roots.get(id(module))
        if found is None:
            found = self._roots[id(module)] = self._looked_at(module)
        return found

    def _looked_at(self, module: nn.Module) -> bool:
        ids = {id(p) for p in module.parameters()}
        if not ids or _is_layer(module):
            return False
        if id(module) in self.fused:
            return True
        if self._shared_out(ids):
            self.divided[id(module)] = module
            return False
        inner = {id(child) for child in module.modules() if child is not module}
        return sum(id(n.module) in inner for n in self.values() if n.module is not None) <= 1

    def _shared_out(self, ids: set[int]) -> bool:
        """Whether optimisers own different ones of these parameters."""
        held = [owner.ids() & ids for owner in self._owners]
        sets = {frozenset(n for n, group in enumerate(held) if i in group) for i in ids}
        return len(sets - {frozenset()}) > 1


def _is_layer(module: nn.Module) -> bool:
    """Torch's own, containers apart; a parametrisation runs when it is made."""
    home = type(module).__module__
    if home.startswith("torch.nn.utils"):
        return True
    return home.startswith("torch.nn") and not isinstance(module, _CONTAINERS)
