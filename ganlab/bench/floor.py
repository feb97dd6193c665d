"""The cost that no engine gets rid of: a step's matrix products, convolutions and fused Adam.

One step is watched, and its heavy operations are repeated alone, on tensors of the same shapes
and layouts. What the step costs beyond that is overhead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

aten = torch.ops.aten

_HEAVY = {
    aten.mm.default,
    aten.addmm.default,
    aten.bmm.default,
    aten.convolution.default,
    aten.convolution_backward.default,
    aten._fused_adam_.default,
}
if hasattr(torch.ops.mkldnn, "_linear_pointwise"):  # not in every build of torch
    _HEAVY.add(torch.ops.mkldnn._linear_pointwise.default)


class HeavyWork(TorchDispatchMode):
    """Notes the heavy operations run inside `with`; calling it afterwards repeats them."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[tuple[Callable[..., object], Any, Any]] = []
        self._copies: dict[object, Tensor] = {}

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func in _HEAVY:
            copied = tree_map_only(Tensor, self._copy, (tuple(args), dict(kwargs or {})))
            self.calls.append((func, *copied))
        return func(*args, **(kwargs or {}))

    def __call__(self) -> None:
        with torch.no_grad():
            for function, args, kwargs in self.calls:
                function(*args, **kwargs)

    def _copy(self, tensor: Tensor) -> Tensor:
        """One copy a tensor, so that weights used twice stay as warm as they were."""
        key = (tensor.data_ptr(), tensor.shape, tensor.stride())
        return self._copies.setdefault(key, tensor.detach().clone())


def heavy_work(step: Callable[[], object]) -> HeavyWork:
    """The heavy operations of one call of `step`."""
    work = HeavyWork()
    with work:
        step()
    return work
