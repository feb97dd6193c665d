"""The doctor's page in a real browser, beside a real script in another process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server
from tests.browser.test_lab import CHART, LAST_STEP
from tests.doctor.scripts import ring

pytestmark = pytest.mark.browser


def examine(script: Path, runs: Path) -> subprocess.Popen[str]:
    """What a user types in a terminal."""
    environment = {"GANLAB_RUNS": str(runs), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "ganlab", "doctor", str(script), "--steps", "300"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_script_of_another_process_is_seen_live_with_its_diagnosis(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    server = serve()
    page.goto(f"{server.url}/doctor")
    expect(page.get_by_text("python -m ganlab doctor train.py").first).to_be_visible()

    # Started elsewhere, it appears by itself; its curves grow while it runs.
    pause = "import time; time.sleep(0.05)"
    healthy = examine(ring(tmp_path, steps=400, end=pause), tmp_path / "runs")
    diagnosis = page.locator(".st-key-diagnosis")
    header = page.locator(".st-key-header")
    expect(header).to_contain_text("ring.py", timeout=120_000)
    expect(header).to_contain_text("running")
    page.wait_for_function(f"{LAST_STEP} > 20", timeout=120_000)
    page.evaluate(f"document.querySelector('{CHART}').marked = true")
    first = page.evaluate(LAST_STEP)
    page.wait_for_function(f"{LAST_STEP} > {first}", timeout=60_000)
    assert page.evaluate(f"document.querySelector('{CHART}').marked") is True
    expect(header).to_contain_text("netG")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(diagnosis).to_contain_text("Healthy", timeout=120_000)
    expect(header).to_contain_text("finished")
    assert "HEALTHY" in healthy.communicate(timeout=60)[0]

    # A second script with a fault takes its place, and the cause is named with its line.
    faulty = examine(ring(tmp_path, criterion="nn.BCEWithLogitsLoss()"), tmp_path / "runs")
    expect(diagnosis).to_contain_text("Cause found: double-sigmoid", timeout=120_000)
    expect(diagnosis).to_contain_text(re.compile(r"ring\.py, line \d+"))
    expect(diagnosis).to_contain_text("Remove nn.Sigmoid() from D")
    assert "CAUSE FOUND" in faulty.communicate(timeout=60)[0]
