"""Gives networks and optimisers the names that the script has for them."""

from __future__ import annotations

from torch import nn

from ganlab.doctor.players.names import inner_of, names_of
from ganlab.doctor.record import Key, Network, Recorder


def name_all(recorder: Recorder) -> None:
    """Names networks with their class, as `netD (Discriminator)`, and optimisers."""
    pieces = [piece for network in recorder.networks.values() for piece in network.pieces]
    known = names_of([*pieces, *(o.optimizer for o in recorder.owners)], recorder.roots)
    for owner in recorder.owners:
        owner.name = owner.name or next(iter(known[id(owner.optimizer)]), "")
    for network in recorder.networks.values():
        if network.module is None:
            network.name = _of_functions(network, recorder)
        elif "(" not in network.name:
            described = (_described(piece, known[id(piece)]) for piece in network.pieces)
            network.name = " + ".join(described)


def all_names(recorder: Recorder) -> dict[Key, list[str]]:
    """Every name of each network, that of its class among them."""
    networks = recorder.networks.values()
    known = names_of([p for network in networks for p in network.pieces], recorder.roots)
    return {
        network.key: [network.name, *(n for p in network.pieces for n in known[id(p)])]
        for network in networks
    }


def _of_functions(network: Network, recorder: Recorder) -> str:
    """A network without a module is known by the optimiser that owns it."""
    named = (o.name for o in recorder.owners if o.name and network.ids <= o.ids())
    owner = next(named, "")
    return f"the parameters of {owner}" if owner else network.name


def _described(module: nn.Module, names: list[str]) -> str:
    """'netD (Discriminator)', or the class alone where the script has no name for it."""
    return f"{names[0]} ({_kind(module)})" if names else _kind(module)


def _kind(module: nn.Module) -> str:
    """The class; of a wrapped network, its own and the wrapper's."""
    inner = inner_of(module)
    own = type(module).__name__
    if inner is None:
        return own
    return f"{_kind(inner)}, compiled" if own == "OptimizedModule" else f"{_kind(inner)} in {own}"
