"""Histories that specify a cause; tests ask the cause about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ganlab.causes.build import Build, Layer, Network, Optimiser
from ganlab.causes.history import History
from ganlab.causes.suspect import Harm
from ganlab.causes.trace import Player, Trace
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts


@dataclass(frozen=True)
class Specimen:
    """One history and what a cause has to say of it."""

    title: str
    history: History
    confidence: float = 0.0  # with which the cause is named; 0: not at all
    harm: Harm = "certain"


ADAM: Facts = {"optimizer_d": "adam", "optimizer_g": "adam", "lr_d": 2e-4, "lr_g": 2e-4}
G = Network("netG (Generator)", tensors=4, numbers=1000, trained_numbers=1000)
D = Network("netD (Discriminator)", tensors=4, numbers=1000, trained_numbers=1000)
_TRAINERS = tuple(
    Optimiser(number, "Adam", None, 100, 2e-4, 0.5, 4 * (number == 0), 4 * (number == 1))
    for number in (0, 1)
)


def told(facts: Facts, *symptoms: Symptom, **more: Any) -> History:
    """A run of the lab with these settings and these failures."""
    return History(tuple(map(failure, symptoms)), ADAM | facts, **more)


def failure(symptom: Symptom) -> Finding:
    """A finding that stands since step 500."""
    proof = (Evidence("x", 1.0, ">", 0.5),)
    return Finding(symptom, Severity.FAILURE, 500, "It stands.", proof)


def script(
    *symptoms: Symptom, g: Network = G, d: Network = D, half: bool = False, **more: Any
) -> History:
    """A script with these networks, one Adam for each, and these failures."""
    build = Build(g, d, _TRAINERS, {"g": [0], "d": [1]}, half)
    known: dict[str, Any] = {"updates": 300, "rounds": looks(), **more}
    return History(tuple(map(failure, symptoms)), build=build, **known)


def trained(
    history: History,
    *,
    d: float = 2e-4,
    g: float = 2e-4,
    rule: str = "Adam",
    rule_d: str = "",
    momentum: float = 0.5,
) -> History:
    """The script with these learning rates, rules and momenta of its optimisers."""
    of_g, of_d = (replace(each, rule=rule, momentum=momentum) for each in _TRAINERS)
    trainers = (replace(of_g, rate=g), replace(of_d, rate=d, rule=rule_d or rule))
    return replace(history, build=replace(history.made_of, optimisers=trainers))


def stepped(history: History, *, g: int, d: int) -> History:
    """The script after so many steps of its optimisers."""
    of_g, of_d = history.made_of.optimisers
    trainers = (replace(of_g, steps=g), replace(of_d, steps=d))
    return replace(history, build=replace(history.made_of, optimisers=trainers))


def owning(history: History, *tensors: tuple[int, int]) -> History:
    """The script with optimisers that own so many tensors of G and of D."""
    trainers = tuple(
        replace(_TRAINERS[0], number=number, of_g=of_g, of_d=of_d)
        for number, (of_g, of_d) in enumerate(tensors)
    )
    owners: dict[Player, list[int]] = {
        "g": [each.number for each in trainers if each.of_g],
        "d": [each.number for each in trainers if each.of_d],
    }
    return replace(history, build=replace(history.made_of, optimisers=trainers, owners=owners))


def looks(count: int = 12, **seen: Any) -> tuple[Trace, ...]:
    """So many rounds that all showed the same."""
    return tuple(Trace(number, **seen) for number in range(1, count + 1))


def normalised(network: Network, *, training: bool = True, eps: float = 1e-5) -> Network:
    """The network with two batch-norm layers."""
    return replace(network, layers=(Layer("batch-norm", training, eps),) * 2)
