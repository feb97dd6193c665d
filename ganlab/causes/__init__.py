"""What can be wrong with a pair, by name. A symptom is measured, a cause is named."""

from ganlab.causes.names import CAUSES, Name

__all__ = ["CAUSES", "Name"]
