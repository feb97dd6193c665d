"""Frozen numbers: a loss that stands at a value which only a clamp or a constant D explains."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS
from ganlab.doctor.words import suspicion

_LOOKS = 6
# -ln of the epsilons that people write into logarithms.
_CLAMPS = {16.118: "1e-7", 13.8155: "1e-6", 18.4207: "1e-8", 27.631: "1e-12", 11.5129: "1e-5"}


def frozen_logarithm(history: History) -> Iterator[Suspect]:
    """A hand-written log(p + eps) that has reached its end, where its gradient is zero."""
    pairs = history.contracts("d real") | history.contracts("d fake") | history.contracts("g fake")
    if not any(contract == "log" for contract, _ in pairs):
        return
    for player in PLAYERS:
        values = [abs(v) for seen in list(history.rounds)[-_LOOKS:] for v in seen.losses[player]]
        if len(values) < _LOOKS:
            continue
        middle = statistics.median(values)
        for clamp, epsilon in _CLAMPS.items():
            if abs(middle - clamp) < 0.01 * clamp and max(values) - min(values) < 0.02 * clamp:
                yield suspicion(
                    "saturating-generator-loss",
                    0.9,
                    (
                        f"{player.upper()}'s loss stands at {middle:.4f} = -ln {epsilon}: its "
                        f"log(p + {epsilon}) has reached its end.",
                        "There sigmoid(l) is 0 or 1 in float32, and the gradient is exactly zero.",
                    ),
                    "Write it with F.softplus or F.logsigmoid on the logits, which have no end.",
                    history.where(f"{player} loss"),
                    f"The value held over the last {len(values)} losses looked at.",
                    "StudioGAN #112",
                )
                return


def constant_discriminator(history: History) -> Iterator[Suspect]:
    """D cannot tell, and a copy that learns alone can: not an equilibrium."""
    if not history.starved():
        return
    trial = history.burst
    assert trial is not None
    dead = trial.restarted - trial.after > 0.15
    yield suspicion(
        "discriminator-too-weak",
        0.7,
        (
            f"D tells real from generated samples with an AUC of {trial.before:.2f}; a copy that "
            f"learned alone for 60 steps reached {trial.after:.2f}, a restarted one "
            f"{trial.restarted:.2f}.",
            "So the losses look like an equilibrium and are none.",
        ),
        "Let D learn faster: its learning rate up, more steps for each step of G"
        + (", and start it anew: its present weights are dead." if dead else "."),
        history.where("d step", "d loss"),
        "In a true equilibrium the copy would not have learned anything either.",
        "Lopez-Paz & Oquab 2017 (arXiv:1610.06545)",
        harm="likely",
    )


RULES = (frozen_logarithm, constant_discriminator)
