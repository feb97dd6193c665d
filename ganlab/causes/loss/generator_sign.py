"""G is trained in the wrong direction."""

from __future__ import annotations

from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, Directions
from ganlab.causes.history import History
from ganlab.causes.loss.direction import misdirected, pulling
from ganlab.causes.specimen import Specimen, script, told
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue


class GeneratorSign(Cause):
    """G is rewarded for being found out.

    The lab knows the label of G's loss; a script's is read off the gradients at D's output.
    """

    slug = "generator-sign"
    doc = "G is trained in the wrong direction"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661)"
    formula = """
        the lab   G's label < {label} in a non-saturating loss
        a script  sign(-dL_G/dD(G(z))) = sign(-dL_D/dD(G(z))) while D's own signs are
                  right, in >= {rounds} rounds
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"generator_label": DOWN}
    spoken_of: ClassVar[tuple[str, ...]] = ("generator_label",)

    def __init__(self, *, label: float = 0.5, rounds: int = 3) -> None:
        self.label = label  # of the lab's generator, below which it asks for fakes
        self.rounds = rounds  # of a script, that are enough

    def _told(self, history: History) -> Suspect | None:
        label = history.facts.get("generator_label", 1.0)
        if history.facts.get("loss") != "non_saturating" or label >= self.label:
            return None
        proof = history.proof(*history.loud)
        return Suspect(
            self.slug,
            0.97,
            (f"G's loss asks D to say {label:g} of its samples: it is rewarded for being found "
             "out.", *proof),
            () if proof else ("No symptom stands yet.",),
            "Not a D that is too strong: with label 1 the same pair gets the opposite gradient.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        found = misdirected(history, self.rounds)
        return found if found is not None and found.cause == self.slug else None

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.FLIPPED_LABEL,)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def pulled(*ways: float, **more: Any) -> History:
            rounds = pulling(*ways, **more)
            return script(rounds=rounds, early=rounds, loss="non_saturating")

        def labelled(label: float, *symptoms: Symptom, loss: str = "non_saturating") -> History:
            return told({"loss": loss, "generator_label": label}, *symptoms)

        return (
            Specimen("the lab, label 1", labelled(1.0, Symptom.SATURATION)),
            Specimen("the lab, label 0", labelled(0.0, Symptom.SATURATION), 0.97),
            Specimen("the lab, label 0 and nothing wrong yet", labelled(0.0), 0.97),
            Specimen("near miss: label 0 of the saturating loss", labelled(0.0, loss="saturating")),
            Specimen("a game", pulled(1, -1, 1)),
            Specimen("G pulls down as D does", pulled(1, -1, -1), 0.94),
            Specimen("near miss: turned by both players", pulled(-1, 1, -1)),
            Specimen("near miss: D's output is an image", pulled(1, -1, -1, score=False)),
        )
