"""Names the root cause in somebody's own, unmodified script."""

from ganlab.doctor.run.command import Request
from ganlab.doctor.run.session import examine

__all__ = ["Request", "examine"]
