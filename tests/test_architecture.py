"""A row imports only the rows below it, and every module has a row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# The longest matching prefix decides.
ROWS = {
    "ganlab.knob": 0,
    "ganlab.patch": 0,
    "ganlab.config": 0,
    "ganlab.memory": 0,
    "ganlab.paths": 0,
    "ganlab.observation": 0,
    "ganlab.finding": 1,
    "ganlab.causes": 1,
    "ganlab.presets": 1,
    "ganlab.rates": 1,
    "ganlab.outputs": 1,
    "ganlab.remedies": 2,
    "ganlab.casebook": 2,
    "ganlab.detectors": 3,
    "ganlab.panel": 4,
    "ganlab.diagnosis": 4,
    "ganlab.runs": 5,
    "ganlab.engine": 5.5,
    "ganlab.bench": 8.5,  # measures the lab and the page too
    "ganlab.doctor": 6,
    "ganlab.monitor": 6.5,
    "ganlab.lightning": 6.6,
    "ganlab.lab": 7,
    "ganlab.rehearsal": 7.5,
    "ganlab.ui": 8,
    "ganlab.commands": 9,
    "ganlab.cli": 9.5,
    "ganlab": 8.4,  # the public names
    "ganlab.__main__": 10,
    "pages": 11,
    "app": 12,
}
# Within one row, these do not know each other.
STRANGERS = [("ganlab.engine", "ganlab.runs"), ("ganlab.engine", "ganlab.detectors"),
             ("ganlab.engine", "ganlab.finding"), ("ganlab.engine", "ganlab.panel"),
             ("ganlab.ui", "ganlab.engine"), ("ganlab.detectors", "ganlab.presets")]  # fmt: skip
# Packages that only some rows may use.
RESERVED = {
    "torch": ("ganlab.engine", "ganlab.bench", "ganlab.lab", "ganlab.doctor", "ganlab.monitor"),
    "torchvision": ("ganlab.engine", "ganlab.bench"),
    "sklearn": ("ganlab.engine",),
    "streamlit": ("ganlab.ui", "app", "pages"),
    "plotly": ("ganlab.ui",),
    "threading": ("ganlab.runs", "ganlab.engine.networks", "ganlab.bench", "ganlab.ui"),
    "argparse": ("ganlab.cli", "ganlab.commands"),
}


@cache
def modules() -> dict[str, Path]:
    files = [*ROOT.glob("ganlab/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    return {_name(path): path for path in sorted(files)}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in modules() else node.module


def row_of(module: str) -> float | None:
    parts = module.split(".")
    prefixes = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    found = next((prefix for prefix in prefixes if prefix in ROWS), None)
    if found is None or (found == "ganlab" and module != "ganlab"):
        return None
    return ROWS[found]


@pytest.mark.parametrize("module", modules())
def test_every_module_has_a_place(module: str) -> None:
    assert row_of(module) is not None, f"{module} has no row in tests/test_architecture.py"


@pytest.mark.parametrize("module", modules())
def test_imports_point_down(module: str) -> None:
    row = row_of(module)
    assert row is not None
    for imported in imports(modules()[module]):
        other = row_of(imported)
        if other is not None:
            assert other <= row, f"{module} (row {row}) imports {imported} (row {other})"


@pytest.mark.parametrize(("module", "stranger"), STRANGERS)
def test_some_rows_do_not_know_each_other(module: str, stranger: str) -> None:
    for name, path in modules().items():
        if name.startswith(module):
            assert not any(used.startswith(stranger) for used in imports(path)), name


@pytest.mark.parametrize("package", RESERVED)
def test_a_package_stays_in_its_row(package: str) -> None:
    for name, path in modules().items():
        if not name.startswith(RESERVED[package]):
            used = {imported.split(".")[0] for imported in imports(path)}
            assert package not in used, f"{name} imports {package}"
