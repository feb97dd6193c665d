"""Notices the passes of networks among those of all modules, compiled ones too."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ganlab.doctor.record.calls import Calls
from ganlab.doctor.record.deck import Deck
from ganlab.doctor.record.modes import put_back, remove, transforming
from ganlab.doctor.record.patches import Patches


class Passes:
    """Hooks on all modules while the deck records."""

    def __init__(self, deck: Deck) -> None:
        self._deck, self._networks, self._flow = deck, deck.networks, deck.flow
        self._calls = Calls(deck)
        self._running: list[nn.Module] = []  # the network whose pass it is
        self._hooks: list[Any] = []
        self._with_kwargs: dict[int, bool] = {}  # torch's own marks of them
        self._compiles = False
        self._patches = Patches()

    def open(self, patches: Patches) -> None:
        """Notices from now on what is compiled."""
        self._patches = patches
        patches.wrap(torch, "compile", self._compile)

    def start(self) -> None:
        """Notices passes from now on."""
        self._running.clear()
        self._hook()

    def stop(self) -> None:
        """Notices them no more."""
        self._unhook()
        self._running.clear()

    def _hook(self) -> None:
        # Global ones: hooks on a module would be copied and pickled with it.
        self._with_kwargs = getattr(nn.modules.module, "_global_forward_hooks_with_kwargs", {})
        self._hooks = [
            nn.modules.module.register_module_forward_pre_hook(self._before),
            nn.modules.module.register_module_forward_hook(
                self._after, with_kwargs=True, always_call=True
            ),
        ]

    def _unhook(self) -> None:
        for hook in self._hooks:
            hook.remove()
            # torch forgets this mark of a hook with keyword arguments.
            self._with_kwargs.pop(hook.id, None)
        self._hooks = []

    def _before(self, module: nn.Module, _: Any) -> None:
        if self._running or self._deck.busy or transforming():
            return
        if self._networks.is_root(module):
            self._running.append(module)
            self._flow.quiet += 1
            self._flow.inside = set() if self._networks.young(module) else None

    def _after(self, module: nn.Module, args: Any, *rest: Any) -> None:
        if not self._running or self._running[-1] is not module:
            return
        # After an exception torch leaves the keyword arguments out.
        kwargs, out = (rest[0] if len(rest) > 1 else {}), rest[-1]
        self._running.pop()
        self._flow.quiet = max(0, self._flow.quiet - 1)
        used, self._flow.inside = self._flow.inside, None
        with self._deck.looking():
            self._calls.take(module, args, kwargs, out, used)

    def _compile(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        """From the first compiled module on, passes of compiled ones are recorded from outside."""
        compiled = original(*args, **kwargs)
        if not self._compiles:
            from torch._dynamo.eval_frame import OptimizedModule

            self._compiles = True
            self._patches.wrap(OptimizedModule, "__call__", self._compiled_call)
        return compiled

    def _compiled_call(self, original: Any, module: nn.Module, *args: Any, **kwargs: Any) -> Any:
        """A compiler must see neither the flow nor a hook: both are away meanwhile."""
        if not self._deck.recording or self._running or self._deck.busy:
            return original(module, *args, **kwargs)
        above = remove(self._flow)
        self._unhook()
        try:
            out = original(module, *args, **kwargs)
        finally:
            self._hook()
            put_back(self._flow, above)
        with self._deck.looking():
            self._calls.take(module, args, kwargs, out, None)
        return out
