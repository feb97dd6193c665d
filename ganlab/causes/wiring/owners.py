"""Which optimiser owns which network's parameters."""

from __future__ import annotations

from ganlab.causes.history import History

OWNED = "Identity of every parameter in every param_group was compared."


def owned(history: History) -> tuple[list[int], list[int]]:
    """Numbers of the optimisers that own something of G, and of D."""
    optimisers = history.made_of.optimisers
    return [each.number for each in optimisers if each.of_g], [
        each.number for each in optimisers if each.of_d
    ]


def plain(name: str) -> str:
    """'netD (Discriminator)' -> 'netD'."""
    return name.partition(" (")[0]
