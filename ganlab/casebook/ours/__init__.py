"""Our own cases: what loss curves hide."""

from ganlab.casebook.ours import (
    collapse_under_healthy_losses,
    d_kills_itself,
    early_looks_like_collapse,
    false_equilibrium,
    label_not_used_yet,
)

CASES = (
    false_equilibrium.CASE,
    collapse_under_healthy_losses.CASE,
    d_kills_itself.CASE,
    early_looks_like_collapse.CASE,
    label_not_used_yet.CASE,
)
