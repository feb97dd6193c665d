"""D(x) and D(G(z)) as gauges in plain HTML: a tenth of the price of a figure. Pure."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping

from ganlab.observation import METRICS
from ganlab.ui.charts import COLOURS, LABELS

_PROBABILITIES, _SCORES = ("d_real", "d_fake"), ("logit_real", "logit_fake")


def outputs(values: Mapping[str, object]) -> tuple[str, str]:
    """The pair that says what D makes of both sides: probabilities, or a critic's scores."""
    known = "d_real" in values or "logit_real" not in values
    return _PROBABILITIES if known else _SCORES


def meters(last: Mapping[str, float]) -> str:
    """A gauge for each side, with its mark at 0.5; a critic's score has a number only."""
    return "".join(_meter(name, last.get(name, math.nan)) for name in outputs(last))


def _meter(name: str, value: float) -> str:
    label = html.escape(LABELS[name])
    number = "–" if math.isnan(value) else f"{value:.3f}"
    head = (
        f'<div title="{html.escape(METRICS[name].doc)}"><span>{label}</span>'
        f'<span class="value">{number}</span></div>'
    )
    if name in _SCORES:
        return f'<div class="meter">{head}</div>'
    share = 0.0 if math.isnan(value) else 100 * min(1.0, max(0.0, value))
    fill = f'<div class="fill" style="width:{share:.1f}%;background:{COLOURS[name]}"></div>'
    return (
        f'<div class="meter">{head}<div class="track" role="meter" aria-label="{label}" '
        f'aria-valuemin="0" aria-valuemax="1" aria-valuenow="{share / 100:.3f}">{fill}'
        '<div class="half"></div></div></div>'
    )
