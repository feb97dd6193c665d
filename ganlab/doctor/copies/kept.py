"""What the script itself has shown of its data, its noise and its samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

_REALS = 2048  # kept for the reference
_LEAST = 192  # before anything is compared
_BYTES = 64 << 20  # of kept reals at most
_PLACES = 1024  # numbers of a sample that tell it from others
_KNOWN = 100_000  # different samples that are told apart
_NUMBERS = 400_000  # of one kept batch of samples at most


class Kept:
    """Real samples, G's inputs and G's samples, of which the newest are kept."""

    def __init__(self, generators: int = 1) -> None:
        self.reals: list[Tensor] = []
        self.count = 0  # of them
        self._all: Tensor | None = None  # of the reals kept when it was made
        self._sorted: Tensor | None = None
        self.known: set[int] = set()  # fingerprints of real samples
        self.repeats = 0
        self.shown = 0  # real samples looked at
        self.inputs: deque[list[Tensor]] = deque(maxlen=4)  # of G, batch by batch
        self.fixed: list[Tensor] | None = None
        # Samples that the script has made: of each of several generators.
        self.made: deque[Tensor] = deque(maxlen=4 * generators)

    def take(
        self, *, real: Iterable[Tensor], made: Iterable[Tensor], inputs: Sequence[Tensor] | None
    ) -> None:
        """The batches of one round, and what one pass of G was given."""
        for x in real:
            self._keep_reals(x)
        for x in made:
            if x.numel() <= 4 * _NUMBERS:
                self.made.append(x.detach().float().clone())
        if inputs is not None:
            self.inputs.append([x.detach().clone() for x in inputs])
            self.fixed = self.fixed or self.inputs[0]

    def _keep_reals(self, x: Tensor) -> None:
        marks = _fingerprints(x)
        self.shown += len(marks)
        self.repeats += sum(mark in self.known for mark in marks)
        self.known.update(marks[: max(0, _KNOWN - len(self.known))])
        if self.count < _REALS and (self.count + len(x)) * x[:1].numel() * 4 < _BYTES:
            self.reals.append(x.detach().float().clone())
            self.count += len(x)
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
        return self.count >= _LEAST

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

    def samples(self) -> Tensor | None:
        """The latest samples that the script has made itself."""
        return torch.cat(list(self.made)) if self.made else None

    def latent(self) -> int | None:
        """How many numbers G gets for a sample; None while unknown."""
        newest = self.inputs[-1] if self.inputs else []
        given = [x for x in newest if x.is_floating_point() and x.dim()]
        return sum(x[:1].numel() for x in given) if given else None


def _fingerprints(x: Tensor) -> list[int]:
    """A number for each sample, equal for equal samples."""
    flat = x.detach().reshape(len(x), -1).float()
    if flat.shape[1] > _PLACES:
        # Scattered: a regular stride would read one column of a picture, often its black border.
        places = torch.arange(_PLACES, device=flat.device) * 2_654_435_761 % flat.shape[1]
        flat = flat[:, places]
    weights = torch.arange(1, flat.shape[1] + 1, device=flat.device, dtype=torch.float64).sqrt()
    return [hash(value) for value in (flat.double() @ weights).tolist()]
