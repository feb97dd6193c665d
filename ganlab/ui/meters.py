"""D(x) and D(G(z)) as gauges in plain HTML: a tenth of the price of a figure. Pure."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping

from ganlab.curvegroups import OUTPUTS, SCORES
from ganlab.observation import METRICS
from ganlab.ui.charts import COLOURS, LABELS
from ganlab.ui.entries import ENTRY, PAGE
from ganlab.ui.glossary import TERMS

_ENTRIES = {"d_real": "d-x", "d_fake": "d-g-z", "logit_real": "critic", "logit_fake": "critic"}
_TICK = "0.5: D cannot tell real from generated, or does not look"


def outputs(values: Mapping[str, object]) -> tuple[str, ...]:
    """The pair that says what D makes of both sides: probabilities, or a critic's scores."""
    known = "d_real" in values or "logit_real" not in values
    return OUTPUTS.metrics if known else SCORES.metrics


def meters(last: Mapping[str, float]) -> str:
    """A gauge for each side, with its mark at 0.5; a critic's score has a number only."""
    gauges = "".join(_meter(name, last.get(name, math.nan)) for name in outputs(last))
    return f'{gauges}<div class="meter-words">{_WORDS}</div>'


def _link(entry: str, words: str) -> str:
    """Leads to the glossary, whose sentence shows on hovering."""
    meaning = html.escape(TERMS[entry].meaning)
    where = f'href="{PAGE}?{ENTRY}={entry}" target="_blank" title="{meaning}"'
    return f"<a {where}>{html.escape(words)}</a>"


_WORDS = (
    f"Tick at 0.5: a D that {_link('d-g-z', 'cannot tell')} · losses in {_link('nats', 'nats')} · "
    f"scores are {_link('logit', 'logits')}"
)


def _meter(name: str, value: float) -> str:
    label = html.escape(LABELS[name])
    number = "–" if math.isnan(value) else f"{value:.3f}"
    head = (
        f'<div title="{html.escape(METRICS[name].doc)}"><span>{_named(name)}</span>'
        f'<span class="value">{number}</span></div>'
    )
    if name in SCORES.metrics:
        return f'<div class="meter">{head}</div>'
    share = 0.0 if math.isnan(value) else 100 * min(1.0, max(0.0, value))
    fill = f'<div class="fill" style="width:{share:.1f}%;background:{COLOURS[name]}"></div>'
    return (
        f'<div class="meter">{head}<div class="track" role="meter" aria-label="{label}" '
        f'aria-valuemin="0" aria-valuemax="1" aria-valuenow="{share / 100:.3f}">{fill}'
        f'<div class="half" title="{_TICK}"></div></div></div>'
    )


def _named(name: str) -> str:
    """The gauge's label as a link to its meaning."""
    return _link(_ENTRIES[name], LABELS[name])
