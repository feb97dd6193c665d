"""Records what a training script does with torch: forward passes, backward passes, steps.

Nothing of the user's is changed: hooks and wrapped functions only look, and `close` takes them all
away again. While nothing is recorded only the optimisers' steps are noticed.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from ganlab.causes.trace import Location
from ganlab.doctor.record import graph
from ganlab.doctor.record.events import Backward, Call, Step
from ganlab.doctor.record.flow import Flow
from ganlab.doctor.record.modes import no_modes, push, put_back, remove, transforming
from ganlab.doctor.record.origin import Key, Origin
from ganlab.doctor.record.originals import Originals
from ganlab.doctor.record.tensors import places, same_values, tensors_in
from ganlab.doctor.variables import is_users

_FEW = 8  # numbers below which equal values may be chance
_FUNCTIONS = 10_000  # keys of networks without a module start here
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

    def ids(self) -> set[int]:
        """Of the parameters it owns now."""
        return {id(p) for group in self.optimizer.param_groups for p in group["params"]}


@dataclass
class Tape:
    """What happened since the last cut, in order."""

    calls: list[Call] = field(default_factory=list)
    backwards: list[Backward] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    gradients: list[Any] = field(default_factory=list)  # nodes of those taken with a graph
    transformed: bool = False  # torch.func took one

    def __len__(self) -> int:
        return len(self.calls) + len(self.backwards) + len(self.steps)


class Recorder:
    """Hooks into torch while it is open; fills `tape` while `recording`.

    `on_step(owner)` is called after every optimiser step, recording or not. An error in here never
    reaches the script: it is kept in `errors`, and recording stops.
    """

    def __init__(self, root: Path, on_step: Callable[[Owner], None]) -> None:
        self.roots: tuple[str, ...] = (str(root),)  # of the user's own code
        self.on_step = on_step
        self.tape = Tape()
        self.recording = False
        self.networks: dict[Key, Network] = {}
        self.owners: list[Owner] = []
        self.errors: list[str] = []
        self.spent = 0.0  # seconds in here
        self.flow = Flow()
        self.flow.on_parameters = self._function_call
        self.flow.on_clamp = self._clamp
        self.clamped: dict[Key, float] = {}  # networks whose weights were clipped, and to what
        self.clamped_copies: set[Key] = set()  # of those, where copies of the weights were
        self.half_seen = False
        self._order = 0
        self._busy = 0  # above 0 while what torch is told comes from us
        self._kinds: dict[int, str] = {}  # id of a module -> "root", "plain", "layer", "through"
        self.divided: dict[int, nn.Module] = {}  # several optimisers own its parts
        self.fused: set[int] = set()  # ids of those that are one network all the same
        self.tails: dict[int, Network] = {}  # id of a module -> the network that it ends
        self._keys: dict[int, Key] = {}  # id of a module -> network
        self._made_networks = 0
        self._stack: list[nn.Module] = []
        self._compiles = False
        self._penalising = False  # while a gradient is taken that is no player's
        self._closure = False
        self._aside = -1  # modes above the flow while an optimiser steps; -1: it is not away
        self._undo: list[Callable[[], None]] = []
        self._module_hooks: list[Any] = []
        self._with_kwargs: dict[int, bool] = {}  # torch's own marks of them
        self._closed = False
        self._originals: Originals | None = None  # torch's, with our own around them

    # Opening and closing

    def open(self) -> None:
        """Notices optimisers and their steps from now on, and every backward."""
        self._closed = False
        for handle in (
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
        ):
            self._undo.append(handle.remove)
        self._wrap(Optimizer, "__init__", self._made)
        self._wrap(torch.autograd, "backward", self._backward)
        self._wrap(torch.autograd, "grad", self._grad)
        self._wrap(torch, "compile", self._compile)
        self._originals = self._originals or Originals()
        self.flow.original = self._originals.of

    def close(self) -> None:
        """Takes every hook away."""
        self.stop()
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        self._closed = True

    def _wrap(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        original = getattr(owner, name)

        called = functools.partial(around, original)

        @functools.wraps(original)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return called(*args, **kwargs)

        def undo() -> None:
            nonlocal called
            called = functools.partial(original)
            if getattr(owner, name) is wrapped:  # else the script has put its own around it
                setattr(owner, name, original)

        setattr(owner, name, wrapped)
        self._undo.append(undo)

    def start(self) -> None:
        """Records from now on, on an empty tape."""
        if self.recording or self._closed:
            return
        self.recording = True
        self._stack.clear()
        self._hook_modules()
        push(self.flow)

    def stop(self) -> None:
        """Records no more."""
        if not self.recording:
            return
        self.recording = False
        self._unhook_modules()
        remove(self.flow)
        self._aside = -1
        self._stack.clear()
        self.flow.quiet = 0

    def _hook_modules(self) -> None:
        # Global ones: hooks on a module would be copied and pickled with it.
        self._with_kwargs = getattr(nn.modules.module, "_global_forward_hooks_with_kwargs", {})
        self._module_hooks = [
            nn.modules.module.register_module_forward_pre_hook(self._before_forward),
            nn.modules.module.register_module_forward_hook(
                self._after_forward, with_kwargs=True, always_call=True
            ),
        ]

    def _unhook_modules(self) -> None:
        for hook in self._module_hooks:
            hook.remove()
            # torch forgets this mark of a hook with keyword arguments.
            self._with_kwargs.pop(hook.id, None)
        self._module_hooks = []

    def _compile(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        """From the first compiled module on, passes of compiled ones are recorded from outside."""
        compiled = original(*args, **kwargs)
        if not self._compiles:
            from torch._dynamo.eval_frame import OptimizedModule

            self._compiles = True
            self._wrap(OptimizedModule, "__call__", self._compiled_call)
        return compiled

    def _compiled_call(self, original: Any, module: nn.Module, *args: Any, **kwargs: Any) -> Any:
        """A compiler must see neither the flow nor a hook: both are away meanwhile."""
        if not self.recording or self._stack or self._busy:
            return original(module, *args, **kwargs)
        above = remove(self.flow)
        self._unhook_modules()
        try:
            out = original(module, *args, **kwargs)
        finally:
            self._hook_modules()
            put_back(self.flow, above)
        with self.looking():
            self._record(module, args, kwargs, out, None)
        return out

    def cut(self) -> Tape:
        """The tape so far; a new one begins."""
        tape, self.tape = self.tape, Tape()
        return tape

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Our own work: not followed, timed, and no error of it gets out."""
        started = time.perf_counter()
        self.flow.quiet += 1
        self._busy += 1
        try:
            with torch._C.DisableTorchFunction(), self._unseen():
                yield
        except Exception as error:  # the script must go on whatever happens in here
            self.errors.append(f"{type(error).__name__}: {error}")
            if len(self.errors) > 20:
                self.stop()
        finally:
            self.flow.quiet = max(0, self.flow.quiet - 1)
            self._busy -= 1
            self.spent += time.perf_counter() - started

    def _unseen(self) -> contextlib.AbstractContextManager[object]:
        """What the script has put around torch's functions is not for our own work."""
        if self._busy > 1 or self._originals is None:
            return contextlib.nullcontext()
        stack = contextlib.ExitStack()
        stack.enter_context(self._originals.back())
        if torch._C._len_torch_dispatch_stack():
            stack.enter_context(no_modes())
        return stack

    # Optimisers

    def _made(self, original: Any, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
        out = original(optimizer, *args, **kwargs)
        if not self._busy and not any(owner.optimizer is optimizer for owner in self.owners):
            self.adopt(optimizer)
        return out

    def adopt(self, optimizer: Optimizer) -> Owner:
        """Takes note of an optimiser."""
        owner = Owner(len(self.owners), optimizer, self.here())
        self.owners.append(owner)
        self._kinds.clear()  # who owns what has changed
        for each in owner.ids():
            self.flow.owned.setdefault(each, _FUNCTIONS + owner.number)
        return owner

    def owner(self, optimizer: Optimizer) -> Owner:
        """Ours for that optimiser; takes note of one that was made before we looked."""
        for owner in self.owners:
            if owner.optimizer is optimizer:
                return owner
        return self.adopt(optimizer)

    def _before_step(self, optimizer: Optimizer, args: Any = (), kwargs: Any = None) -> None:
        if not self.recording or self._busy:
            return
        closures = [*args, *(kwargs or {}).values()]
        self._closure = any(callable(each) for each in closures)
        if self._closure:  # forward and backward happen inside the step
            return
        self._note_step(optimizer)
        self._aside = remove(self.flow)  # what happens in there is arithmetic on weights

    def _note_step(self, optimizer: Optimizer) -> None:
        with self.looking(), torch.no_grad():
            owner = self.owner(optimizer)
            owned = owner.ids()
            norms = {}
            for key, network in self.networks.items():
                grads = [
                    p.grad for p in network.parameters if id(p) in owned and p.grad is not None
                ]
                if grads:
                    norms[key] = torch.stack([g.detach().norm() for g in grads]).norm().item()
            self.tape.steps.append(Step(self._next(), owner.number, norms, self.here()))

    def _after_step(self, optimizer: Optimizer, *_: Any) -> None:
        if self._busy:
            return
        if self._closure:
            self._closure = False
            if self.recording:
                self._note_step(optimizer)
        elif self._aside >= 0:
            put_back(self.flow, self._aside)
            self._aside = -1
        owner = self.owner(optimizer)
        owner.steps += 1
        self.flow.steps += 1
        self.on_step(owner)

    # Networks

    def network_of(self, module: nn.Module) -> Network:
        """The network of a module, made at first sight."""
        key = self._keys.get(id(module))
        if key is None:
            key = self._made_networks
            self._made_networks += 1
            parameters: list[Tensor] = list(module.parameters())
            self.networks[key] = Network(
                key, module, parameters, type(module).__name__, self.here()
            )
            self._keys[id(module)] = key
        return self.networks[key]

    def forget(self, network: Network) -> None:
        """It is part of another one."""
        self.networks.pop(network.key, None)
        for piece in network.pieces[:1]:
            self._keys.pop(id(piece), None)
        self._kinds.clear()

    def _kind(self, module: nn.Module) -> str:
        found = self._kinds.get(id(module))
        if found is None:
            found = self._kinds[id(module)] = self._looked_at(module)
        return found

    def _looked_at(self, module: nn.Module) -> str:
        ids = {id(p) for p in module.parameters()}
        if not ids:
            return "plain"
        home = type(module).__module__
        if home.startswith("torch.nn.utils"):  # a parametrisation runs when it is made
            return "layer"
        if home.startswith("torch.nn") and not isinstance(module, _CONTAINERS):
            return "layer"
        groups = [owner.ids() & ids for owner in self.owners]
        sets = {frozenset(n for n, g in enumerate(groups) if i in g) for i in ids} - {frozenset()}
        if id(module) in self.fused:
            return "root"
        if len(sets) > 1:
            self.divided[id(module)] = module
            return "through"
        inner = {id(child) for child in module.modules() if child is not module}
        nested = sum(id(n.module) in inner for n in self.networks.values() if n.module is not None)
        return "through" if nested > 1 else "root"

    def _before_forward(self, module: nn.Module, _: Any) -> None:
        if self._stack or self._busy or transforming():
            return
        kind = self._kind(module)
        if kind == "root":
            self._stack.append(module)
            self.flow.quiet += 1
            known = self._keys.get(id(module))
            young = known is None or self.networks[known].passes < 3
            self.flow.inside = set() if young else None

    def _after_forward(self, module: nn.Module, args: Any, *rest: Any) -> None:
        # After an exception torch leaves the keyword arguments out.
        kwargs, out = (rest[0] if len(rest) > 1 else {}), rest[-1]
        if not self._stack or self._stack[-1] is not module:
            return
        self._stack.pop()
        self.flow.quiet = max(0, self.flow.quiet - 1)
        used, self.flow.inside = self.flow.inside, None
        with self.looking():
            self._record(module, args, kwargs, out, used)

    def _record(
        self, module: nn.Module, args: Any, kwargs: Any, out: Any, used: set[str] | None
    ) -> None:
        outputs = [t for t in tensors_in((out,)) if t.is_floating_point()]
        inputs = [*tensors_in(args), *tensors_in(kwargs.values())]
        if outputs and id(module) in self.tails:
            self._goes_on(self.tails[id(module)], inputs, outputs)
            return
        network = self.network_of(module)
        network.passes += 1
        network.functions |= used or set()
        if outputs:
            self._call(network.key, inputs, outputs, module.training)

    def _call(self, key: Key, inputs: list[Tensor], outputs: list[Tensor], training: bool) -> Call:
        call = Call(
            network=key,
            order=self._next(),
            inputs=[tensor.detach() for tensor in inputs],
            origins=[self._origin(tensor, key) for tensor in inputs],
            outputs=outputs,
            graded=torch.is_grad_enabled(),
            training=training,
            where=self.here(),
            live=any(p.requires_grad for p in self.networks[key].parameters),
            attached=tuple(tensor.requires_grad for tensor in inputs),
            steps=self.flow.steps,
        )
        self.half_seen |= any(tensor.dtype is torch.float16 for tensor in outputs)
        for tensor in outputs:
            self.flow.mark(tensor, key)
            self._watch(tensor, call)
        self.tape.calls.append(call)
        return call

    def _goes_on(self, network: Network, inputs: list[Tensor], outputs: list[Tensor]) -> None:
        """A network's pass goes on in a module of its own, which takes some of its outputs."""
        taken = {tensor.data_ptr() for tensor in inputs}
        calls = [call for call in self.tape.calls if call.network == network.key]
        fitting = [call for call in calls if taken & (call.handed | places(call.outputs))]
        if not calls:
            return
        call = (fitting or calls)[-1]
        used = taken & places(call.outputs)
        call.handed |= used
        call.outputs = [t for t in call.outputs if t.data_ptr() not in used] + outputs
        for tensor in outputs:
            self.flow.mark(tensor, network.key)
            self._watch(tensor, call)

    def _origin(self, tensor: Tensor, key: Key) -> Origin:
        """Where an input comes from; one that left torch's functions is known by its values."""
        origin = self.flow.origin(tensor)
        if origin.networks or not tensor.is_floating_point() or tensor.numel() < _FEW:
            return origin
        for call in reversed(self.tape.calls):
            if call.network != key and any(same_values(tensor, out) for out in call.outputs):
                self.flow.mark(tensor, call.network)
                return self.flow.origin(tensor)
        return origin

    def _watch(self, tensor: Tensor, call: Call) -> None:
        """Notes the gradient that reaches a network's output."""
        if not tensor.requires_grad:
            return
        tape = self.tape
        before = len(tape.backwards)

        def take(grad: Tensor) -> None:
            # Without a backward pass since this output was made, a penalty asks for its gradient.
            begun = len(tape.backwards) > before and not self._penalising
            if begun and self.tape is tape and tensor is call.output:
                with self.looking():
                    call.grads.append((tape.backwards[-1].order, grad.detach().clone()))

        take.__torch_unserializable__ = True  # type: ignore[attr-defined] # else saving it warns
        tensor.register_hook(take)

    def _clamp(self, tensor: Tensor, bounds: list[Any], in_place: bool) -> None:
        """Notes whose weights are clipped: they share their memory with the tensor."""
        with self.looking():
            place = tensor.data_ptr()
            for key, network in self.networks.items():
                if any(p.data_ptr() == place for p in network.parameters):
                    sizes = [abs(b) for b in bounds if isinstance(b, int | float)]
                    self.clamped[key] = max(sizes, default=0.0)
                    if in_place:
                        self.clamped_copies.discard(key)
                    else:
                        self.clamped_copies.add(key)

    def _function_call(self, key: Key, x: Tensor, out: Tensor) -> None:
        """A parameter was used outside of every module: a new pass, or the last one goes on."""
        with self.looking():
            if key not in self.networks:
                owner = self.owners[key - _FUNCTIONS]
                parameters = [p for g in owner.optimizer.param_groups for p in g["params"]]
                name = f"the parameters of optimiser {owner.number + 1}"
                self.networks[key] = Network(key, None, parameters, name, owner.where)
            last = next((c for c in reversed(self.tape.calls) if c.network == key), None)
            if last is not None and key in self.flow.origin(x).networks:
                last.outputs = [out]
                self._watch(out, last)
            else:
                self._call(key, [x], [out], training=True)

    # Backward

    def _backward(self, original: Any, tensors: Any, *args: Any, **kwargs: Any) -> Any:
        watched = self.recording and not self._busy and not transforming()
        if watched and isinstance(tensors, Tensor):
            with self.looking():
                wanted = kwargs.get("inputs")
                leaves = None if wanted is None else {id(t) for t in tensors_in((wanted,))}
                self.tape.backwards.append(self._read(tensors, leaves))
        return original(tensors, *args, **kwargs)

    def _read(self, loss: Tensor, wanted: set[int] | None = None) -> Backward:
        """What the loss reaches; with `wanted` gradients are taken for those leaves alone."""
        outputs: dict[Any, int] = {}
        for number, call in enumerate(self.tape.calls):
            if call.output.grad_fn is not None:  # further heads have losses of their own
                outputs[call.output.grad_fn] = number
        reading = graph.read(loss, outputs, self.tape.gradients)
        moved = set().union(*(owner.ids() for owner in self.owners), set())
        owned = moved.union(*(network.ids for network in self.networks.values()))
        reading.orphans = {i: n for i, n in reading.orphans.items() if i not in owned}
        before, reached = {}, {}
        leaves = reading.leaves if wanted is None else reading.leaves & wanted
        for key, network in self.networks.items():
            reached[key] = sum(id(p) in leaves for p in network.parameters)
            before[key] = _state([p for p in network.parameters if id(p) in moved])
        value = loss.detach().clone()
        return Backward(self._next(), value, reading, reached, before, self.here())

    def _grad(self, original: Any, outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.recording or self._busy:
            return original(outputs, inputs, *args, **kwargs)
        if transforming():
            self.tape.transformed = True
            return original(outputs, inputs, *args, **kwargs)
        with self.looking():
            wanted = {id(tensor) for tensor in tensors_in((inputs,))}
            if wanted & self.flow.owned.keys() and isinstance(outputs, Tensor):
                self._note_direct(outputs, wanted)
                return original(outputs, inputs, *args, **kwargs)
            pointers = {t.data_ptr() for t in tensors_in((inputs,))}
            scores = {id(tensor) for tensor in tensors_in((outputs,))}
            for call in self.tape.calls:
                same = any(id(t) in wanted or t.data_ptr() in pointers for t in call.inputs)
                if same or scores & {id(t) for t in call.outputs}:
                    call.penalised = True
        self._penalising = True
        try:
            found = original(outputs, inputs, *args, **kwargs)
        finally:
            self._penalising = False
        nodes = [t.grad_fn for t in tensors_in((found,)) if t.grad_fn is not None]
        self.tape.gradients.extend(nodes)
        return found

    def _note_direct(self, loss: Tensor, wanted: set[int]) -> None:
        """A loss whose gradients the script puts into its parameters by itself."""
        backward = self._read(loss, wanted)
        backward.grads_before = dict.fromkeys(backward.grads_before, "none")  # nothing adds up
        self.tape.backwards.append(backward)

    # Small things

    def _next(self) -> int:
        self._order += 1
        return self._order

    def here(self) -> Location | None:
        """The innermost line of the user's own code that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if is_users(name, self.roots):
                return Location(os.path.normpath(name), frame.f_lineno)
            frame = frame.f_back  # type: ignore[assignment]
        return None


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
