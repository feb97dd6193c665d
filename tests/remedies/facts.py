"""The facts of a config, as a trainer sends them, without training."""

from __future__ import annotations

from functools import cache

from ganlab.config import RunConfig
from ganlab.engine.data import Dataset, load
from ganlab.engine.facts import facts_of
from ganlab.engine.networks import count_parameters
from ganlab.engine.quality import Reference
from ganlab.engine.trainer import Trainer
from ganlab.observation import Facts


@cache
def real(data: str, limit: int) -> tuple[Dataset, Reference]:
    """A data set and the probe's view of it."""
    narrow = {"hidden_g": (2,), "hidden_d": (2,), "batch_size": 2, "probe_every": 1}
    config = RunConfig.of({"data": data, "data_limit": limit, "device": "cpu", **narrow})
    loaded = load(config)
    probe = Trainer(config, data=loaded).probe
    assert probe is not None
    return loaded, probe.reference


def facts_for(config: RunConfig) -> Facts:
    """Ranges by the data, sizes by the networks themselves."""
    data, reference = real(config.data, config.data_limit)
    pair = Trainer(config, data=data, monitor=False).pair
    return {
        **facts_of(config, data, reference),
        "parameters_g": count_parameters(pair.generator),
        "parameters_d": count_parameters(pair.discriminator),
    }
