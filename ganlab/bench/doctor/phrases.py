"""What a general debugger said of a script, and whether that names a cause. Runs none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# A tool names a cause when one of its findings holds one of these, in lower case. Generous on
# purpose: the phrase need not be the cause's own word if it sends the reader to the right place.
PHRASES: Mapping[str, tuple[str, ...]] = {
    "range-mismatch": ("input values range", "data range"),
    "too-few-images": ("overfit", "memoris", "memoriz"),
    "latent-too-small": ("latent", "noise dimension"),
    "fixed-noise": ("same input", "constant input", "flat/empty", "fixed noise"),
    "latent-mismatch": ("noise distribution", "prior"),
    "constant-condition": ("constant input", "flat/empty", "condition"),
    "double-sigmoid": ("double sigmoid", "sigmoid twice", "expects logits"),
    "missing-sigmoid": ("nan or inf", "logits", "missing sigmoid", "training divergence"),
    "softmax-before-cross-entropy": ("softmax",),
    "sigmoid-critic": ("sigmoid", "bounded output"),
    "saturating-generator-loss": ("vanishing gradients", "saturating loss"),
    "swapped-labels": ("label",),
    "generator-sign": ("sign", "wrong direction", "maximis", "maximiz"),
    "critic-sign": ("sign", "wrong direction"),
    "target-broadcast": ("broadcast", "shape mismatch", "target shape"),
    "generator-detached": ("no gradients", "no grad"),
    "discriminator-not-stepped": ("never stepped", "not updated", "stagnant weight"),
    "generator-not-stepped": ("never stepped", "not updated", "stagnant weight"),
    "optimizer-wrong-parameters": ("not in optimizer", "not in the optimizer", "stagnant weight"),
    "optimizer-shared-parameters": ("shared param", "two optimizers"),
    "parameters-not-optimised": ("not in optimizer", "unused layer", "zombie", "stagnant weight"),
    "discriminator-frozen": ("no gradients", "frozen", "requires_grad"),
    "stale-gradients": ("zero_grad", "accumulat", "stale grad"),
    "stale-fakes": ("stale", "same input"),
    "no-lipschitz-control": ("lipschitz", "weight norm explosion", "exploding gradients"),
    "gradient-penalty-norm": ("gradient penalty",),
    "gradient-penalty-weak": ("gradient penalty", "exploding gradients"),
    "gradient-penalty-strong": ("gradient penalty",),
    "batchnorm-in-critic": ("batchnorm", "batch norm"),
    "batchnorm-eps": ("eps",),
    "batchnorm-mixed-batch": ("batchnorm", "batch norm", "batch statistics"),
    "norm-before-output": ("normalization before", "normalisation before", "norm before"),
    "eval-mode": ("eval mode", "train mode", "eval()"),
    "learning-rate-too-high": ("update ratio too high", "learning rate too high"),
    "learning-rate-too-low": ("update ratio too low", "learning rate too low"),
    "discriminator-too-strong": ("discriminator", "overpower"),
    "discriminator-too-weak": ("discriminator",),
    "adam-momentum": ("beta1", "momentum"),
    "optimizer-unsuited": ("sgd", "optimizer choice", "update ratio too low"),
    "mode-collapse": ("mode collapse",),
    "mixed-precision-overflow": (
        "nan or inf",
        "overflow",
        "mixed precision",
        "training divergence",
    ),
}


@dataclass(frozen=True)
class Said:
    """What a tool said about a script."""

    networks: int  # it was attached to
    findings: tuple[str, ...]  # title and summary, the network's class before it
    error: str = ""


def names(said: Said, causes: Iterable[str]) -> bool:
    """Whether one of the findings names one of the causes."""
    phrases = [phrase for cause in causes for phrase in PHRASES.get(cause, ())]
    return any(phrase in finding.lower() for finding in said.findings for phrase in phrases)
