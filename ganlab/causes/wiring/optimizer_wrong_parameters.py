"""An optimiser was built on the other network's parameters."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, owning, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.wiring.owners import OWNED, owned, plain


class OptimizerWrongParameters(Cause):
    """Two optimisers move one network, and the other never learns."""

    slug = "optimizer-wrong-parameters"
    doc = "an optimiser was built on the other network's parameters"
    source = "Lornatang/ESRGAN-PyTorch #39"
    formula = """
        a script  no optimiser owns a parameter of one network, and two or more own
                  the other's
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})

    def _seen(self, history: History) -> Suspect | None:
        build, (of_g, of_d) = history.made_of, owned(history)
        if of_g and of_d:
            return None
        g, d = build.generator, build.discriminator
        empty, full, numbers = (d, g, of_g) if not of_d else (g, d, of_d)
        if len(numbers) < 2:
            return None
        wrong = build.optimisers[numbers[-1] if not of_d else numbers[0]]
        return Suspect(
            self.slug,
            0.97,
            (
                f"{len(numbers)} optimisers own parameters of {full.name}, none owns one of "
                f"{empty.name}: {empty.name} never learns.",
            ),
            fix="Build the optimiser on the other network: "
            f"{wrong.rule}({plain(empty.name)}.parameters(), ...)",
            location=wrong.where,
            checked=OWNED,
            source=self.source,
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return (
            Specimen("one for each", script()),
            Specimen("both on G", owning(script(), (4, 0), (4, 0)), 0.97),
            Specimen("both on D", owning(script(), (0, 4), (0, 4)), 0.97),
            Specimen("near miss: the second owns neither", owning(script(), (4, 0), (0, 0))),
            Specimen("near miss: the second owns both", owning(script(), (4, 0), (4, 4))),
        )
