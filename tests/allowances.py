"""What is still larger than the house allows, by the number it has: none may grow.

Divide what grows; lower the number of what has shrunk.
"""

from __future__ import annotations

BRANCHES: dict[str, int] = {}
LINES: dict[str, int] = {}
