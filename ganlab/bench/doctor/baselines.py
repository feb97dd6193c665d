"""Two general training debuggers on the same scripts: torchmortem 0.1.1 and torch-audit 0.3.0.

Neither finds networks by itself, so this wrapper does it for them: it hooks the optimisers, looks
for the modules that own their parameters, and attaches one tool to each. Run as a program,
`python -m ganlab.bench.doctor.baselines TOOL STEPS OUT.json SCRIPT`, it runs SCRIPT until STEPS
optimiser steps have passed and writes what the tool found. Both are optional:
`pip install --target DIR torchmortem==0.1.1 torch-audit==0.3.0`, with DIR in PYTHONPATH, will do.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from ganlab.bench.doctor.phrases import Said

TOOLS = {"torchmortem": "torchmortem", "torch-audit": "torch_audit"}  # name: module
# Optimiser steps that each watches, of all optimisers together: as many as seconds allow.
STEPS = {"torchmortem": 200, "torch-audit": 40}
_SETTLED = 12  # optimiser steps after which whoever steps at all has stepped


def installed() -> tuple[str, ...]:
    """The tools that can be imported here."""
    return tuple(name for name, module in TOOLS.items() if importlib.util.find_spec(module))


class Tool(Protocol):
    """One debugger on one network."""

    def step(self, loss: float | None) -> None:
        """After each step of the network's optimiser."""

    def findings(self) -> list[str]:
        """Everything it says above mere information."""


class Mortem:
    """torchmortem with its own defaults."""

    def __init__(self, network: nn.Module, optimizer: Optimizer | None) -> None:
        from torchmortem import Autopsy

        self._autopsy = Autopsy(network, optimizer=optimizer)
        self._autopsy.attach()

    def step(self, loss: float | None) -> None:
        """Hands the last loss on."""
        self._autopsy.step(**({} if loss is None else {"loss": loss}))

    def findings(self) -> list[str]:
        """Critical findings and warnings, and the insights."""
        self._autopsy.detach()
        report = self._autopsy.get_report()
        if report is None:
            return []
        told = [f for f in report.findings if f.severity.name in {"CRITICAL", "WARNING"}]
        return [f"{item.title}: {item.summary}" for item in [*told, *report.insights]]


class Audit:
    """torch-audit's zero-touch mode, looking every tenth step instead of every thousandth."""

    def __init__(self, network: nn.Module, optimizer: Optimizer | None) -> None:
        from torch_audit import autopatch

        self._auditor = autopatch(
            network,
            optimizer=optimizer,
            every_n_steps=10,
            reporters=[],
            suppress_internal_errors=True,
        )

    def step(self, loss: float | None) -> None:
        """Nothing: it has patched the optimiser."""

    def findings(self) -> list[str]:
        """Warnings and errors, without those about speed (TA2xx)."""
        result = self._auditor.finish(report=False)
        rules = {rule: result.rules[rule].title for rule in result.rules}
        return [
            f"{finding.rule_id} {rules.get(finding.rule_id, '')}: {finding.message}"
            for finding in result.findings
            if finding.severity.name != "INFO" and not finding.rule_id.startswith("TA2")
        ]


_MAKERS: Mapping[str, type[Mortem] | type[Audit]] = {"torchmortem": Mortem, "torch-audit": Audit}


class _EnoughError(BaseException):
    """Ends the script; no `except Exception` of its own can hold it."""


def owner(parameters: Sequence[nn.Parameter], modules: Sequence[nn.Module]) -> nn.Module | None:
    """The smallest module that holds all the parameters."""
    wanted = {id(parameter) for parameter in parameters}
    holders = [
        (len(held), module)
        for module in modules
        if wanted <= (held := {id(parameter) for parameter in module.parameters()})
    ]
    return min(holders, key=lambda holder: holder[0])[1] if holders else None


