"""A loss that stands at a value which only a D that does not learn explains."""

from __future__ import annotations

from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.doctor.rules.naming import suspicion


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


RULES = (constant_discriminator,)
