"""A row imports only the rows below it, every module has a row, and nothing grows too large."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from tests.source import Rows, branches, climbs, imports, length, over, ring, siblings, within

ROOT = Path(__file__).parents[1]

MOST_BRANCHES = 12  # of a function, as `branches` counts them
MOST_LINES = 250  # of a file, the table of settings apart: one may be added
MOST_TEST_LINES = 500

# From the bottom up. The modules of one row do not know each other.
HOUSE: Rows = (
    ("choices", "curvegroups", "knob", "memory", "observation", "paths", "openflags"),
    ("patch", "outputs", "combinations"),
    ("config",),
    ("finding", "presets", "rates"),
    ("remedies",),
    ("causes",),
    ("casebook",),
    ("detectors",),
    ("panel", "definitions"),
    ("diagnosis", "runs", "engine"),
    ("doctor", "lab"),
    ("monitor", "rehearsal", "ui"),
    ("lightning",),
    ("__init__",),  # the public names
    ("bench",),  # measures all of them
    ("commands",),
    ("cli",),
    ("__main__",),
)
# The rows inside a package. Who is in none stands above them and knows none of its like.
INSIDE: dict[str, Rows] = {
    "": (("ganlab",), ("pages", "app")),
    "ganlab": HOUSE,
    "ganlab.detectors": (
        ("series", "specimen"),
        ("base", "before", "critic_streams", "saturation_streams"),
    ),
    "ganlab.remedies": (("catalogue", "acting"), ("symptoms",)),
    "ganlab.casebook": (("documents", "results"), ("case",), ("verdict",), ("measured",)),
    "ganlab.casebook.decline": (),
    "ganlab.casebook.losses": (),
    "ganlab.casebook.near_zero": (),
    "ganlab.casebook.ours": (),
    "ganlab.casebook.paper": (),
    "ganlab.casebook.primer": (),
    "ganlab.commands": (("arguments", "listing"),),
    "ganlab.doctor": (("record",), ("players",), ("read", "copies"), ("run", "say")),
    "ganlab.doctor.record": (
        ("functions", "modes", "nodes", "origin", "originals", "patches", "tensors", "users"),
        ("contracts", "flow"),
        ("graph",),
        ("events", "networks"),
        ("deck",),
        ("calls", "gradients", "steps"),
        ("passes",),
        ("recorder",),
    ),
    "ganlab.bench": (
        ("material", "timing", "mixtures", "threads", "floor"),
        ("table", "server", "baseline"),
        ("baseline_networks", "watching", "wanderers", "published_checks"),
        ("matches", "corpus", "opening"),
        ("monitoring", "live"),
    ),
    "ganlab.bench.doctor": (
        ("answers", "overhead", "phrases"),
        ("baselines", "scoring", "attach"),
        ("report", "running"),
    ),
    "ganlab.doctor.players": (
        ("fusing", "variables"),
        ("objects",),
        ("names",),
        ("naming",),
        ("cast",),
        ("given", "rounds"),
    ),
    "ganlab.doctor.copies": (("aside", "dimension", "kept", "weights"), ("players",)),
    "ganlab.doctor.read": (
        ("built", "geometry", "loss", "round", "scores", "statements"),
        ("history", "ownership", "samples", "side", "wiring"),
        ("leftover", "noise", "sorting"),
    ),
    "ganlab.doctor.run": (
        ("command", "ending", "launch", "picture", "schedule"),
        ("again", "journal", "looking", "search", "session"),
        ("opinion",),
        ("examiner",),
        ("report",),
        ("child",),
    ),
    "ganlab.doctor.say": (("drawing",),),
    "pages": (),
}
# What would be below, and is nobody's business there all the same.
STRANGERS = {
    "ganlab.engine": ("detectors", "finding", "panel", "remedies", "casebook", "presets"),
    "ganlab.runs": ("detectors", "panel", "remedies", "casebook", "presets"),
    "ganlab.detectors": ("presets", "casebook"),
    "ganlab.doctor.copies": ("runs", "detectors", "panel", "diagnosis"),
    "ganlab.doctor.read": ("runs", "detectors", "panel", "diagnosis"),
    "ganlab.ui": ("engine", "doctor"),
    "pages": ("engine", "runs", "doctor", "bench", "commands", "cli"),
    "app": ("engine", "runs", "doctor", "bench", "commands", "cli"),
}
# All that a package may know besides itself and Python's own modules.
KNOWS = {
    "ganlab.doctor.record": ("torch", "ganlab.causes.trace"),
    "ganlab.doctor.players": ("torch", "ganlab.causes.trace", "ganlab.doctor.record"),
    "ganlab.doctor.say": ("numpy", "ganlab.causes", "ganlab.curvegroups", "ganlab.runs"),
}
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


@cache
def imported() -> dict[str, set[str]]:
    known = modules()
    return {
        name: imports(path.read_text(), name, known, package=path.stem == "__init__")
        for name, path in known.items()
    }


def packages() -> list[str]:
    return ["", *sorted({name.rpartition(".")[0] for name in modules() if "." in name})]


def files() -> list[str]:
    paths = [*modules().values(), *sorted(ROOT.glob("tests/**/*.py"))]
    names = [path.relative_to(ROOT) for path in paths]
    return [str(name) for name in names if "material" not in name.parts]


def test_every_module_has_a_place() -> None:
    placed = {name for row in HOUSE for name in row}
    assert siblings("ganlab", imported()).keys() == placed


@pytest.mark.parametrize("package", INSIDE)
def test_imports_point_down(package: str) -> None:
    found = siblings(package, imported())
    named = {name for row in INSIDE[package] for name in row}
    assert named <= found.keys(), "a row names what is not there"
    assert climbs(found, INSIDE[package]) == []


@pytest.mark.parametrize("package", packages())
def test_no_package_imports_in_a_ring(package: str) -> None:
    assert ring(siblings(package, imported())) == []


@pytest.mark.parametrize("package", STRANGERS)
def test_some_rows_do_not_know_each_other(package: str) -> None:
    strangers = [f"ganlab.{name}" for name in STRANGERS[package]]
    for name, names in imported().items():
        if within(name, package):
            known = {used for used in names for stranger in strangers if within(used, stranger)}
            assert not known, f"{name} imports {known}"


@pytest.mark.parametrize("package", KNOWS)
def test_some_packages_know_little(package: str) -> None:
    known = (package, *KNOWS[package], *sys.stdlib_module_names)
    for name, names in imported().items():
        if within(name, package):
            further = {used for used in names if not any(within(used, each) for each in known)}
            assert not further, f"{name} imports {further}"


@pytest.mark.parametrize("package", RESERVED)
def test_a_package_stays_in_its_row(package: str) -> None:
    for name, names in imported().items():
        if not any(within(name, row) for row in RESERVED[package]):
            assert not any(within(used, package) for used in names), f"{name} imports {package}"


def test_no_function_has_too_many_branches() -> None:
    found = {
        f"{path}: {name}": number
        for path in files()
        for name, number in branches((ROOT / path).read_text()).items()
    }
    assert over(found, MOST_BRANCHES) == []


@pytest.mark.parametrize(("tests", "most"), [(False, MOST_LINES), (True, MOST_TEST_LINES)])
def test_no_file_is_too_long(tests: bool, most: int) -> None:
    found = {
        path: length((ROOT / path).read_text(), "knob")
        for path in files()
        if path.startswith("tests/") == tests
    }
    assert over(found, most) == []
