"""From symptoms and facts to ranked causes and an assessment. Pure; knows no training or page.

diagnose(panel.open, facts, metrics)[0].cause -> "range-mismatch"
"""

from ganlab.diagnosis.assessment import Assessment, State, assess
from ganlab.diagnosis.changes import Change, changes_of, last_to_undo
from ganlab.diagnosis.episode import last_episode
from ganlab.diagnosis.ranking import diagnose
from ganlab.diagnosis.scene import Suspect

__all__ = [
    "Assessment",
    "Change",
    "State",
    "Suspect",
    "assess",
    "changes_of",
    "diagnose",
    "last_episode",
    "last_to_undo",
]
