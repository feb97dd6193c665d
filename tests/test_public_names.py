"""What `from ganlab import ...` offers, and what importing it must not cost."""

from __future__ import annotations

import subprocess
import sys

import ganlab


def test_all_is_what_is_there() -> None:
    assert all(hasattr(ganlab, name) for name in ganlab.__all__)
    public = {name for name, value in vars(ganlab).items() if not name.startswith("_")}
    modules = {name for name in public if type(getattr(ganlab, name)).__name__ == "module"}
    assert public - modules == set(ganlab.__all__)


def test_importing_the_library_and_the_lab_does_not_import_torch() -> None:
    code = "import sys, ganlab, ganlab.lab, ganlab.cli; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
