"""What a script does with torch: its forward passes, backward passes and optimiser steps.

Knows nothing of GANs: neither who plays whom nor what is wrong.
"""

from ganlab.doctor.record.events import Backward, Call, Step
from ganlab.doctor.record.flow import NOWHERE, Key, tensors_in
from ganlab.doctor.record.graph import Entry, last_activation
from ganlab.doctor.record.recorder import Network, Owner, Recorder, Tape

__all__ = [
    "NOWHERE",
    "Backward",
    "Call",
    "Entry",
    "Key",
    "Network",
    "Owner",
    "Recorder",
    "Step",
    "Tape",
    "last_activation",
    "tensors_in",
]
