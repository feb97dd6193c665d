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
            recorder.fused.add(id(module))
            for part in parts:
                recorder.forget(part)
            found = True
    return found


def _divided(recorder: Recorder) -> list[nn.Module]:
    return [module for key, module in recorder.divided.items() if key not in recorder.fused]


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
        given = set(sources[key])
        if len(given) != 1 or len(next(iter(given))) != 1 or not _known(recorder, tail):
            continue
        ((head,),) = given
        users = {k for k, each in sources.items() if any(head in s for s in each)}
        goes_on = any(key in s for each in sources.values() for s in each)
        judges = any(sources[head]) and not all(sources[head])  # generated samples and others
        maps = not any(sources[head]) and users == {key} and goes_on  # a latent, say
        if (judges or maps) and tail.module and networks[head].module:
            yield tail, networks[head]


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
    recorder.tails[id(tail.pieces[0])] = head
    recorder.tails |= {m: head for m, other in recorder.tails.items() if other is tail}
    recorder.forget(tail)


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
