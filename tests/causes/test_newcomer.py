"""Adding a cause is one file and one line in the roster: the example of ganlab/README.md, done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.doctor.scripts import ring

ROOT = Path(__file__).parents[2]
README = ROOT / "ganlab" / "README.md"
SLUG = "batch-too-small"
LAB = """
from ganlab.config import RunConfig
from ganlab.diagnosis import cures, diagnose
from ganlab.finding import Evidence, Finding, Severity, Symptom

proof = (Evidence("auc", 1.0, ">", 0.99),)
found = Finding(Symptom.SATURATION, Severity.FAILURE, 500, "D is sure.", proof)
facts = {"batch_size": 2, "loss": "non_saturating"}
first, *_ = diagnose([found], facts, {})
print(first.cause, "|", cures([first], [found], facts, RunConfig(batch_size=2))[0].name)
"""
HANDBOOK = """
from streamlit.testing.v1 import AppTest
from ganlab.ui.guard import Guard

Guard.stands = True
page = AppTest.from_file("app.py", default_timeout=60)
page.run()
page.switch_page("pages/handbook.py")
page.query_params["entry"] = "batch-too-small"
page.run()
assert not page.exception, page.exception
print("\\n".join(each.value for each in [*page.subheader, *page.code, *page.markdown]))
"""


def example() -> tuple[str, str, str, str]:
    """Where the README puts the file, its text, its class, and the class before it."""
    told = README.read_text()
    words = re.search(
        r"`(\w+\.py)` in `(\S+)`, and `(\w+)` \(with its import\) after `(\w+)`", told
    )
    code = re.search(r"```python\n(.*?)```", told, re.DOTALL)
    assert words and code
    return f"{words[2]}/{words[1]}", code[1], words[3], words[4]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its pages, with the example's file and its line."""
    place = tmp_path_factory.mktemp("house")
    unwanted = shutil.ignore_patterns("bench", "__pycache__")
    shutil.copytree(ROOT / "ganlab", place / "ganlab", ignore=unwanted)
    shutil.copytree(ROOT / "pages", place / "pages", ignore=unwanted)
    shutil.copy(ROOT / "app.py", place)
    (place / "tests" / "causes").mkdir(parents=True)
    for file in ("tests/__init__.py", "tests/causes/__init__.py", "tests/causes/test_specimens.py"):
        shutil.copy(ROOT / file, place / file)
    path, code, name, before = example()
    (place / "ganlab" / path).write_text(code)
    module = path.removesuffix(".py").replace("/", ".")
    roster = place / "ganlab" / "causes" / "roster.py"
    text, count = re.subn(rf"( +){before},\n", rf"\g<0>\g<1>{name},\n", roster.read_text())
    assert count == 1
    roster.write_text(
        text.replace("Thresholds =", f"from ganlab.{module} import {name}\n\nThresholds =", 1)
    )
    return place


def told(house: Path, *words: str, least: int = 0) -> str:
    """What a Python of that house prints; it has to end with a code of at most `least`."""
    surroundings = {name: os.environ[name] for name in os.environ if name != "PYTEST_ADDOPTS"}
    said = subprocess.run(
        [sys.executable, *words],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
        env={**surroundings, "PYTHONPATH": str(house), "GANLAB_RUNS": str(house / "runs")},
    )
    assert said.returncode <= least, said.stdout + said.stderr
    return said.stdout


def test_the_harness_is_content_with_it(house: Path) -> None:
    flags = ("-q", "-n", "0", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(house))
    asked = ("tests/causes/test_specimens.py", "-k", "BatchTooSmall or roster")
    assert re.search(r"^2\d passed", told(house, "-m", "pytest", *flags, *asked), re.MULTILINE)


def test_the_lab_names_and_cures_it(house: Path) -> None:
    assert told(house, "-c", LAB) == f"{SLUG} | Use batches of 64\n"


def test_the_doctor_finds_it_in_a_script(house: Path) -> None:
    script = ring(house, steps=60)
    script.write_text(re.sub(r"(?<!Linear)\(64,", "(2,", script.read_text()))
    words = ("-m", "ganlab", "doctor", str(script), "--json", str(house / "report.json"))
    told(house, *words, least=2)
    report = orjson.loads((house / "report.json").read_bytes())
    said = {each["slug"]: each for each in (*report["causes"], *report["notes"])}
    assert SLUG in said, f"the doctor's sensor, or the example of the README, is broken: {report}"
    found = said[SLUG]
    assert found["evidence"] == ["D's loss holds 2 real samples at once."]


def test_the_command_line_lists_it(house: Path) -> None:
    listed = told(house, "-m", "ganlab", "diagnose", "--list-thresholds").splitlines()
    place = listed.index(f"BatchTooSmall ({SLUG}): so few samples in a batch that its gradient is "
                         "mostly chance")  # fmt: skip
    assert listed[place + 1] == "    least = 4  samples in a batch that are enough"


def test_the_handbook_explains_it(house: Path) -> None:
    said = told(house, "-c", HANDBOOK)
    assert "Batch too small" in said
    assert "the lab   batch_size < 4, and a symptom" in said
    assert "70% sure, harms unless the samples are good] Batches of two" in said
    assert f"- [`{SLUG}`](handbook?entry={SLUG}) — so few samples" in said
