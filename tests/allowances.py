"""What is still larger than the house allows, by the number it has: none may grow.

Outside the doctor this is the table of settings.
"""

from __future__ import annotations

BRANCHES = {
    "ganlab/causes/balance/discriminator_too_strong.py: DiscriminatorTooStrong._told": 13,
    "ganlab/causes/loss/direction.py: misdirected": 13,
    "ganlab/causes/rows.py: of_row": 15,
    "ganlab/causes/weigh.py: _causes": 15,
    "ganlab/diagnosis/assessment.py: assess": 15,
    "ganlab/doctor/cast.py: _score": 22,
    "ganlab/doctor/cast.py: find_cast": 15,
    "ganlab/doctor/read/round.py: _player": 29,
    "ganlab/doctor/read/round.py: _side": 23,
    "ganlab/doctor/drawing.py: curves": 13,
    "ganlab/doctor/examiner.py: Examiner._after_step": 15,
    "ganlab/doctor/examiner.py: Examiner._search": 17,
    "ganlab/doctor/fusing.py: _tails": 20,
    "ganlab/doctor/copies/lens.py: Lens.row": 13,
    "ganlab/doctor/read/trace.py: _take_affine": 14,
    "ganlab/doctor/read/trace.py: _take_side": 14,
    "ganlab/doctor/copies/trials.py: condition_matters": 14,
    "ganlab/doctor/copies/weights.py: Weights._box": 13,
    "ganlab/doctor/read/wiring.py: _take_graphs": 13,
    "ganlab/doctor/read/wiring.py: _take_left_over": 28,
    "ganlab/doctor/read/wiring.py: take_wiring": 13,
}
LINES = {
    "ganlab/config.py": 467,
    "ganlab/doctor/read/round.py": 280,
    "ganlab/doctor/examiner.py": 456,
    "tests/doctor/test_causes.py": 519,
}
