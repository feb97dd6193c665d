"""So few real samples that D sees each of them again and again."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import D_REINS, DOWN, UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script, told
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, catalogue


class TooFewImages(Cause):
    """D knows its samples by heart.

    The lab measures that with held-out images, and names up to 5 000 of them few. A script holds
    none out, so that the samples themselves are counted, and few are a tenth of that.
    """

    slug = "too-few-images"
    doc = "so few real samples that D memorises them"
    source = "Karras et al. 2020 (arXiv:2006.06676)"
    formula = """
        the lab   memorisation (sure: train_size < {train_size})
        a script  shown >= {back} * distinct, distinct <= {most} (sure: <= {few}; harm
                  for certain: <= {tiny})
    """
    needs: ClassVar[frozenset[str]] = frozenset({"distinct"})
    worse: ClassVar[Directions] = {
        "images": DOWN,
        "D's size": UP,
        **dict.fromkeys(D_REINS, DOWN),
    }

    def __init__(
        self,
        *,
        train_size: int = 5000,
        back: float = 5.0,
        most: int = 1000,
        few: int = 500,
        tiny: int = 300,
    ) -> None:
        self.train_size = train_size  # of the lab, below which it is small
        self.back = back  # times that each sample of a script came back
        self.most = most  # different samples of a script, above which it is not asked
        self.few = few  # up to which it is as good as sure
        self.tiny = tiny  # up to which G learns copies at best

    def _told(self, history: History) -> Suspect | None:
        if not history.has(Symptom.MEMORISATION):
            return None
        size = history.facts.get("train_size", 0)
        few = 0 < size < self.train_size
        return Suspect(
            self.slug,
            0.92 if few else 0.6,
            (f"D sees {size} real images.",
             *history.proof(Symptom.MEMORISATION, Symptom.QUALITY_DECLINE)),
            () if few else (f"{size} images are not few; D has many parameters or many epochs.",),
            "Not a D that is too strong for G: held-out reals score lower as well, which only "
            "memorising explains.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        distinct, shown = history.distinct, history.real_seen
        if shown < self.back * distinct or distinct > self.most:
            return None
        discrete = history.outcome.get("dimensions", 100) <= 2
        return Suspect(
            self.slug,
            0.85 if distinct <= self.few and not discrete else 0.6,
            (
                f"Only about {distinct} different real samples were seen among {shown} shown to D: "
                f"each came back {shown / distinct:.0f} times already.",
            ),
            fix="Use more data or augmentation that both real and generated samples pass through "
            "(DiffAugment, ADA); check that the loader does not hand out one batch for ever.",
            location=history.where("d real"),
            checked="Samples are compared by value, so augmented copies would count as different "
            "ones.",
            source=self.source,
            # Of so few G learns copies at best, which no comparison with these very samples shows.
            harm="certain" if distinct <= self.tiny and not discrete else "likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.ALL_IMAGES, catalogue.R1_PENALTY, catalogue.SLOWER_D)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def counted(distinct: int, shown: int = 6400, dimensions: float = 784.0) -> History:
            outcome = {"dimensions": dimensions}
            return script(distinct=distinct, real_seen=shown, outcome=outcome)

        small: Facts = {"train_size": 500}
        return (
            Specimen("the lab, nothing memorised", told(small)),
            Specimen("the lab, 500 images", told(small, Symptom.MEMORISATION), 0.92),
            Specimen("the lab, 60 000", told({"train_size": 60_000}, Symptom.MEMORISATION), 0.6),
            Specimen("near miss: the lab, 500 and a decline", told(small, Symptom.QUALITY_DECLINE)),
            Specimen("every sample is new", counted(6400)),
            Specimen("64 images", counted(64), 0.85),
            Specimen("400 images", counted(400), 0.85, "likely"),
            Specimen("900 images", counted(900), 0.6, "likely"),
            Specimen("eight points", counted(8, dimensions=2.0), 0.6, "likely"),
            Specimen("near miss: seen four times", counted(900, 3600)),
        )
