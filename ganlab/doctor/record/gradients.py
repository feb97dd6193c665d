"""Notices every backward, and every gradient that the script takes by itself."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ganlab.doctor.record.deck import Deck
from ganlab.doctor.record.events import Backward
from ganlab.doctor.record.graph import read
from ganlab.doctor.record.modes import transforming
from ganlab.doctor.record.networks import owned_by
from ganlab.doctor.record.patches import Patches
from ganlab.doctor.record.tensors import places, tensors_in


class Gradients:
    """Reads each loss's graph before torch frees it."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._orphans: dict[int, int] = {}  # id of a parameter -> its number

    def open(self, patches: Patches) -> None:
        """Notices them from now on."""
        patches.wrap(torch.autograd, "backward", self._backward)
        patches.wrap(torch.autograd, "grad", self._grad)

    def _backward(self, original: Any, tensors: Any, *args: Any, **kwargs: Any) -> Any:
        deck = self._deck
        watched = deck.recording and not deck.busy and not transforming()
        if watched and isinstance(tensors, Tensor):
            with deck.looking():
                wanted = kwargs.get("inputs")
                leaves = None if wanted is None else {id(t) for t in tensors_in((wanted,))}
                deck.tape.backwards.append(self._read(tensors, leaves))
        return original(tensors, *args, **kwargs)

    def _read(self, loss: Tensor, wanted: set[int] | None = None) -> Backward:
        """What the loss reaches; with `wanted` gradients are taken for those leaves alone."""
        deck = self._deck
        outputs: dict[Any, int] = {}
        for number, call in enumerate(deck.tape.calls):
            if call.output.grad_fn is not None:  # further heads have losses of their own
                outputs[call.output.grad_fn] = number
        reading = read(loss, outputs, deck.tape.gradients)
        moved = owned_by(deck.owners)
        owned = moved.union(*(network.ids for network in deck.networks.values()))
        orphans = [(i, size) for i, size in reading.orphans.items() if i not in owned]
        reading.orphans = {self._number(i): size for i, size in orphans}
        before, reached = {}, {}
        leaves = reading.leaves if wanted is None else reading.leaves & wanted
        for key, network in deck.networks.items():
            reached[key] = sum(id(p) in leaves for p in network.parameters)
            before[key] = _state([p for p in network.parameters if id(p) in moved])
        value = loss.detach().clone()
        return Backward(deck.next(), value, reading, reached, before, deck.here())

    def _number(self, parameter: int) -> int:
        """The same in every run of the script, which where it lies in memory is not."""
        return self._orphans.setdefault(parameter, len(self._orphans))

    def _grad(self, original: Any, outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        deck = self._deck
        if not deck.recording or deck.busy:
            return original(outputs, inputs, *args, **kwargs)
        if transforming():
            deck.tape.transformed = True
            return original(outputs, inputs, *args, **kwargs)
        direct = False
        with deck.looking():
            wanted = {id(tensor) for tensor in tensors_in((inputs,))}
            direct = isinstance(outputs, Tensor) and not wanted.isdisjoint(deck.flow.owned)
            if direct:
                self._note_direct(outputs, wanted)
            else:
                self._note_penalised(outputs, inputs, wanted)
        if direct:
            return original(outputs, inputs, *args, **kwargs)
        deck.penalising = True
        try:
            found = original(outputs, inputs, *args, **kwargs)
        finally:
            deck.penalising = False
        nodes = [t.grad_fn for t in tensors_in((found,)) if t.grad_fn is not None]
        deck.tape.gradients.extend(nodes)
        return found

    def _note_direct(self, loss: Tensor, wanted: set[int]) -> None:
        """A loss whose gradients the script puts into its parameters by itself."""
        backward = self._read(loss, wanted)
        backward.grads_before = dict.fromkeys(backward.grads_before, "none")  # nothing adds up
        self._deck.tape.backwards.append(backward)

    def _note_penalised(self, outputs: Any, inputs: Any, wanted: set[int]) -> None:
        """A gradient at the input of a network, or one of its score."""
        pointers = places(tensors_in((inputs,)))
        scores = {id(tensor) for tensor in tensors_in((outputs,))}
        for call in self._deck.tape.calls:
            same = any(id(t) in wanted or t.data_ptr() in pointers for t in call.inputs)
            if same or scores & {id(t) for t in call.outputs}:
                call.penalised = True


def _state(parameters: list[Tensor]) -> str:
    """Whether gradients of an earlier backward are left: looked up in up to three tensors."""
    with torch.no_grad():
        grads = [p.grad for p in parameters if p.grad is not None]
        if not grads:
            return "none"
        chosen = {0, len(grads) // 2, len(grads) - 1}
        whole = [grads[i] for i in chosen]
        begins = [grad.reshape(-1)[:256] for grad in whole]  # mostly enough
        return "left over" if any(bool(grad.any()) for grad in begins + whole) else "zero"
