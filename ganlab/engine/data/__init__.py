"""Real data, loaded once into memory. Knows nothing of networks, losses or runs.

    load(config) -> Dataset      digits, mnist, fashion_mnist, shapes, folder,
                                 ring8, grid25, mixture1d, gaussian1d
    dataset.scaled(batch, "[-1,1]")     what D sees;  dataset.raw(...) is the way back

The split and the augmentation have a fixed seed of their own: `config.seed` varies weights, batches
and noise, so that runs with different seeds are compared on the same data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from ganlab.config import RunConfig
from ganlab.engine.data.dataset import DataError, Dataset, Listener, Progress, Pulse, idle, silent
from ganlab.engine.data.digits import load_digits
from ganlab.engine.data.folder import load_folder
from ganlab.engine.data.mnist import load_mnist
from ganlab.engine.data.points import load_points
from ganlab.engine.data.shapes import load_shapes

__all__ = ["DataError", "Dataset", "Progress", "Pulse", "load"]

_LOADERS: dict[str, Callable[[RunConfig, Listener], Dataset]] = {
    "digits": load_digits,
    "mnist": load_mnist,
    "fashion_mnist": load_mnist,
    "shapes": load_shapes,
    "ring8": load_points,
    "grid25": load_points,
    "mixture1d": load_points,
    "gaussian1d": load_points,
    "folder": load_folder,
}


def load(
    config: RunConfig, progress: Progress | None = None, pulse: Pulse | None = None
) -> Dataset:
    """The config's data on the CPU. Long work is announced in words through `progress`.

    `pulse` is called between any two files and blocks; what it raises ends the loading.
    Raises DataError (a ConfigError) when the data is missing, damaged or less than one batch.
    """
    listener = Listener(progress or silent, pulse or idle)
    dataset = _limited(_LOADERS[config.data](config, listener), config.data_limit)
    count = len(dataset.train)
    if config.batch_size > count:
        raise DataError(
            f"batch_size is {config.batch_size}, and data={config.data!r} has {count} training "
            f"samples with held_out={config.held_out:g} and data_limit={config.data_limit}; "
            f"allowed: 1 to {count}. Lower batch_size or held_out, or add data."
        )
    return dataset


def _limited(dataset: Dataset, limit: int) -> Dataset:
    """The data with its first `limit` training samples alone; what is held out stays."""
    if not limit or limit >= len(dataset.train):
        return dataset
    labels = dataset.train_labels
    return dataclasses.replace(
        dataset,
        train=dataset.train[:limit],
        train_labels=None if labels is None else labels[:limit],
    )
