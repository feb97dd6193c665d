"""The documents whose systems and failures the casebook re-creates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """Where a case comes from."""

    key: str
    title: str
    about: str


NEAR_ZERO = Document(
    "near-zero",
    "Why do MNIST GAN discriminator and generator errors drop near zero after the first iteration?",
    "A question-and-answer text of 2025 that blames output scaling and activations.",
)
PAPER = Document(
    "paper",
    "A PyTorch Implementation of Generative Adversarial Network (Burakowski)",
    "Four runs of the MLP of Goodfellow et al. 2014 on MNIST, two of them failed.",
)
DECLINE = Document(
    "decline",
    "Why does GAN model accuracy decline after a certain number of iterations?",
    "A question-and-answer text of 2025 on vanishing gradients, mode collapse and smoothing.",
)
LOSSES = Document(
    "losses",
    "Why are GAN PyTorch loss functions failing?",
    "A question-and-answer text of 2025 with three whole scripts: minimax, WGAN-GP, conditional.",
)
PRIMER = Document(
    "primer",
    "GANs — Generator vs Discriminator",
    "A course module of 2026: MLP, DCGAN, WGAN-GP, conditional GAN, four errors and their fixes.",
)
OURS = Document(
    "ours", "What loss curves hide", "Cases of our own, for what none of the documents shows."
)

DOCUMENTS = (NEAR_ZERO, PAPER, DECLINE, LOSSES, PRIMER, OURS)
