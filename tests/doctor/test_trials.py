"""Experiments on copies decide between an equilibrium and a D that does not learn."""

from __future__ import annotations

from pathlib import Path

from tests.doctor.patients import PARTS, examined, script, slugs

BLIND = PARTS["optimizers"].replace("D.parameters(), lr=1e-3", "D.parameters(), lr=1e-9")


def test_a_d_that_could_tell_and_does_not_is_no_equilibrium(tmp_path: Path) -> None:
    source = script(steps=420, optimizers=BLIND, seed="torch.manual_seed(5)")
    report = examined(source, tmp_path)
    named = slugs(report) + slugs(report, "notes")
    assert {"discriminator-too-weak", "learning-rate-too-low"} & set(named)


def test_the_experiment_leaves_the_networks_and_the_random_stream_alone(tmp_path: Path) -> None:
    import torch

    source = script(steps=420, optimizers=BLIND, after="last = torch.rand(2)")
    plain: dict[str, torch.Tensor] = {}
    exec(source, plain)
    watched = examined(source, tmp_path)["main"]
    assert torch.equal(plain["last"], watched["last"])
