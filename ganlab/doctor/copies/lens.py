"""Looks at copies of the players with inputs that the script itself has used.

The live networks are never called, no random number is drawn, and nothing is left behind.
"""

from __future__ import annotations

import copy
from collections import deque
from typing import Any, cast

import torch
from torch import Tensor, nn

from ganlab.doctor.aside import unheard, untouched_randomness
from ganlab.doctor.cast import Cast
from ganlab.doctor.read.round import Round
from ganlab.doctor.record import tensors_in
from ganlab.engine.history import CodebookHistory
from ganlab.engine.measure import deviations, outer_quantiles
from ganlab.engine.quality import Reference, two_sample_auc
from ganlab.observation import Metrics

_REALS = 2048  # kept for the reference
_LEAST = 192  # before anything is compared
_BYTES = 64 << 20  # of kept reals at most
_FIXED = 128
_PLACES = 1024  # numbers of a sample that tell it from others
_NUMBERS = 400_000  # of one kept batch of samples at most


class Lens:
    """Keeps real samples and noise of the script, and measures G's samples against them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.reals: list[Tensor] = []
        self.kept = 0
        self._all: Tensor | None = None  # of the reals kept when it was made
        self._sorted: Tensor | None = None
        self.known: set[int] = set()  # fingerprints of real samples
        self.repeats = 0
        self.shown = 0  # real samples looked at
        self.inputs: deque[list[Tensor]] = deque(maxlen=4)  # of G, batch by batch
        self.fixed: list[Tensor] | None = None
        # Samples that the script has made: of each of several generators.
        self.made: deque[Tensor] = deque(maxlen=4 * (1 + len(cast.twins)))
        self.reference: Reference | None = None
        self.history: CodebookHistory | None = None
        self.previous: Tensor | None = None
        self.copies: dict[str, nn.Module] = {}
        self.failed = ""

    def take(self, found: Round) -> None:
        """Keeps what a round shows of the data and of the noise."""
        for call in found.real:
            self._keep_reals(self.cast.samples(call))
        for call in found.mixed:
            for generated, part in self.cast.parts(call):
                (self._keep_made if generated else self._keep_reals)(part)
        for call in found.fake + found.twins:
            self._keep_made(self.cast.samples(call))
        for call in found.made[:1]:
            self.inputs.append([x.detach().clone() for x in call.inputs])
            self.fixed = self.fixed or self.inputs[0]

    def _keep_made(self, x: Tensor) -> None:
        if x.numel() <= 4 * _NUMBERS:
            self.made.append(x.detach().float().clone())

    def _keep_reals(self, x: Tensor) -> None:
        marks = _fingerprints(x)
        self.shown += len(marks)
        self.repeats += sum(mark in self.known for mark in marks)
        self.known.update(marks[: max(0, 100_000 - len(self.known))])
        if self.kept < _REALS and (self.kept + len(x)) * x[:1].numel() * 4 < _BYTES:
            self.reals.append(x.detach().float().clone())
            self.kept += len(x)
            self._all = self._sorted = None

    @property
    def distinct(self) -> int:
        """How many different real samples there seem to be; 0 while hardly any was seen twice.

        Estimated as drawn without replacement an epoch: the reals known when most are repeats.
        """
        return len(self.known) if self.repeats > 0.3 * max(1, self.shown) else 0

    @property
    def ready(self) -> bool:
        """Whether there are real samples enough to compare with."""
        return self.kept >= _LEAST

    def real(self) -> Tensor | None:
        """All kept real samples, once there are enough."""
        if self._all is None and self.ready:
            self._all = torch.cat(self.reals)
        return self._all

    def sorted_values(self) -> Tensor | None:
        """Values of the kept real samples, sorted; up to 400 000 of them."""
        real = self.real()
        if self._sorted is None and real is not None:
            self._sorted = real.reshape(-1)[:: max(1, real.numel() // 200_000)].sort().values
        return self._sorted

    def intrinsic(self) -> float | None:
        """The dimension of the real data by the ratio of the two nearest distances."""
        real = self.real()
        return None if real is None else intrinsic_dimension(real)

    def samples(self) -> Tensor | None:
        """The latest samples that the script has made itself."""
        return torch.cat(list(self.made)) if self.made else None

    # Copies

    def copy_of(self, player: str) -> nn.Module | None:
        """A copy of a live network as it is now; None where it cannot be copied."""
        network = self.cast.generator if player == "g" else self.cast.discriminator
        if network.module is None or self.failed:
            return None
        try:
            with untouched_randomness(), unheard(), torch.no_grad():
                twin = self.copies.get(player)
                if twin is None:
                    twin = self.copies[player] = _unhooked(copy.deepcopy(network.module))
                else:
                    twin.load_state_dict(network.module.state_dict())
                twin.train(network.module.training)
            return twin
        except Exception as error:  # a user's module may do anything
            self.failed = f"{type(error).__name__}: {error}"
            return None

    def generate(self, inputs: list[Tensor], *, training: bool = True) -> Tensor | None:
        """Samples of a copy of G. No random number is drawn from the script's stream."""
        twin = self.copy_of("g")
        if twin is None:
            return None
        twin.train(training)
        with untouched_randomness(), unheard(), torch.no_grad():
            out = twin(*inputs)
        first = next((t for t in tensors_in((out,)) if t.is_floating_point()), None)
        return None if first is None else first.float()

    # Measurements

    def row(self, batch: int = -1) -> Metrics:
        """What a probe of the lab measures, as far as it can be measured here.

        `batch`: which of the noise batches kept lately the fresh samples are made of.
        """
        real = self.real()
        if real is None or not self.inputs:
            return {}
        if self.reference is None:
            self.reference = Reference.of_samples(real)
            self.history = CodebookHistory(self.reference)
        fixed = fresh = None
        if not self.cast.twins:  # all generators together are to cover the data
            fixed = self.generate(_limited(self.fixed or []))
            fresh = self.generate(_limited(self.inputs[batch]))
        if fixed is None or fresh is None:
            fresh = self.samples()
            fixed = None
        if fresh is None or fresh[:1].numel() != real[:1].numel():
            return {}
        both = fresh if fixed is None else torch.cat([fixed, fresh])
        both = both.reshape(len(both), *real.shape[1:])
        if not bool(torch.isfinite(both).all()):
            return {}
        return self._measured(both, None if fixed is None else len(fixed), real)

    def _measured(self, both: Tensor, fixed: int | None, real: Tensor) -> Metrics:
        reference, history = self.reference, self.history
        assert reference is not None and history is not None
        embedded = reference.embedding(both)
        shares, outside = reference.histogram(embedded)
        margin = 0.05 * (reference.high - reference.low)
        beyond = (both < reference.low - margin) | (both > reference.high + margin)
        low, high = outer_quantiles(both.flatten()[:: max(1, both.numel() // 50_000)], 0.001)
        row: dict[str, Any] = {
            "diversity": reference.diversity(embedded),
            "top_bin": shares.max(),
            "codebook_js": reference.divergence(shares),
            "off_data": outside,
            "std_ratio": deviations(both).mean() / max(reference.pixel_std, 1e-12),
            "overflow": beyond.float().mean(),
            "fake_low": low,
            "fake_high": high,
        }
        row |= history.row(shares, len(both))
        count = min(len(both), len(real))
        if count >= 32:
            seen = real[torch.linspace(0, len(real) - 1, count, device=real.device).long()]
            row["two_sample_auc"] = two_sample_auc(
                real=reference.embedding(_shuffled(seen)), fake=_shuffled(embedded[:count])
            )
        if fixed is not None:
            mine, self.previous, before = embedded[:fixed], embedded[:fixed], self.previous
            if before is not None and before.shape == mine.shape:
                moved = (mine - before).norm(dim=1).mean()
                row["drift"] = moved / max(reference.pair_distance, 1e-12)
        return cast(Metrics, {name: float(value) for name, value in row.items()})


def intrinsic_dimension(x: Tensor) -> float | None:
    """Facco et al. 2017: in d dimensions the ratio of the two nearest distances is Pareto(d)."""
    flat = torch.unique(x.flatten(1)[:1000], dim=0).double()
    if len(flat) < 100:
        return None
    near = torch.cdist(flat, flat).topk(3, largest=False).values[:, 1:]
    near = near[near[:, 0] > 0]
    ratios = (near[:, 1] / near[:, 0]).log().sort().values
    kept = ratios[: int(0.9 * len(ratios))]
    # The largest tenth is cut off; the likelihood counts it at the bound.
    total = float(kept.sum() + (len(ratios) - len(kept)) * kept[-1])
    return len(kept) / total if total > 0 else None


def _shuffled(x: Tensor) -> Tensor:
    """Every other row first: both halves hold early and late ones."""
    return torch.cat([x[::2], x[1::2]])


def _limited(inputs: list[Tensor]) -> list[Tensor]:
    rows = max((len(x) for x in inputs if x.dim()), default=0)
    return [x[:_FIXED] if x.dim() and len(x) == rows else x for x in inputs]


def _fingerprints(x: Tensor) -> list[int]:
    """A number for each sample, equal for equal samples."""
    flat = x.detach().reshape(len(x), -1).float()
    if flat.shape[1] > _PLACES:
        # Scattered: a regular stride would read one column of a picture, often its black border.
        places = torch.arange(_PLACES, device=flat.device) * 2_654_435_761 % flat.shape[1]
        flat = flat[:, places]
    weights = torch.arange(1, flat.shape[1] + 1, device=flat.device, dtype=torch.float64).sqrt()
    return [hash(value) for value in (flat.double() @ weights).tolist()]


def _unhooked(module: nn.Module) -> nn.Module:
    for each in module.modules():
        each._forward_hooks.clear()
        each._forward_pre_hooks.clear()
        each._backward_hooks.clear()
    return module
