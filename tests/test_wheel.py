"""What is installed: small, without the benches, and whole without a clone around it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ganlab.bench import material
from ganlab.cli import main

ROOT = Path(__file__).parents[1]
LIMIT = 1e6  # bytes

MISSING = (
    "ganlab: `bench {what}` needs the benches and their material, which are not installed with "
    "the package: run `python -m ganlab bench {what}` in a clone of the repository.\n"
)
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
IMPORT_ALL = """
import importlib, pkgutil, sys, warnings
import ganlab
warnings.simplefilter("ignore")  # of what others bring along
assert ganlab.__file__.startswith(sys.argv[1]), ganlab.__file__
names = [module.name for module in pkgutil.walk_packages(ganlab.__path__, "ganlab.")]
for name in names:
    importlib.import_module(name)
print("\\n".join(names))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built beside it: nothing is left in the tree itself."""
    place, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for path in ROOT.iterdir():
        if path.name not in ("build", ".git") and path.suffix != ".egg-info":
            (place / path.name).symlink_to(path)
    said = subprocess.run(
        [sys.executable, "-c", BUILD, out], cwd=place, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content alone."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def away(
    installed: Path, folder: Path, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Python far from any clone, with the installed package first on its path."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed), "GANLAB_RUNS": str(folder / "runs")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LIMIT


def test_the_wheel_holds_the_package_without_its_benches(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    data = {".json", ".js", ".png"}  # that the package reads
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("ganlab/**/*")
        if path.suffix in {".py", *data} and "bench" not in path.relative_to(ROOT).parts
    }
    assert names == wanted


def test_every_installed_module_can_be_imported_without_a_clone(
    installed: Path, tmp_path: Path
) -> None:
    said = away(installed, tmp_path, ["-c", IMPORT_ALL, str(installed)])
    assert said.returncode == 0, said.stderr
    assert {"ganlab.cli", "ganlab.doctor.run.child", "ganlab.ui.shell"} <= set(said.stdout.split())


def test_only_their_command_asks_for_the_benches() -> None:
    asks = re.compile(r"^\s*(from|import) ganlab\.bench\b|^\s*from ganlab import .*\bbench\b", re.M)
    found = [path.relative_to(ROOT / "ganlab") for path in ROOT.glob("ganlab/**/*.py")
             if asks.search(path.read_text())]  # fmt: skip
    assert {path.as_posix() for path in found if path.parts[0] != "bench"} == {"commands/bench.py"}


@pytest.mark.parametrize("what", ["detectors", "doctor", "engine"])
def test_an_installed_bench_says_what_is_missing_and_what_to_do(
    installed: Path, tmp_path: Path, what: str
) -> None:
    said = away(installed, tmp_path, ["-m", "ganlab", "bench", what])
    assert (said.returncode, said.stdout, said.stderr) == (2, "", MISSING.format(what=what))


def test_so_does_one_that_lies_without_its_material(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(material, "FOLDER", tmp_path / "nowhere")
    assert main(["bench", "live"]) == 2
    assert capsys.readouterr().err == MISSING.format(what="live")
