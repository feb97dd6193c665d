"""A Wasserstein loss on a sigmoid: bounded, and flat where D is sure."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import History
from ganlab.causes.loss.bounded import as_critic, evidence, is_bounded
from ganlab.causes.specimen import D, Specimen, looks, script, told
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, catalogue


class SigmoidCritic(Cause):
    """A critic's score has to have no bounds.

    The lab asks for a symptom; in a script the graph alone shows it, and what else marks a
    Wasserstein critic decides how sure that is.
    """

    slug = "sigmoid-critic"
    doc = "a Wasserstein loss on a bounded output, or on its logarithm"
    source = "Arjovsky et al. 2017 (arXiv:1701.07875)"
    formula = """
        the lab   a Wasserstein loss on D's sigmoid, and a symptom
        a script  D's loss is linear in its output, and a sigmoid or tanh bounds that,
                  in >= {rounds} rounds
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"bounded critic": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("head", "loss")

    def __init__(self, *, rounds: int = 3) -> None:
        self.rounds = rounds  # of a script, that are enough

    def _told(self, history: History) -> Suspect | None:
        built = history.facts.get("head") == "sigmoid" and not history.adversarial
        if not history.has(Symptom.CRITIC_BOUNDED) and not (built and history.loud):
            return None
        return Suspect(
            self.slug,
            0.97,
            ("D ends in a sigmoid under a Wasserstein loss: its score lies in [0, 1].",
             *(history.proof(Symptom.CRITIC_BOUNDED) or history.proof(*history.loud)[:2])),
            (),
            f"Not the penalty: its weight is {history.facts.get('gp_weight', 0.0):g}, and the norm "
            "stays below the target, not above it.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        if not is_bounded(history) or len(history.rounds) < self.rounds:
            return None
        critic = as_critic(history)
        return Suspect(
            self.slug,
            0.93 if critic else 0.72,
            evidence(history),
            fix="Remove the sigmoid from the critic and use its raw score.",
            location=history.layer_of_d("last Sigmoid", "d loss formula", "d loss"),
            checked="Penalty, clipping and several critic steps "
            + (
                "mark it as a Wasserstein critic." if critic else "were looked for: none was found."
            ),
            source=self.source,
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.RAW_SCORES,)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        wgan: Facts = {"loss": "wgan_gp", "head": "sigmoid"}
        bounded = looks(contracts={"d real": [("linear", "Sigmoid")]})
        free = looks(contracts={"d real": [("linear", "")]})
        clipped = replace(D, clipped=True)
        return (
            Specimen("the lab, logits", told({**wgan, "head": "logits"}, Symptom.OFF_DATA)),
            Specimen("the lab, a sigmoid", told(wgan, Symptom.OFF_DATA), 0.97),
            Specimen("near miss: the lab, a sigmoid and no symptom", told(wgan)),
            Specimen("a raw score", script(rounds=free)),
            Specimen("a sigmoid, and clipping", script(d=clipped, rounds=bounded), 0.93),
            Specimen("a sigmoid, and nothing of a critic", script(rounds=bounded), 0.72),
            Specimen("near miss: two rounds", script(rounds=bounded[:2])),
        )