def roots(modules: Sequence[nn.Module]) -> list[nn.Module]:
    """Modules with parameters that are no part of another module."""
    inside = {id(child) for module in modules for child in module.modules() if child is not module}
    return [m for m in modules if id(m) not in inside and any(True for _ in m.parameters())]


def _modules() -> list[nn.Module]:
    return [thing for thing in gc.get_objects() if issubclass(type(thing), nn.Module)]


class Attachments:
    """Attaches the tool when an optimiser steps for the first time, and counts steps."""

    def __init__(self, tool: str, steps: int) -> None:
        self._make, self._left = _MAKERS[tool], steps
        self._tools: dict[int, tuple[str, Tool]] = {}  # by the network's id
        self._networks: dict[int, int] = {}  # its id, by the optimiser's
        self._loss: float | None = None
        self._calls = 0

    def saw_loss(self, loss: Tensor) -> None:
        """The loss whose backward came last."""
        self._loss = float(loss.detach()) if loss.numel() == 1 else None

    def before(self, optimizer: Optimizer) -> None:
        """Finds and attaches what this optimiser moves, and what nobody moves."""
        self._calls += 1
        if id(optimizer) not in self._networks:
            moved = [p for group in optimizer.param_groups for p in group["params"]]
            network = owner(moved, _modules())
            self._networks[id(optimizer)] = id(network)
            if network is not None:
                self._attach(network, optimizer)
        if self._calls == _SETTLED:
            self._attach_the_unmoved()

    def _attach_the_unmoved(self) -> None:
        for root in roots(_modules()):
            if not any(self._holds(root, key) for key in self._tools):
                self._attach(root, None)

    def after(self, optimizer: Optimizer) -> None:
        """One step passed."""
        held = self._tools.get(self._networks.get(id(optimizer), 0))
        if held is not None:
            held[1].step(self._loss)
        self._left -= 1
        if self._left <= 0:
            raise _EnoughError

    def said(self, error: str = "") -> Said:
        """Everything the tools found; a tool that fails says so."""
        findings: list[str] = []
        for name, tool in self._tools.values():
            try:
                findings += [f"{name}: {finding}" for finding in tool.findings()]
            except Exception as failure:
                error = error or f"{name}: {failure!r}"
        return Said(len(self._tools), tuple(dict.fromkeys(findings)), error)

    def _attach(self, network: nn.Module, optimizer: Optimizer | None) -> None:
        if id(network) not in self._tools:
            self._tools[id(network)] = (type(network).__name__, self._make(network, optimizer))

    @staticmethod
    def _holds(root: nn.Module, key: int) -> bool:
        return any(id(module) == key for module in root.modules())


def watch(script: Path, tool: str, steps: int) -> Said:
    """Runs the script in this process under the tool."""
    attachments = Attachments(tool, steps)
    backward = torch.Tensor.backward

    def noticed(self: Tensor, *args: Any, **options: Any) -> None:
        attachments.saw_loss(self)
        backward(self, *args, **options)  # type: ignore[no-untyped-call]

    torch.Tensor.backward = noticed  # type: ignore[method-assign]
    hooks = [
        register_optimizer_step_pre_hook(lambda optimizer, *_: attachments.before(optimizer)),
        register_optimizer_step_post_hook(lambda optimizer, *_: attachments.after(optimizer)),
    ]
    error = ""
    try:
        runpy.run_path(str(script), run_name="__main__")
    except _EnoughError:
        pass
    except BaseException as failure:  # the script's own, whatever it is
        error = repr(failure)
    finally:
        torch.Tensor.backward = backward  # type: ignore[method-assign]
        for hook in hooks:
            hook.remove()
    return attachments.said(error)


def program(arguments: Sequence[str]) -> None:
    """TOOL STEPS OUT.json SCRIPT"""
    tool, steps, out, script = arguments
    sys.argv = [script]
    said = watch(Path(script), tool, int(steps))
    document = {"networks": said.networks, "findings": said.findings, "error": said.error}
    Path(out).write_text(json.dumps(document))


if __name__ == "__main__":
    program(sys.argv[1:])
