"""Notices optimisers as they are made, and their steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from ganlab.doctor.record.deck import Deck
from ganlab.doctor.record.events import Step
from ganlab.doctor.record.modes import put_back, remove
from ganlab.doctor.record.networks import Owner
from ganlab.doctor.record.patches import Patches


class Steps:
    """`on_step(owner)` is called after every step of an optimiser, recording or not."""

    def __init__(self, deck: Deck, on_step: Callable[[Owner], None]) -> None:
        self._deck, self._on_step = deck, on_step
        self._closure = False
        self._aside = -1  # modes above the flow while an optimiser steps; -1: it is not away

    def open(self, patches: Patches) -> None:
        """Notices them from now on."""
        for handle in (
            register_optimizer_step_pre_hook(self._before),
            register_optimizer_step_post_hook(self._after),
        ):
            patches.add(handle.remove)
        patches.wrap(Optimizer, "__init__", self._made)

    def stop(self) -> None:
        """The flow is away for good."""
        self._aside = -1

    def _made(self, original: Any, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
        out = original(optimizer, *args, **kwargs)
        deck = self._deck
        if not deck.busy and not any(owner.optimizer is optimizer for owner in deck.owners):
            deck.adopt(optimizer)
        return out

    def _before(self, optimizer: Optimizer, args: Any = (), kwargs: Any = None) -> None:
        if not self._deck.recording or self._deck.busy:
            return
        closures = [*args, *(kwargs or {}).values()]
        self._closure = any(callable(each) for each in closures)
        if self._closure:  # forward and backward happen inside the step
            return
        self._note(optimizer)
        self._aside = remove(self._deck.flow)  # what happens in there is arithmetic on weights

    def _note(self, optimizer: Optimizer) -> None:
        deck = self._deck
        with deck.looking(), torch.no_grad():
            owner = deck.owner(optimizer)
            owned = owner.ids()
            norms = {}
            for key, network in deck.networks.items():
                grads = [
                    p.grad for p in network.parameters if id(p) in owned and p.grad is not None
                ]
                if grads:
                    norms[key] = torch.stack([g.detach().norm() for g in grads]).norm().item()
            deck.tape.steps.append(Step(deck.next(), owner.number, norms, deck.here()))

    def _after(self, optimizer: Optimizer, *_: Any) -> None:
        deck = self._deck
        if deck.busy:
            return
        if self._closure:
            self._closure = False
            if deck.recording:
                self._note(optimizer)
        elif self._aside >= 0:
            put_back(deck.flow, self._aside)
            self._aside = -1
        owner = deck.owner(optimizer)
        owner.steps += 1
        deck.flow.steps += 1
        self._on_step(owner)
