"""What holds D: penalties in the forms that scripts give them, and clipping that only looks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.patients import CRITIC, CRITIC_G, PARTS, examined, script, slugs

FUNCTIONAL = CRITIC.replace(
    "    d_loss.backward()",
    "    score = lambda x: torch.func.functional_call(D, dict(D.named_parameters()), (x[None],))\n"
    "    slope = torch.func.vmap(torch.func.grad(lambda x: score(x).squeeze()))(sample())\n"
    "    (d_loss + 10 * ({norm} - 1).square().mean()).backward()",
)


@pytest.mark.parametrize(
    ("norm", "named"),
    [
        ("slope.norm(dim=1)", []),
        ("slope.square().sum(1).sqrt()", []),
        ("slope.norm(dim=0)", ["gradient-penalty-norm"]),
    ],
)
def test_a_penalty_by_torch_func_is_one(norm: str, named: list[str], tmp_path: Path) -> None:
    report = examined(script(d_step=FUNCTIONAL.format(norm=norm), g_step=CRITIC_G), tmp_path)
    assert report["internal_errors"] == [] and report["steps"] == 40
    assert [each["slug"] for each in report["causes"] + report["notes"]] == named


R1 = PARTS["d_step"].replace(
    "    d_loss.backward()",
    "    real = sample().requires_grad_()\n"
    "    slope = torch.autograd.grad(D(real).sum(), real, create_graph=True)[0]\n"
    "    (d_loss + {gamma} / 2 * slope.square().sum(1).mean()).backward()",
)


R1_LATER = """
    opt_d.zero_grad()
    real = sample().requires_grad_()
    told = D(real)
    d_loss = F.softplus(-told).mean() + F.softplus(D(G(noise()).detach())).mean()
    d_loss.backward(retain_graph=True)
    slope = torch.autograd.grad(told.sum(), real, create_graph=True)[0]
    (0.05 * slope.square().sum(1).mean()).backward()
    opt_d.step()
"""


def test_a_penalty_that_goes_backward_by_itself_turns_no_sign(tmp_path: Path) -> None:
    assert slugs(examined(script(d_step=R1_LATER), tmp_path)) == []


@pytest.mark.parametrize(("gamma", "named"), [(0.1, False), (1e2, True), (1e4, True)])
def test_a_penalty_that_holds_d_flat_is_named(gamma: float, named: bool, tmp_path: Path) -> None:
    report = examined(script(steps=1600, d_step=R1.format(gamma=gamma)), tmp_path)
    assert ("gradient-penalty-strong" in slugs(report)[:1]) is named


def test_clipped_copies_of_the_weights_do_not_hold_the_critic(tmp_path: Path) -> None:
    clipped = CRITIC + "    for p in D.parameters(): p.data.clamp(-0.1, 0.1)\n"
    report = examined(script(d_step=clipped, g_step=CRITIC_G), tmp_path)
    assert slugs(report)[:1] == ["no-lipschitz-control"]
    assert "copies" in report["causes"][0]["evidence"][0]
