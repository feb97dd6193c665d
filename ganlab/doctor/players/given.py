"""The pair as its user gives it: the modules themselves, found again among what has run."""

from __future__ import annotations

from collections import Counter

from torch import nn

from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Network, Recorder, Tape

Pair = tuple[nn.Module, nn.Module]  # generator, discriminator
_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.DataParallel)


def introduce(recorder: Recorder, pair: Pair) -> None:
    """Makes the two known beforehand, so that a module which holds both is not taken for one."""
    for module in pair:
        if isinstance(module, _CONTAINERS) or not type(module).__module__.startswith("torch.nn"):
            recorder.networks.of(module).where = None


def given_cast(recorder: Recorder, tape: Tape, pair: Pair) -> Cast | None:
    """The pair, once D was seen with samples of G; None until then."""
    generator, discriminator = (_network(recorder, tape, module) for module in pair)
    if generator is None or discriminator is None:
        return None
    positions: Counter[int] = Counter()
    for call in tape.calls:
        if call.network == discriminator.key:
            for position, origin in enumerate(call.origins):
                positions[position] += generator.key in origin.networks
    position, count = max(positions.items(), key=lambda item: item[1], default=(0, 0))
    return Cast(generator, discriminator, position) if count else None


def _network(recorder: Recorder, tape: Tape, module: nn.Module) -> Network | None:
    """The network that ran with the most of the module's parameters."""
    ids = {id(parameter) for parameter in module.parameters()}
    ran = {call.network for call in tape.calls}
    known = [network for network in recorder.networks.values() if network.key in ran]
    best = max(known, key=lambda network: len(network.ids & ids), default=None)
    return best if best is not None and best.ids & ids else None


def unseen(recorder: Recorder, pair: Pair, steps: int) -> str:
    """Why nothing can be said of a pair that was given."""
    if not steps:
        return "No optimiser step was made while the pair was watched."
    ran = {id(network.module) for network in recorder.networks.values()}
    ran &= {id(recorder.networks[call.network].module) for call in recorder.tape.calls}
    idle = [name for name, module in zip(("generator", "discriminator"), pair, strict=True)
            if id(module) not in ran]  # fmt: skip
    if idle:
        return (
            f"The given {' and '.join(idle)} made no forward pass that could be seen in {steps} "
            "optimiser steps. Pass the modules that the loop calls."
        )
    return (
        f"In {steps} optimiser steps the given discriminator was never shown samples of the given "
        "generator. Are they in the right order: Monitor(generator, discriminator)?"
    )
