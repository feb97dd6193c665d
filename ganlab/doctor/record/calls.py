"""Writes forward passes down: what went in, where it came from, what came out."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ganlab.doctor.record.deck import Deck
from ganlab.doctor.record.events import Call
from ganlab.doctor.record.networks import Network
from ganlab.doctor.record.origin import Key, Origin
from ganlab.doctor.record.tensors import places, same_values, tensors_in

_FEW = 8  # numbers below which equal values may be chance


class Calls:
    """Notes passes of modules and of networks written as functions on the deck's tape."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        deck.flow.on_parameters = self._of_functions
        deck.flow.on_clamp = self._clamp

    def take(
        self, module: nn.Module, args: Any, kwargs: Any, out: Any, used: set[str] | None
    ) -> None:
        """A module's pass, with the names of the functions `used` in it, if they were noted."""
        networks = self._deck.networks
        outputs = [t for t in tensors_in((out,)) if t.is_floating_point()]
        inputs = [*tensors_in(args), *tensors_in(kwargs.values())]
        if outputs and id(module) in networks.tails:
            self._goes_on(networks.tails[id(module)], inputs, outputs)
            return
        network = networks.of(module)
        network.passes += 1
        network.functions |= used or set()
        if outputs:
            self._add(network, inputs, outputs, module.training)

    def _add(
        self, network: Network, inputs: list[Tensor], outputs: list[Tensor], training: bool
    ) -> None:
        deck, key = self._deck, network.key
        call = Call(
            network=key,
            order=deck.next(),
            inputs=[tensor.detach() for tensor in inputs],
            origins=[self._origin(tensor, key) for tensor in inputs],
            outputs=outputs,
            graded=torch.is_grad_enabled(),
            training=training,
            where=deck.here(),
            live=any(p.requires_grad for p in network.parameters),
            attached=tuple(tensor.requires_grad for tensor in inputs),
            steps=deck.flow.steps,
        )
        deck.half_seen |= any(tensor.dtype is torch.float16 for tensor in outputs)
        self._follow(outputs, call)
        deck.tape.calls.append(call)

    def _goes_on(self, network: Network, inputs: list[Tensor], outputs: list[Tensor]) -> None:
        """A network's pass goes on in a module of its own, which takes some of its outputs."""
        taken = places(inputs)
        calls = [call for call in self._deck.tape.calls if call.network == network.key]
        fitting = [call for call in calls if taken & (call.handed | places(call.outputs))]
        if not calls:
            return
        call = (fitting or calls)[-1]
        used = taken & places(call.outputs)
        call.handed |= used
        call.outputs = [t for t in call.outputs if t.data_ptr() not in used] + outputs
        self._follow(outputs, call)

    def _origin(self, tensor: Tensor, key: Key) -> Origin:
        """Where an input comes from; one that left torch's functions is known by its values."""
        flow = self._deck.flow
        origin = flow.origin(tensor)
        if origin.networks or not tensor.is_floating_point() or tensor.numel() < _FEW:
            return origin
        for call in reversed(self._deck.tape.calls):
            if call.network != key and any(same_values(tensor, out) for out in call.outputs):
                flow.mark(tensor, call.network)
                return flow.origin(tensor)
        return origin

    def _follow(self, outputs: list[Tensor], call: Call) -> None:
        for tensor in outputs:
            self._deck.flow.mark(tensor, call.network)
            self._watch(tensor, call)

    def _watch(self, tensor: Tensor, call: Call) -> None:
        """Notes the gradient that reaches a network's output."""
        if not tensor.requires_grad:
            return
        deck, tape = self._deck, self._deck.tape
        before = len(tape.backwards)

        def take(grad: Tensor) -> None:
            # Without a backward pass since this output was made, a penalty asks for its gradient.
            begun = len(tape.backwards) > before and not deck.penalising
            if begun and deck.tape is tape and tensor is call.output:
                with deck.looking():
                    call.grads.append((tape.backwards[-1].order, grad.detach().clone()))

        take.__torch_unserializable__ = True  # type: ignore[attr-defined] # else saving it warns
        tensor.register_hook(take)

    def _of_functions(self, key: Key, x: Tensor, out: Tensor) -> None:
        """A parameter was used outside of every module: a new pass, or the last one goes on."""
        deck = self._deck
        with deck.looking():
            network = deck.networks.of_functions(key)
            last = next((c for c in reversed(deck.tape.calls) if c.network == key), None)
            if last is not None and key in deck.flow.origin(x).networks:
                last.outputs = [out]
                self._watch(out, last)
            else:
                self._add(network, [x], [out], training=True)

    def _clamp(self, tensor: Tensor, bounds: list[Any], in_place: bool) -> None:
        """Notes whose weights are clipped: they share their memory with the tensor."""
        deck = self._deck
        with deck.looking():
            place = tensor.data_ptr()
            for key, network in deck.networks.items():
                if any(p.data_ptr() == place for p in network.parameters):
                    sizes = [abs(b) for b in bounds if isinstance(b, int | float)]
                    deck.clamped[key] = max(sizes, default=0.0)
                    if in_place:
                        deck.clamped_copies.discard(key)
                    else:
                        deck.clamped_copies.add(key)
