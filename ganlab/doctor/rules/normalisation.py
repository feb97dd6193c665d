"""Normalisation layers and modes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import partial
from typing import Any

from torch import nn

from ganlab.doctor.seen import Seen
from ganlab.doctor.sheet import Sheet
from ganlab.doctor.words import PLAYERS, Location, Player, Suspicion

_BATCH = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)
_WORDS = ("BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm")


def batchnorm_eps(sheet: Sheet) -> Iterator[Suspicion]:
    """A momentum in the place of eps."""
    for player in PLAYERS:
        layers = [m for m in sheet.modules(player) if isinstance(m, _BATCH) and m.eps >= 0.01]
        if layers:
            yield Suspicion(
                "batchnorm-eps",
                0.8,
                (
                    f"{len(layers)} batch-norm layers of {player.upper()} have "
                    f"eps={layers[0].eps:g} (usual: 1e-5): the second positional argument is "
                    "eps, not momentum.",
                ),
                f"nn.BatchNorm2d(channels, momentum={layers[0].eps:g}), or leave both out.",
                line_of(sheet, player, "BatchNorm"),
                "An eps of 0.01 or more shrinks the normalised values noticeably.",
                "PyTorch, BatchNorm2d",
                harm="unclear",
            )
            return


def mixed_batch(sheet: Sheet) -> Iterator[Suspicion]:
    """Real and fake in one batch through batch norm."""
    share, count = sheet.share(
        lambda seen: seen.mixed, lambda seen: bool(seen.counts.get("d real"))
    )
    layers = [m for m in sheet.modules("d") if isinstance(m, _BATCH) and m.training]
    if count < 3 or share < 0.8 or not layers:
        return
    yield Suspicion(
        "batchnorm-mixed-batch",
        0.85,
        (
            f"D gets real and generated samples in one batch, and has {len(layers)} batch-norm "
            "layers: their statistics tell D what the batch is made of.",
            "In G's step the batch is all fake: D is asked something it was never taught.",
        ),
        "Score real and fake in two passes: D(real), then D(fake.detach()).",
        sheet.where("mixed", "d loss"),
        "Without batch norm the same concatenation would be harmless.",
        "PyTorch-GAN #135; ganhacks",
        harm="likely",
    )


def norm_before_output(sheet: Sheet) -> Iterator[Suspicion]:
    """A normalisation layer as the last thing before G's output or D's score."""
    for player in PLAYERS:
        kinds = [seen.lasts[player] for seen in sheet.rounds if seen.lasts.get(player)]
        norms = [kind for kind in kinds if "Norm" in kind and "Vector" not in kind]
        if len(norms) < 3 or len(norms) < 0.8 * len(kinds):
            continue
        name = player.upper()
        word = next((text for text in _WORDS if text in norms[-1]), "Norm")
        blank = player == "d" and _says_nothing(sheet)
        yield Suspicion(
            "norm-before-output",
            0.9 if blank else 0.75,
            (
                f"The last layer of {name} before its output is a {word}: it "
                + (
                    "forces every batch of samples to one mean and deviation."
                    if player == "g"
                    else "removes from a batch of scores just what D has to say."
                ),
                *(("D's output is the same for every sample.",) if blank else ()),
            ),
            f"Remove the normalisation after {name}'s last linear or convolutional layer.",
            line_of(sheet, player, word),
            "Read off the graph of the output, so the order of registration does not matter.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="certain" if blank else "likely",
        )


def eval_mode(sheet: Sheet) -> Iterator[Suspicion]:
    """A network trains in eval mode."""
    for player in PLAYERS:
        share, count = sheet.share(partial(_in_eval, player), partial(_has_mode, player))
        moody = [
            m
            for m in sheet.modules(player)
            if isinstance(m, _BATCH) or (isinstance(m, nn.Dropout) and m.p > 0)
        ]
        if count < 4 or share < 0.8:
            continue
        batch = sum(isinstance(m, _BATCH) for m in moody)
        yield Suspicion(
            "eval-mode",
            0.9 if batch else 0.5,
            (
                f"{player.upper()} was in eval mode in {share:.0%} of {count} training rounds "
                f"looked at; it has {batch} batch-norm and {len(moody) - batch} dropout layers.",
            ),
            f"Call {player.upper()}.train() before the loop, and again after sampling with eval().",
            sheet.where("g call" if player == "g" else "d real"),
            "Only passes that belong to a training step count."
            if moody
            else "Without batch norm or dropout the mode changes nothing.",
            # With other statistics G learns slower than its samples show: 6 classes where 10 were.
            harm="certain" if batch else "unclear",
        )


def _says_nothing(sheet: Sheet) -> bool:
    spans = [span for seen in sheet.rounds for span in seen.outputs.values()]
    return len(spans) >= 6 and all(span.high - span.low < 1e-4 for span in spans)


def _in_eval(player: Player, seen: Seen) -> bool:
    return not seen.modes[player]


def _has_mode(player: Player, seen: Seen) -> bool:
    return player in seen.modes


def line_of(sheet: Sheet, player: Player, text: str) -> Location | None:
    """The first line of a network's class that holds a text."""
    module: Any = (sheet.cast.generator if player == "g" else sheet.cast.discriminator).module
    if module is None:
        return None
    for each in (module, *module.modules()):
        try:
            lines, start = inspect.getsourcelines(type(each))
            file = inspect.getsourcefile(type(each))
        except (OSError, TypeError):
            continue
        if file is None or not file.startswith(sheet.recorder.roots):
            continue
        for number, line in enumerate(lines):
            if text in line:
                return Location(file, start + number)
    return None


RULES = (batchnorm_eps, mixed_batch, norm_before_output, eval_mode)
