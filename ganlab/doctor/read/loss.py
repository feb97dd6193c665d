"""The loss of a script in the words of the lab."""

from __future__ import annotations

from ganlab.causes.looks import Looks


def family_of(looks: Looks) -> str:
    """The loss by its name in the lab, from how D's output enters it; "" while unknown."""
    d = {name for name, _ in looks.contracts("d real") | looks.contracts("d fake")}
    g = looks.contracts("g fake")
    if looks.contracts("g real") and d & {"softplus", "bce_logits"}:
        return "relativistic"
    if d & {"bce", "bce_logits", "log", "softplus"}:
        return "saturating" if _saturates(looks) else "non_saturating"
    if d & {"mse", "square"}:
        return "least_squares"
    if "hinge" in d:
        return "hinge"
    if "linear" in d or ("linear", "") in g:
        return "wgan_gp" if any(seen.penalties for seen in looks.rounds) else "wgan"
    return ""


def _saturates(looks: Looks) -> bool:
    """Whether G minimises log(1 - D(G(z))): its loss is flat where D calls fakes fake."""
    real, fake = looks.target("d real"), looks.target("d fake")
    turned = real is not None and fake is not None and real < fake  # both players' labels are
    votes = [vote != turned for seen in looks.rounds for vote in seen.saturates]
    return sum(votes) > 0.8 * len(votes) if len(votes) >= 3 else False


def targets_of(looks: Looks) -> dict[str, float]:
    """The targets in force, as far as the losses show them."""
    known = {"d real": 1.0, "d fake": 0.0, "g fake": 1.0}
    for name in known:
        value = looks.target(name)
        if value is not None and 0.0 <= value <= 1.0:
            known[name] = value
    return known
