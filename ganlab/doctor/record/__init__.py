"""What a script does with torch: its forward passes, backward passes and optimiser steps.

Knows nothing of GANs: neither who plays whom nor what is wrong.
"""

from ganlab.doctor.record.contracts import Entry
from ganlab.doctor.record.events import Backward, Call, Step, Tape
from ganlab.doctor.record.networks import Network, Owner, owned_by
from ganlab.doctor.record.nodes import last_activation
from ganlab.doctor.record.origin import NOWHERE, Key
from ganlab.doctor.record.recorder import Recorder
from ganlab.doctor.record.tensors import tensors_in
from ganlab.doctor.record.users import Roots, is_users

__all__ = [
    "NOWHERE",
    "Backward",
    "Call",
    "Entry",
    "Key",
    "Network",
    "Owner",
    "Recorder",
    "Roots",
    "Step",
    "Tape",
    "is_users",
    "last_activation",
    "owned_by",
    "tensors_in",
]
