"""Signs: D should pull D(x) and D(G(z)) apart, and G should pull D(G(z)) towards D(x)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ganlab.causes.history import History
from ganlab.causes.looks import sign
from ganlab.causes.specimen import looks
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace

_NAMES = {1: "up", -1: "down", 0: "nowhere in particular"}
_APART = 0.2  # targets that differ by more say where a loss pulls
_CHECKED = "Signs are those of the gradient at D's output, so any form of the loss is covered."


class Pulls(NamedTuple):
    """Where each loss pulls D's output: 1 up, -1 down, 0 not clear."""

    d_real: int
    d_fake: int
    g_fake: int

    def __str__(self) -> str:
        return (
            f"D's loss pulls D(x) {_NAMES[self.d_real]} and D(G(z)) {_NAMES[self.d_fake]}; G's "
            f"loss pulls D(G(z)) {_NAMES[self.g_fake]}."
        )


def misdirected(history: History, rounds: int) -> Suspect | None:
    """What is wrong with the signs, under whichever of the three names it has."""
    if len(history.rounds) < rounds or _shared(history) or not _scored(history):
        return None
    pulls = Pulls(*(_direction(history, name) for name in ("d real", "d fake", "g fake")))
    if not (pulls.d_real and pulls.d_fake):
        return None
    if pulls.d_real == pulls.d_fake:
        return _one_way(history, pulls)
    return _agreed(history, pulls) if pulls.g_fake == pulls.d_fake else None


def _shared(history: History) -> bool:
    """Whether the same optimisers step both players."""
    owners = history.made_of.owners
    return bool(owners["d"]) and set(owners["d"]) == set(owners["g"])


def _scored(history: History) -> bool:
    """Whether D gave each sample a score in every round, and one target to all of them."""
    energy = _energy(history)
    return all((seen.score or energy) and not seen.targets_differ for seen in history.rounds)


def _one_way(history: History, pulls: Pulls) -> Suspect:
    return Suspect(
        _of_d(history),
        0.95,
        (*_seen(history, pulls), "Both go the same way: D is not taught to tell them apart."),
        fix="Give the two terms of D's loss opposite signs (or targets): real up, fake down.",
        location=history.where("d loss formula", "d loss"),
        checked=_CHECKED,
        source=_source(history),
    )


def _agreed(history: History, pulls: Pulls) -> Suspect:
    flipped = pulls.d_real < 0
    side = "d" if flipped else "g"
    return Suspect(
        _of_d(history) if flipped else "generator-sign",
        0.94,
        (
            *_seen(history, pulls),
            "G pulls where D pulls as well: they agree, and there is no game.",
        ),
        fix="D's targets are swapped: real has to be 1 and fake 0 where G aims at 1."
        if flipped
        else "G has to pull D(G(z)) the other way: use the real label in G's loss (or flip its "
        "sign).",
        location=history.where(f"{side} loss formula", f"{side} loss"),
        checked="Swapped labels used consistently by both players would be harmless; here only one "
        "uses them.",
        source=_source(history),
    )


def _of_d(history: History) -> str:
    """The name of a wrong sign in D's loss."""
    critic = _energy(history) or history.loss in ("wgan", "wgan_gp", "hinge")
    return "critic-sign" if critic else "swapped-labels"


def _source(history: History) -> str:
    if _energy(history):
        return "Zhao et al. 2017 (arXiv:1609.03126)"
    return "Goodfellow et al. 2014 (arXiv:1406.2661)"


def _seen(history: History, pulls: Pulls) -> tuple[str, ...]:
    if _energy(history):
        return (
            str(pulls),
            "D reconstructs: a sample's score is its error with the sign turned.",
        )
    return (str(pulls), *_targets(history))


def _targets(history: History) -> Iterator[str]:
    found = [
        f"{label} {value:.2g}"
        for name, label in (("d real", "real"), ("d fake", "fake"), ("g fake", "G's"))
        if (value := history.target(name)) is not None
    ]
    if found:
        yield f"Targets seen: {', '.join(found)}."


def _energy(history: History) -> bool:
    """Whether D is an autoencoder, scored by its error."""
    return any(seen.energy for seen in history.rounds)


def _direction(history: History, name: str) -> int:
    told = 0 if _energy(history) else _by_targets(history, name)
    return told or sign(seen.pulls[name] for seen in history.early if name in seen.pulls)


def _by_targets(history: History, name: str) -> int:
    """Where the targets say that a loss pulls; 0 where they do not tell.

    A smoothed or least-squares target turns the gradient round once D has passed it.
    """
    real, fake = history.target("d real"), history.target("d fake")
    if real is None or fake is None:
        return 0
    up = 1 if real > fake else -1
    if name != "g fake":
        return up * (1 if name == "d real" else -1) if abs(real - fake) > _APART else 0
    target = history.target("g fake")
    if history.loss != "least_squares" or target is None or real == fake:
        return 0
    return up * (1 if abs(target - real) < abs(target - fake) else -1)


def pulling(d_real: float, d_fake: float, g_fake: float, **seen: Any) -> tuple[Trace, ...]:
    """Twelve rounds in which the losses pulled so."""
    pulls = {"d real": d_real, "d fake": d_fake, "g fake": g_fake}
    return looks(pulls=pulls, **seen)
