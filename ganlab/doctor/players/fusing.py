"""Tells which modules are one network in parts: a front end with its heads, or layer groups.

Known by who feeds whom: D behind G gets real samples too, a part gets nothing from elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from torch import nn

from ganlab.doctor.record import Call, Key, Network, Recorder


def fuse(recorder: Recorder) -> bool:
    """Joins networks in parts; True where there were some, and then the tape begins anew."""
    found = _fuse_divided(recorder)
    if not found:
        for tail, head in itertools.islice(_tails(recorder), 1):
            _append(recorder, tail, head)
            found = True
    if found:
        recorder.flow.origins.clear()
        recorder.cut()
    return found


def undecided(recorder: Recorder) -> bool:
    """Whether too little was seen of the parts of some module to tell."""
    return any(
        not _known(recorder, part)
        for module in _divided(recorder)
        for part in _parts(recorder, module)
    )


def _fuse_divided(recorder: Recorder) -> bool:
    """Modules whose parts belong to several optimisers, where one part alone gets anything."""
    found = False
    for module in _divided(recorder):
        parts = _parts(recorder, module)
        if len(parts) > 1 and _is_chain(recorder, parts):
            recorder.networks.fused.add(id(module))
            for part in parts:
                recorder.networks.forget(part)
            found = True
    return found


def _divided(recorder: Recorder) -> list[nn.Module]:
    networks = recorder.networks
    return [module for key, module in networks.divided.items() if key not in networks.fused]


def _parts(recorder: Recorder, module: nn.Module) -> list[Network]:
    inner = {id(parameter) for parameter in module.parameters()}
    return [n for n in recorder.networks.values() if n.parameters and n.ids <= inner]


def _is_chain(recorder: Recorder, parts: list[Network]) -> bool:
    keys = {part.key for part in parts}
    entered = {
        call.network
        for call in recorder.tape.calls
        if call.network in keys and not all(given & keys for given in _sources(call))
    }
    return len(entered) == 1 and all(_known(recorder, part) for part in parts)


def _tails(recorder: Recorder) -> Iterator[tuple[Network, Network]]:
    """Networks that get all they get from one other, and that one, which they end."""
    networks = recorder.networks
    sources = {
        key: [given for call in _calls(recorder, key) for given in _sources(call)]
        for key in networks
    }
    for key, tail in networks.items():
        head = _only(sources[key])
        if head is None or not _known(recorder, tail):
            continue
        continued = _judges(sources[head]) or _maps(sources, head, key)
        if continued and tail.module and networks[head].module:
            yield tail, networks[head]


def _only(given: list[frozenset[Key]]) -> Key | None:
    """The one network that something gets all it gets from."""
    alone = given[0] if len(set(given)) == 1 else frozenset()
    return next(iter(alone)) if len(alone) == 1 else None


def _judges(given: list[frozenset[Key]]) -> bool:
    """Whether a network gets generated samples and others."""
    return any(given) and not all(given)


def _maps(sources: dict[Key, list[frozenset[Key]]], head: Key, tail: Key) -> bool:
    """Whether the head makes for the tail alone what goes on from there: a latent, say."""
    users = {key for key, given in sources.items() if any(head in each for each in given)}
    goes_on = any(tail in each for given in sources.values() for each in given)
    return not any(sources[head]) and users == {tail} and goes_on


def _append(recorder: Recorder, tail: Network, head: Network) -> None:
    """From now on a pass of the tail goes on the head's."""
    assert tail.module is not None and head.module is not None
    calls = _calls(recorder, tail.key)
    smallest = min(call.output[:1].numel() for call in calls)
    handed = set().union(*(call.handed for call in _calls(recorder, head.key)))
    beside = any(x.data_ptr() in handed for call in calls for x in call.inputs)  # another head
    trunk = (head.trunk if beside else None) or head.module
    if not beside or smallest < head.narrowest:  # of several heads the score's
        head.module, head.trunk, head.narrowest = nn.Sequential(trunk, tail.module), trunk, smallest
    head.parameters = [*head.parameters, *tail.parameters]
    head.pieces += tail.pieces
    tails = recorder.networks.tails
    tails[id(tail.pieces[0])] = head
    tails |= {m: head for m, other in tails.items() if other is tail}
    recorder.networks.forget(tail)


def _known(recorder: Recorder, network: Network) -> bool:
    """Whether enough was seen: several passes, and a step of every optimiser that moves it."""
    ids = network.ids
    moved = all(owner.steps for owner in recorder.owners if owner.ids() & ids)
    return moved and len(_calls(recorder, network.key)) > 1


def _calls(recorder: Recorder, key: Key) -> list[Call]:
    return [call for call in recorder.tape.calls if call.network == key]


def _sources(call: Call) -> list[frozenset[Key]]:
    """The networks that a call gets something from; an empty set more for a mixed batch."""
    given = frozenset().union(*(origin.networks for origin in call.origins)) - {call.network}
    return [given, frozenset()] if any(origin.mixed for origin in call.origins) else [given]
