"""A Wasserstein critic that nothing holds, or that leaves its box before G learns from it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, looks, script, told
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import Span
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue


class NoLipschitzControl(Cause):
    """No clipping, no penalty, no spectral norm; in a script also clipping that comes to nothing.

    In the lab the critic's measured slope has to show it: settings alone are no harm. A script
    shows no settings, so what was looked for and not found counts.
    """

    slug = "no-lipschitz-control"
    doc = "a Wasserstein critic without clipping, penalty or spectral norm"
    source = "Arjovsky et al. 2017 (arXiv:1701.07875)"
    formula = """
        the lab   gp_weight = 0 and weight_clip = 0, and critic-unbounded
        a script  D's loss is linear in its unbounded output, and no penalty, clipping
                  or spectral norm in >= {rounds} rounds; or weights outside their box
                  in >= {outside} of G's steps
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"gp_weight": DOWN, "box": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("gp_weight", "weight_clip", "loss")

    def __init__(self, *, rounds: int = 8, outside: float = 0.5) -> None:
        self.rounds = rounds  # after which what was not seen is not there
        self.outside = outside  # share of G's steps with weights outside the box

    def _told(self, history: History) -> Suspect | None:
        facts = history.facts
        held = facts.get("gp_weight", 0.0) or facts.get("weight_clip", 0.0)
        if held or not history.has(Symptom.CRITIC_UNBOUNDED):
            return None
        text = "No gradient penalty and no weight clipping is in force."
        proof = history.proof(Symptom.CRITIC_UNBOUNDED)
        return Suspect(self.slug, 0.95, (text, *proof), (), "Not a weak penalty: there is none.")

    def _seen(self, history: History) -> Suspect | None:
        if not history.linear:
            return None
        return weightiest(filter(None, (self._free(history), self._escaped(history))))

    def _free(self, history: History) -> Suspect | None:
        """Nothing at all."""
        bounded = any(seen.probability for seen in history.rounds) or any(
            inner for _, inner in history.contracts("d real")
        )
        if bounded or len(history.rounds) < self.rounds or self._held(history):
            return None
        spans = [seen.outputs["real"] for seen in history.rounds if "real" in seen.outputs]
        heights = [max(abs(span.low), abs(span.high)) for span in spans] or [0.0]
        biggest = history.answers.get("largest weight", 0.0)
        return Suspect(
            self.slug,
            0.9,
            (
                "D's loss is Wasserstein's (linear in its score), and no clipping, gradient "
                "penalty or spectral normalisation was seen.",
                f"D's largest weight is {biggest:.3g}; its scores reach {max(heights):.3g} (at "
                f"first {heights[0]:.3g}).",
            ),
            fix="Add a gradient penalty (lambda 10), spectral_norm on D's layers, or clip D's "
            "weights to 0.01 after each of its steps.",
            location=history.where("d loss formula", "d loss"),
            checked="Clipping was looked for in D's weights after its steps, penalties in calls of "
            "autograd.grad, spectral norm among D's layers.",
            source=self.source,
        )

    @staticmethod
    def _held(history: History) -> bool:
        d = history.made_of.discriminator
        clipped = d.clipped or bool(history.answers.get("clip"))
        return history.penalised or d.spectral or clipped

    def _escaped(self, history: History) -> Suspect | None:
        """Weights are clipped, but are outside the box when G learns from them."""
        clip, outside = history.answers.get("clip"), history.answers.get("outside box")
        if not clip or not outside or outside < self.outside:
            return None
        thrown = history.made_of.discriminator.clipped_copies and len(history.rounds) >= self.rounds
        return (self._thrown if thrown else self._late)(history, clip, outside)

    def _thrown(self, history: History, clip: float, outside: float) -> Suspect:
        largest = history.answers.get("largest weight", 0.0)
        return Suspect(
            self.slug,
            0.92,
            (
                f"clamp made copies of D's weights that lie within {clip:.3g}; the weights "
                f"themselves reach {largest:.3g}: the copies were thrown away.",
            ),
            fix=f"Clip in place: p.data.clamp_(-{clip:.3g}, {clip:.3g}), with the underscore.",
            location=history.where("d step"),
            checked=f"The weights were looked at after clipping: outside the box in {outside:.0%} "
            "of G's steps.",
            source=self.source,
        )

    def _late(self, history: History, clip: float, outside: float) -> Suspect:
        return Suspect(
            self.slug,
            0.6,
            (
                f"D's weights are clipped to {clip:.3g}, but in {outside:.0%} of G's steps looked "
                "at some lay outside the box: they are clipped too early or too seldom.",
            ),
            fix="Clip D's weights right after each of its steps, before G's.",
            location=history.where("d step"),
            checked="The box was read off the weights themselves.",
            source="martinarjovsky/WassersteinGAN #50",
            harm="unclear",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.PENALTY_TEN, catalogue.GRADIENT_PENALTY, catalogue.CLIPPING)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        steep, span = (Symptom.CRITIC_UNBOUNDED,), Span(-40.0, 90.0, 20.0, 9.0)
        critic = looks(contracts={"d real": [("linear", "")]}, outputs={"real": span})
        copies = replace(D, clipped_copies=True)
        late = {"clip": 0.1, "outside box": 0.9, "largest weight": 0.4}
        return (
            Specimen("the lab with a penalty", told({"gp_weight": 10.0}, *steep)),
            Specimen("the lab without", told({"gp_weight": 0.0}, *steep), 0.95),
            Specimen("near miss: the lab without, and no slope too steep", told({})),
            Specimen("a penalised critic", script(rounds=tuple(
                replace(seen, penalised=True) for seen in critic))),
            Specimen("a free critic", script(rounds=critic), 0.9),
            Specimen("near miss: a free critic, seven rounds", script(rounds=critic[:7])),
            Specimen("near miss: spectral norm",
                     script(d=replace(D, spectral=True), rounds=critic)),
            Specimen("clipped before its step",
                     script(rounds=critic, answers=late), 0.6, "unclear"),
            Specimen("clipped copies", script(d=copies, rounds=critic, answers=late), 0.92),
            Specimen("near miss: outside the box now and then",
                     script(rounds=critic, answers=late | {"outside box": 0.4})),
        )  # fmt: skip
