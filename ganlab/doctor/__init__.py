"""Names the root cause in somebody's own, unmodified script."""

from ganlab.doctor.command import Request
from ganlab.doctor.session import examine

__all__ = ["Request", "examine"]
