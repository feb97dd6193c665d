"""The report as a page: all of it, self-contained, and nothing of the user's taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganlab.doctor.say import drawing
from ganlab.doctor.say.page import as_page
from ganlab.observation import Samples
from ganlab.runs import RunStore, Source

EVIL = '<script>alert(1)</script><img src=https://evil.example/x>&"'
REPORT: dict[str, Any] = {
    "verdict": "cause",
    "reason": f"A sigmoid twice {EVIL}",
    "causes": [
        {
            "slug": "double-sigmoid",
            "confidence": 0.97,
            "evidence": [f"Seen in {EVIL}"],
            "location": {"file": f"/home/{EVIL}/train.py", "line": 24, "code": f"x = '{EVIL}'"},
            "fix": "- a < b\n+ a > b",
            "checked": "The graph was read.",
            "source": "PyTorch",
        }
    ],
    "notes": [
        {
            "slug": "batchnorm-eps",
            "confidence": 0.5,
            "evidence": ["eps is 0.8"],
            "location": None,
            "fix": "Name it.",
            "checked": "",
            "source": "",
        }
    ],
    "symptoms": [{"slug": "saturation", "severity": "warning", "step": 4}],
    "discovered": {"generator": EVIL, "discriminator": "netD"},
    "steps": 60,
    "seconds": 12.0,
    "overhead": 0.031,
    "script_exit": None,
}


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def page_of(store: RunStore, samples: Samples) -> str:
    run = store.create_watched(Source("train.py"))
    for step in range(1, 60):
        row = {"step": step, "d_loss": 1.0 + step, "g_loss": 0.7, "grad_norm_g": 0.1 * step}
        store.append(run, "metrics", row | {"d_real": float("nan") if step == 5 else 0.5})
    finding = {"event": "opened", "symptom": "saturation", "severity": "warning", "step": 4}
    store.append(run, "findings", finding | {"summary": EVIL})
    store.write_samples(run, "real", samples)
    store.write_samples(run, 50, samples)
    store.close(run)
    return as_page(REPORT | {"run": run}, f"/home/her/{EVIL}.py", store)


class Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


IMAGE = Samples(image=np.zeros((16, 16), np.uint8))
POINTS = Samples(points=np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32))


@pytest.mark.parametrize("samples", [IMAGE, POINTS])
def test_the_page_has_all_of_the_report_and_loads_nothing(
    store: RunStore, samples: Samples
) -> None:
    page = page_of(store, samples)
    reader = Reader(page)
    for text in ("double-sigmoid (97%)", "train.py:24", "The graph was read.", "+ a > b",
                 "batchnorm-eps", "saturation", "overhead 3.1%", "netD", "D loss",
                 "Samples at update 50"):  # fmt: skip
        assert text in reader.text, text
    assert "script" not in reader.tags
    assert all(link.startswith("data:image/png;base64,") for link in reader.links)
    assert EVIL not in page
    assert "nan" not in page.split("<svg", 1)[1]


def test_a_report_without_a_run_is_a_page_too() -> None:
    blank = REPORT | {"verdict": "not-assessed", "causes": [], "notes": [], "symptoms": []}
    page = as_page(blank | {"discovered": {"generator": None, "discriminator": None}}, "t.py", None)
    assert "Not assessed." in page
    assert "<svg" not in page


def test_a_constant_line_and_a_single_point_can_be_drawn() -> None:
    assert "<polyline" in drawing.curves({"x": ([1, 2], [3, 3])})
    assert "<polyline" in drawing.curves({"x": ([1], [3])}, log=True)
    assert drawing.curves({"x": ([1], [float("nan")])}) == ""
    assert drawing.curves({"x": ([1], [0.0])}, log=True) == ""
