"""Real and fake in one batch through batch norm."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, looks, normalised, script
from ganlab.causes.suspect import Suspect


class BatchnormMixedBatch(Cause):
    """The statistics of a mixed batch tell D what it is made of."""

    slug = "batchnorm-mixed-batch"
    doc = "real and fake share one batch through a batch-normalised D and leak their composition"
    source = "PyTorch-GAN #135; ganhacks"
    formula = """
        a script  real and generated samples in one batch in >= {share} of >= {rounds}
                  rounds of a D with batch norm in training mode
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, share: float = 0.8, rounds: int = 3) -> None:
        self.share = share  # of the rounds in which D saw real samples
        self.rounds = rounds  # of those that are enough

    def _seen(self, history: History) -> Suspect | None:
        share, count = history.share(
            lambda seen: seen.mixed, lambda seen: bool(seen.counts.get("d real"))
        )
        layers = [layer for layer in history.made_of.discriminator.batch_norms if layer.training]
        if count < self.rounds or share < self.share or not layers:
            return None
        return Suspect(
            self.slug,
            0.85,
            (
                f"D gets real and generated samples in one batch, and has {len(layers)} batch-norm "
                "layers: their statistics tell D what the batch is made of.",
                "In G's step the batch is all fake: D is asked something it was never taught.",
            ),
            fix="Score real and fake in two passes: D(real), then D(fake.detach()).",
            location=history.where("mixed", "d loss"),
            checked="Without batch norm the same concatenation would be harmless.",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        mixed = looks(mixed=True, counts={"d real": 1})
        apart = looks(counts={"d real": 1})
        return (
            Specimen("two passes", script(d=normalised(D), rounds=apart)),
            Specimen("one batch", script(d=normalised(D), rounds=mixed), 0.85, "likely"),
            Specimen("near miss: one batch, no batch norm", script(rounds=mixed)),
            Specimen("near miss: now and then",
                     script(d=normalised(D), rounds=mixed[:6] + apart[6:])),
            Specimen("near miss: statistics at rest",
                     script(d=normalised(D, training=False), rounds=mixed)),
        )  # fmt: skip
