"""From symptoms and facts to ranked causes and an assessment. Pure; knows no training or page.

diagnose(panel.open, facts, metrics)[0].cause -> "range-mismatch"
"""

from ganlab.causes.changes import Change, changes_of, last_to_undo
from ganlab.causes.suspect import Suspect
from ganlab.diagnosis.assessment import Assessment, State, assess
from ganlab.diagnosis.cures import cures, fitting
from ganlab.diagnosis.diagnosing import diagnose
from ganlab.diagnosis.episode import last_episode

__all__ = [
    "Assessment",
    "Change",
    "State",
    "Suspect",
    "assess",
    "changes_of",
    "cures",
    "diagnose",
    "fitting",
    "last_episode",
    "last_to_undo",
]
