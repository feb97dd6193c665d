"""Batch norm in a critic with a penalty that is taken sample by sample."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, looks, normalised, script
from ganlab.causes.suspect import Suspect


class BatchnormInCritic(Cause):
    """Batch norm makes each sample's gradient depend on the others."""

    slug = "batchnorm-in-critic"
    doc = "batch norm in a critic with a per-sample gradient penalty"
    source = "Gulrajani et al. 2017 (arXiv:1704.00028)"
    formula = """
        a script  a gradient penalty, and batch norm in D: dD(x_i)/dx_j != 0, so that
                  no sample's norm is its own
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def _seen(self, history: History) -> Suspect | None:
        layers = history.made_of.discriminator.batch_norms
        if not layers or not any(seen.penalties for seen in history.rounds):
            return None
        return Suspect(
            self.slug,
            0.85,
            (
                f"D has {len(layers)} batch-norm layers and a gradient penalty, which is taken "
                "sample by sample: batch norm makes each sample's gradient depend on the others.",
            ),
            fix="Use nn.LayerNorm or nn.InstanceNorm in the critic, or no normalisation.",
            location=history.layer_of_d("BatchNorm", "d loss"),
            checked="The layers were in training mode."
            if any(layer.training for layer in layers)
            else "",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        penalised = looks(penalties=[((64, 2), (1,), 1.0, 10.0)])
        return (
            Specimen("a penalty without batch norm", script(rounds=penalised)),
            Specimen(
                "a penalty with it", script(d=normalised(D), rounds=penalised), 0.85, "likely"
            ),
            Specimen("near miss: batch norm without a penalty", script(d=normalised(D))),
        )
