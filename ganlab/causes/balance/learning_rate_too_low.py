"""Updates so small that nothing is learned."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.balance.symptoms import BAD, COLLAPSED
from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script, told, trained
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.rates import ADAM, SMALL
from ganlab.remedies import Situation, answers


class LearningRateTooLow(Cause):
    """Both networks stay where they began, or learn the label last.

    Both sensors call the same rate of Adam small. In the lab it is told, so that it needs no more
    than a symptom; a script may scale its losses, so that its weights have to be seen to stand.
    """

    slug = "learning-rate-too-low"
    doc = "updates so small that nothing is learned"
    source = "Radford et al. 2016 (arXiv:1511.06434)"
    formula = """
        the lab   both lr <= {small} of Adam, and a symptom; or lr <= {slow} and
                  labels ignored, or fakes deviate > {speckle} times as much as reals
                  under labels
        a script  weights move by < {still} of their norm a step (< {slack} at
                  lr <= {small} of Adam), after {updates} updates
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build", "answers"})
    worse: ClassVar[Directions] = {"lr_d": DOWN, "lr_g": DOWN}
    spoken_of: ClassVar[tuple[str, ...]] = (
        "lr_d",
        "lr_g",
        "optimizer_d",
        "optimizer_g",
        "lr_decay",
    )

    def __init__(
        self,
        *,
        small: float = SMALL,
        slow: float = 3e-4,
        speckle: float = 1.4,
        still: float = 1e-5,
        slack: float = 1e-4,
        updates: int = 200,
    ) -> None:
        self.small = small  # Adam's learning rate up to which it is small
        self.slow = slow  # the largest rate at which the lab has seen labels ignored
        self.speckle = speckle  # pixelwise deviation of fakes over that of reals, with labels
        self.still = still  # of their norm that a script's weights move a step: they stand
        self.slack = slack  # the same under a small rate of Adam
        self.updates = updates  # of a script's G, before which it is not asked

    def _told(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._both(history), self._labels(history))))

    def _both(self, history: History) -> Suspect | None:
        """Steps so small that both networks stay where they began."""
        rates = history.facts.get("lr_d", 0.0), history.facts.get("lr_g", 0.0)
        adaptive = all(rule in ADAM for rule in history.optimisers())
        if not adaptive or not 0.0 < max(rates) <= self.small or not history.loud:
            return None
        moved = history.number("update_ratio_g")
        words = () if moved is None else (f"G's weights move by {moved:.2g} of themselves a step.",)
        return Suspect(
            self.slug,
            0.85,
            (
                f"The {history.rates()} with Adam; 2e-4 to 1e-3 are usual.",
                *words,
                *history.proof(*history.loud)[:2],
            ),
            (),
            "Not one player against the other: both are slow.",
        )

    def _labels(self, history: History) -> Suspect | None:
        """Updates so small that the label has no say yet."""
        facts, finding = history.facts, history.symptoms.get(Symptom.CONDITIONAL_COLLAPSE)
        rate = max(facts.get("lr_d", 1.0), facts.get("lr_g", 1.0))
        ratio = history.number("std_ratio") or 0.0
        speckled = facts.get("conditional", "none") != "none" and ratio > self.speckle
        if (finding is None and not speckled) or rate > self.slow or history.has(*COLLAPSED):
            return None
        words = [f"The {history.rates()}; 1e-3 is five times as much and still usual."]
        words += [history.summary(Symptom.CONDITIONAL_COLLAPSE)] if finding else []
        words += [f"Generated pixels vary {ratio:.1f} times as much as real ones."] * speckled
        # Where D wins, say, that may be why the label has none: it explains nothing away then.
        alone = history.loud == [Symptom.CONDITIONAL_COLLAPSE]
        return Suspect(
            self.slug,
            0.7 if alone else 0.5,
            tuple(words),
            ("It may pass with longer training at the same rates.",),
            "Not a condition without information: real classes differ, and labels are drawn with "
            "them.",
        )

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._of(history, player) for player in PLAYERS)))

    def _of(self, history: History, player: Player) -> Suspect | None:
        """Weights that do not move."""
        build, moves = history.made_of, history.answers.get(f"update ratio {player}")
        if not moves or moves < 0 or history.updates < self.updates:
            return None
        rate = build.rate(player)
        small = build.rule(player) in ADAM and rate <= self.small
        if moves >= (self.slack if small else self.still):
            return None
        return Suspect(
            self.slug,
            0.85,
            (
                f"{player.upper()}'s weights moved by {moves:.2g} of their norm a step; its "
                f"learning rate is {rate:g}.",
                *history.sentences(*BAD)[:1],
            ),
            fix="Use 2e-4 with Adam's beta1 0.5.",
            location=build.made(player),
            checked="Its gradients are finite and not zero.",
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return answers.small_rates(situation)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        still, ignored = Symptom.BARELY_MOVING, Symptom.CONDITIONAL_COLLAPSE
        low: Facts = {"lr_d": 1e-5, "lr_g": 5e-6}
        mixed: Facts = {"lr_d": 1e-5}
        labels: Facts = {"conditional": "one_hot"}
        crawls = {"update ratio g": 5e-5}
        return (
            Specimen("the lab, no symptom", told(low)),
            Specimen("the lab, both at 1e-5 or less", told(low, still), 0.85),
            Specimen("the lab, labels ignored at 2e-4", told(labels, ignored), 0.7),
            Specimen("the lab, labels ignored and D wins",
                     told(labels, ignored, Symptom.SATURATION), 0.5),
            Specimen("the lab, speckle under labels",
                     told(labels, metrics={"std_ratio": 1.6}), 0.5),
            Specimen("near miss: the lab, one player at 1e-5", told(mixed, still)),
            Specimen("near miss: the lab, labels ignored at 1e-3",
                     told({**labels, "lr_g": 1e-3}, ignored)),
            Specimen("weights that move", script(answers={"update ratio g": 2e-3})),
            Specimen("weights that stand",
                     script(answers={"update ratio d": 3e-6}), 0.85, "likely"),
            Specimen("Adam at 1e-6, weights that crawl",
                     trained(script(answers=crawls), g=1e-6), 0.85, "likely"),
            Specimen("near miss: they crawl at a usual rate", script(answers=crawls)),
            Specimen("near miss: the first 100 updates",
                     script(answers={"update ratio d": 3e-6}, updates=100)),
        )  # fmt: skip
