"""What the losses do with D's output: contract, targets, signs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.looks import sign
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace
from ganlab.doctor.words import suspicion

_LOGIT = frozenset({"bce_logits", "softplus"})
_ROUNDS = 3


def double_sigmoid(history: History) -> Iterator[Suspect]:
    """A sigmoid, then a loss on logits."""
    share, count = history.share(
        lambda seen: any(
            contract in _LOGIT and inner in ("Sigmoid", "Softmax")
            for pairs in seen.contracts.values()
            for contract, inner in pairs
        ),
        lambda seen: bool(seen.contracts),
    )
    if count < _ROUNDS or share < 0.8:
        return
    floor = history.median(lambda seen: seen.losses["g"][-1] if seen.losses.get("g") else None)
    yield suspicion(
        "double-sigmoid",
        0.97,
        (
            f"In {share:.0%} of {count} rounds a sigmoid lies between D's last layer and a loss "
            "that applies its own (BCEWithLogits, softplus or logsigmoid).",
            "Through two sigmoids G's loss can only lie in [0.313, 0.693]"
            + (f"; its median here is {floor:.3f}." if floor is not None else "."),
        ),
        "Remove nn.Sigmoid() from D and keep BCEWithLogitsLoss (or keep it and use BCELoss).",
        history.where("d loss", "g loss"),
        "The graph was read node by node, so an output that merely lies in [0, 1] is not enough.",
        "PyTorch, BCEWithLogitsLoss",
    )


def missing_sigmoid(history: History) -> Iterator[Suspect]:
    """Raw output into a logarithm or BCELoss."""

    def raw(seen: Trace) -> bool:
        found = [
            pair for pairs in seen.contracts.values() for pair in pairs if pair[0] in ("bce", "log")
        ]
        outside = [
            span for span in seen.outputs.values() if span.low < -1e-6 or span.high > 1 + 1e-6
        ]
        bare = any(inner == "" for _, inner in found)
        return bool(found) and bare and bool(outside) and not seen.probability

    share, count = history.share(raw, lambda seen: bool(seen.contracts))
    crashed = "between 0 and 1" in history.error
    if not crashed and (count < _ROUNDS or share < 0.6):
        return
    span = next((seen.outputs["real"] for seen in history.rounds if "real" in seen.outputs), None)
    reach = f" Its output lies in [{span.low:.3g}, {span.high:.3g}]." if span else ""
    yield suspicion(
        "missing-sigmoid",
        0.95,
        (
            "D's raw output goes into a loss that expects a probability." + reach,
            *((f"The script stopped with: {history.error}",) if crashed else ()),
        ),
        "End D in nn.Sigmoid(), or better use BCEWithLogitsLoss on the raw output.",
        history.where("d loss", "g loss"),
        "No sigmoid or softmax was found between D's last layer and the loss.",
        "mlpack PR #1813",
    )


def softmax_before_cross_entropy(history: History) -> Iterator[Suspect]:
    """Softmax, then a loss that takes its own logarithm of it, or none at all."""
    classes = [name for seen in history.rounds for name in seen.classes]
    twice = [name for name in classes if name in ("LogSoftmax<Softmax", "LogSoftmax<Sigmoid")]
    bare = [name for name in classes if name in ("Softmax", "Sigmoid")]
    found = twice or bare
    if not found or len(history.rounds) < _ROUNDS:
        return
    yield suspicion(
        "softmax-before-cross-entropy",
        0.92,
        (
            f"{len(found)} times a {'softmax' if 'Softmax' in found[0] else 'sigmoid'} output went "
            + ("into cross-entropy, which takes a softmax of its own."
               if twice else "into NLLLoss, which expects log-probabilities."),
            "With ten classes the loss cannot fall below 1.461.",
        ),
        "Remove the Softmax from the class head and keep CrossEntropyLoss.",
        history.where("d loss", "g loss"),
        "The graph was read node by node.",
        "PyTorch-GAN #84, PR #98",
    )  # fmt: skip


def bounded_critic(history: History) -> Iterator[Suspect]:
    """A Wasserstein loss on a sigmoid: bounded, and flat where D is sure."""
    pairs = history.contracts("d real") | history.contracts("d fake")
    linear = pairs and all(contract == "linear" for contract, _ in pairs)
    bounded = any(inner in ("Sigmoid", "Tanh") for _, inner in pairs) or any(
        seen.probability for seen in history.rounds
    )
    if not linear or not bounded or len(history.rounds) < _ROUNDS:
        return
    penalised = any(seen.penalties for seen in history.rounds)
    critic = penalised or _clips(history) or _n_critic(history) > 1
    evidence = (
        "D's loss is linear in its output (no logarithm, no target), and a sigmoid bounds that "
        "output to [0, 1].",
        *_flat(history),
    )
    fix = "Remove the sigmoid from the critic and use its raw score."
    yield suspicion(
        "sigmoid-critic",
        0.93 if critic else 0.72,
        evidence,
        fix,
        history.where("d loss"),
        "Penalty, clipping and several critic steps "
        + ("mark it as a Wasserstein critic." if critic else "were looked for: none was found."),
        "Arjovsky et al. 2017 (arXiv:1701.07875)",
    )
    if not critic:
        yield suspicion(
            "saturating-generator-loss",
            0.7,
            evidence,
            "Use a cross-entropy on logits: softplus(-D(G(z))) for G keeps its slope where D is "
            "sure.",
            history.where("g loss"),
            "The loss has no logarithm to undo the sigmoid's flat ends.",
            "leftthomas/SRGAN #31",
        )


def _flat(history: History) -> Iterator[str]:
    slope = history.median(lambda seen: seen.slopes.get("g fake"))
    if slope is not None:
        yield f"The slope of G's loss at D's logit is {slope:.3g} (median)."


def _clips(history: History) -> bool:
    clipped = history.made_of.discriminator.clipped
    return clipped or bool(history.answers.get("clip"))


def _n_critic(history: History) -> float:
    return history.median(lambda seen: float(seen.counts.get("d steps", 0))) or 1.0


def wrong_direction(history: History) -> Iterator[Suspect]:
    """Signs: D should pull D(x) and D(G(z)) apart, and G should pull D(G(z)) towards D(x)."""
    pulls = {name: _direction(history, name) for name in ("d real", "d fake", "g fake")}
    d_real, d_fake, g_fake = pulls["d real"], pulls["d fake"], pulls["g fake"]
    owners = history.made_of.owners
    shared = set(owners["d"]) == set(owners["g"]) and owners["d"]
    energy = _energy(history)
    scored = all((seen.score or energy) and not seen.targets_differ for seen in history.rounds)
    if shared or not scored or len(history.rounds) < _ROUNDS:
        return
    critic = energy or history.loss in ("wgan", "wgan_gp", "hinge")
    names = {1: "up", -1: "down", 0: "nowhere in particular"}
    seen = (
        f"D's loss pulls D(x) {names[d_real]} and D(G(z)) {names[d_fake]}; G's loss pulls D(G(z)) "
        f"{names[g_fake]}.",
        *(("D reconstructs: a sample's score is its error with the sign turned.",) if energy
          else _targets(history)),
    )  # fmt: skip
    source = (
        "Zhao et al. 2017 (arXiv:1609.03126)"
        if energy
        else "Goodfellow et al. 2014 (arXiv:1406.2661)"
    )
    if d_real and d_fake and d_real == d_fake:
        slug = "critic-sign" if critic else "swapped-labels"
        yield suspicion(
            slug,
            0.95,
            (*seen, "Both go the same way: D is not taught to tell them apart."),
            "Give the two terms of D's loss opposite signs (or targets): real up, fake down.",
            history.where("d loss"),
            "Signs are those of the gradient at D's output, so any form of the loss is covered.",
            source,
        )
    elif d_real and d_fake and g_fake and g_fake == d_fake:
        flipped = d_real < 0
        slug = ("critic-sign" if critic else "swapped-labels") if flipped else "generator-sign"
        yield suspicion(
            slug,
            0.94,
            (*seen, "G pulls where D pulls as well: they agree, and there is no game."),
            "D's targets are swapped: real has to be 1 and fake 0 where G aims at 1."
            if flipped
            else "G has to pull D(G(z)) the other way: use the real label in G's loss "
            "(or flip its sign).",
            history.where("d loss" if flipped else "g loss"),
            "Swapped labels used consistently by both players would be harmless; here only one "
            "uses them.",
            source,
        )


def _energy(history: History) -> bool:
    """Whether D is an autoencoder, scored by its error."""
    return any(seen.energy for seen in history.rounds)


def _direction(history: History, name: str) -> int:
    values = [seen.pulls[name] for seen in history.early if name in seen.pulls]
    if _energy(history):
        return sign(values)
    if name == "d real" or name == "d fake":
        # A smoothed or least-squares target turns the gradient round once D has passed it.
        targets = {each: history.target(each) for each in ("d real", "d fake")}
        real, fake = targets["d real"], targets["d fake"]
        if real is not None and fake is not None and abs(real - fake) > 0.2:
            return (1 if real > fake else -1) * (1 if name == "d real" else -1)
    if name == "g fake" and history.loss == "least_squares":
        target = history.target("g fake")
        real = history.target("d real")
        fake = history.target("d fake")
        if target is not None and real is not None and fake is not None and real != fake:
            nearer = abs(target - real) < abs(target - fake)
            return (1 if real > fake else -1) * (1 if nearer else -1)
    return sign(values)


def _targets(history: History) -> Iterator[str]:
    found = [
        f"{label} {value:.2g}"
        for name, label in (("d real", "real"), ("d fake", "fake"), ("g fake", "G's"))
        if (value := history.target(name)) is not None
    ]
    if found:
        yield f"Targets seen: {', '.join(found)}."


def target_broadcast(history: History) -> Iterator[Suspect]:
    """[B] against [B, 1]: a B x B table."""
    share, count = history.share(lambda seen: seen.batch_wide, lambda seen: bool(seen.contracts))
    if count < _ROUNDS or share < 0.5:
        return
    shape = next(
        shape
        for seen in history.rounds
        if seen.batch_wide
        for shapes in seen.shapes.values()
        for shape in shapes
        if len(shape) == 2 and shape[0] == shape[1]
    )
    harms = any(seen.targets_differ for seen in history.rounds)
    yield suspicion(
        "target-broadcast",
        0.95,
        (
            f"The loss compared a table of {shape[0]} x {shape[1]} numbers, where D made "
            f"{shape[0]} outputs: [B] met [B, 1] and was broadcast.",
            "Every output is pulled to every target, so D can only learn their mean."
            if harms
            else "All targets of a batch were equal, so the mean over the table is still right.",
        ),
        "Give both one shape: D(x).view(-1) against target [B], or target.unsqueeze(1).",
        history.where("d loss", "g loss"),
        "D's output has one number a sample, so no table was meant.",
        harm="certain" if harms else "none",
    )


def saturating(history: History) -> Iterator[Suspect]:
    """G's loss is flat where D is sure, and D is sure."""
    if history.loss not in ("saturating", "non_saturating") or len(history.rounds) < 8:
        return
    opinions = history.values(_opinion, 30)
    if len(opinions) < 6:
        return
    flat = sum(opinion < 0.02 for opinion in opinions) / len(opinions)
    if history.loss == "saturating" and flat >= 0.6 and "clamp-death" not in history.symptoms:
        yield suspicion(
            "saturating-generator-loss",
            0.88,
            (
                "G's loss falls with log(1 - D(G(z))), whose slope at D's logit is D(G(z)): "
                f"below 0.02 in {flat:.0%} of {len(opinions)} rounds, as D is sure of the fakes.",
            ),
            "Use the non-saturating loss for G: -log D(G(z)), that is BCE with the real label.",
            history.where("g loss"),
            "With the same loss and an unsure D the slope would be 0.1 to 0.5; it is D's "
            "certainty that makes it harmful.",
            "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
            harm="likely",
        )
    elif history.loss == "saturating" and history.falls_short():
        slope = statistics.median(opinions)
        yield suspicion(
            "saturating-generator-loss",
            0.7,
            (
                f"G's loss falls with log(1 - D(G(z))): its slope at D's logit is D(G(z)), here "
                f"{slope:.2g} (median of {len(opinions)} rounds) where -log D(G(z)) would have "
                f"{1 - slope:.2g}.",
                f"After {history.updates} updates the samples do not fit the data.",
            ),
            "Use the non-saturating loss for G: -log D(G(z)), that is BCE with the real label.",
            history.where("g loss"),
            "The same loss in a pair whose samples are good would be a note at most.",
            "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
            harm="likely",
        )


def _opinion(seen: Trace) -> float | None:
    """D(G(z)) as a probability, in G's step."""
    span = seen.outputs.get("g fake")
    if span is None:
        return None
    return span.mean if seen.probability else 1 / (1 + math.exp(-max(-60, min(60, span.mean))))


RULES = (
    double_sigmoid,
    missing_sigmoid,
    softmax_before_cross_entropy,
    bounded_critic,
    wrong_direction,
    target_broadcast,
    saturating,
)
