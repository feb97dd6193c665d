"""Part of a network is in no optimiser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, looks, owning, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player
from ganlab.causes.wiring.owners import OWNED, owned, plain


class ParametersNotOptimised(Cause):
    """Nothing moves them: a whole network, some of its tensors, or layers in a plain list."""

    slug = "parameters-not-optimised"
    doc = "part of a network is in no optimiser"
    source = "PyTorch, nn.ModuleList"
    formula = """
        a script  no optimiser owns a network, or some of its tensors that require
                  gradients (harm: > {part} of its numbers), or what each of the last
                  {last} of >= {rounds} rounds used and no network knows
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})

    def __init__(self, *, part: float = 0.02, rounds: int = 4, last: int = 8) -> None:
        self.part = part  # of a network's numbers, above which it harms
        self.rounds = rounds  # with a loss that are enough for layers nobody knows
        self.last = last  # of them in which these have to be the same

    def _seen(self, history: History) -> Suspect | None:
        of_g, of_d = owned(history)
        if not of_g or not of_d:
            found = [self._whole(history, "d" if not of_d else "g", of_g or of_d)]
        else:
            found = [self._left_out(history, player) for player in PLAYERS]
        return weightiest(filter(None, (*found, *self._unregistered(history))))

    def _whole(self, history: History, player: Player, numbers: list[int]) -> Suspect | None:
        """No optimiser owns anything of a network."""
        network = history.made_of.of(player)
        if len(numbers) > 1 or network.frozen >= network.tensors:
            return None  # several on the other one have another name
        return Suspect(
            self.slug,
            0.85,
            (f"No optimiser owns any parameter of {network.name}.",),
            fix=f"Give {plain(network.name)}.parameters() to an optimiser and call its step().",
            location=history.where("d loss", "g loss"),
            checked=OWNED,
        )

    def _left_out(self, history: History, player: Player) -> Suspect | None:
        build = history.made_of
        network = build.of(player)
        wanted = network.tensors - network.frozen
        if not 0 < network.missing < wanted:
            return None
        numbers, total = network.missing_numbers, network.trained_numbers
        owners = (each for each in build.optimisers if (each.of_g if player == "g" else each.of_d))
        large = numbers > self.part * total
        return Suspect(
            self.slug,
            0.9 if large else 0.6,
            (
                f"{network.missing} of {wanted} tensors of {network.name} ({numbers:,} of "
                f"{total:,} numbers) are in no optimiser: {', '.join(network.missing_names)}.",
            ),
            fix="Give the optimiser all of the network's parameters().",
            location=next((owner.where for owner in owners), None),
            checked="They require gradients, so they were not frozen on purpose.",
            harm="likely" if large else "unclear",
        )

    def _unregistered(self, history: History) -> Iterator[Suspect]:
        """Parameters that a loss reaches and that no module and no optimiser knows."""
        rounds = [seen for seen in history.rounds if seen.reaches]
        last = rounds[-self.last :]
        always = frozenset.intersection(*(seen.orphans for seen in last)) if last else frozenset()
        if len(rounds) < self.rounds or not always:
            return
        yield Suspect(
            self.slug,
            0.93,
            (
                f"{len(always)} parameters ({rounds[-1].orphan_numbers:,} numbers) take part in "
                "the losses, and belong to no network's parameters() and to no optimiser.",
            ),
            fix="Give them to the optimiser; layers belong in nn.ModuleList or nn.Sequential, not "
            "in a Python list, so that parameters() finds them.",
            location=next((each.where for each in history.made_of.optimisers), None),
            checked=f"The same ones in each of the last {len(last)} rounds; other networks that "
            "ran were left out.",
            source=self.source,
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        way = {"d loss to d": True}
        lost = looks(orphans=frozenset({1, 2}), orphan_numbers=64, reaches=way)
        other = looks(4, reaches=way)
        half = replace(D, missing=2, missing_numbers=400, missing_names=("net.2.weight",))
        bias = replace(half, missing=1, missing_numbers=1)
        return (
            Specimen("all are owned", script()),
            Specimen("nobody owns D", owning(script(), (4, 0)), 0.85),
            Specimen("half of D is left out", script(d=half), 0.9, "likely"),
            Specimen("a bias is left out", script(d=bias), 0.6, "unclear"),
            Specimen("layers in a plain list", script(rounds=lost), 0.93),
            Specimen("near miss: not in the last rounds", script(rounds=lost + other)),
            Specimen("near miss: D is frozen on purpose",
                     owning(script(d=replace(D, frozen=4)), (4, 0))),
            Specimen("near miss: both optimisers are on G, which has another name",
                     owning(script(), (4, 0), (4, 0))),
        )  # fmt: skip
