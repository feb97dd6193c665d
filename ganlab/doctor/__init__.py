"""Names the root cause in somebody's own, unmodified script."""

from ganlab.doctor.session import Request, examine

__all__ = ["Request", "examine"]
