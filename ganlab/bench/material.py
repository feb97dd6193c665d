"""Where the benches' material lies: in a clone, beside its tests. No wheel holds it."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "tests" / "material"
CORPUS = FOLDER / "corpus"  # recorded runs: an open and a sealed archive, the ledger of looks
LIVE = FOLDER / "live"  # recorded live breaks, likewise
SCRIPTS = FOLDER / "scripts"  # what the doctor is tried on: other people's styles, our faults
SAID = SCRIPTS / "said.json"  # what it said of them
