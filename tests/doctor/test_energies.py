"""A D that reconstructs: its error on a sample is the score, with the sign turned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doctor.patients import PARTS, examined, script, slugs

ENERGY = """
def energy(x):
    return {error}(D(x), x.detach() if {cut} else x)
"""
ENERGY_STEP = """
    opt_d.zero_grad()
    fake = G(noise()).detach()
    d_loss = {real}energy(sample()) {fake} F.relu(1.0 - energy(fake))
    d_loss.backward()
    opt_d.step()
"""
WIDE: dict[str, Any] = {
    "generator": PARTS["generator"].replace("nn.Linear(32, 2)", "nn.Linear(32, 16)"),
    "discriminator": PARTS["discriminator"]
    .replace("nn.Linear(2, 32)", "nn.Linear(16, 32)")
    .replace("nn.Linear(32, 1)", "nn.Linear(32, 16)"),  # an autoencoder
    "helpers": PARTS["helpers"]
    .replace("torch.randn(32, 2)", "torch.randn(32, 2)).repeat(1, 8)")
    .replace("return torch.stack", "return (torch.stack"),
}


@pytest.mark.parametrize("error", ["F.mse_loss", "F.l1_loss"])
@pytest.mark.parametrize(("real", "fake", "named"), [("", "+", []), ("-", "-", ["critic-sign"])])
def test_the_sign_of_an_energy_is_that_of_the_reconstruction_error(
    error: str, real: str, fake: str, named: list[str], tmp_path: Path
) -> None:
    """Zhao et al. 2017: D reconstructs data well, and fakes badly up to a margin."""
    source = script(
        40,
        **WIDE,
        loss=ENERGY.format(error=error, cut=error == "F.l1_loss"),
        d_step=ENERGY_STEP.format(real=real, fake=fake),
        g_step=PARTS["g_step"].replace("criterion(D(G(noise())), ones)", "energy(G(noise()))"),
    )
    assert slugs(examined(source, tmp_path)) == named


def test_an_energy_that_g_raises_is_a_sign_too(tmp_path: Path) -> None:
    source = script(
        40,
        **WIDE,
        loss=ENERGY.format(error="F.mse_loss", cut=False),
        d_step=ENERGY_STEP.format(real="", fake="+"),
        g_step=PARTS["g_step"].replace("criterion(D(G(noise())), ones)", "-energy(G(noise()))"),
    )
    assert slugs(examined(source, tmp_path))[:1] == ["generator-sign"]
