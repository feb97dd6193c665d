"""What is still larger than the house allows, by the number it has: none may grow.

Outside the doctor these are the table of settings and the table of answers.
"""

from __future__ import annotations

BRANCHES = {
    "ganlab/causes/balance/discriminator_too_strong.py: DiscriminatorTooStrong._told": 13,
    "ganlab/causes/loss/direction.py: misdirected": 13,
    "ganlab/causes/rows.py: of_row": 15,
    "ganlab/causes/weigh.py: _causes": 15,
    "ganlab/diagnosis/assessment.py: assess": 15,
    "ganlab/diagnosis/ranking.py: diagnose": 16,
    "ganlab/diagnosis/wiring.py: range_mismatch": 20,
    "ganlab/doctor/cast.py: _score": 22,
    "ganlab/doctor/cast.py: find_cast": 15,
    "ganlab/doctor/digest.py: _player": 29,
    "ganlab/doctor/digest.py: _side": 23,
    "ganlab/doctor/drawing.py: curves": 13,
    "ganlab/doctor/examiner.py: Examiner._after_step": 15,
    "ganlab/doctor/examiner.py: Examiner._search": 17,
    "ganlab/doctor/fusing.py: _tails": 20,
    "ganlab/doctor/lens.py: Lens.row": 13,
    "ganlab/doctor/rules/balance.py: learning_rate_high": 17,
    "ganlab/doctor/rules/data.py: range_mismatch": 21,
    "ganlab/doctor/seeing.py: _take_affine": 14,
    "ganlab/doctor/seeing.py: _take_side": 14,
    "ganlab/doctor/trials.py: condition_matters": 14,
    "ganlab/doctor/weights.py: Weights._box": 13,
    "ganlab/doctor/wires.py: _take_graphs": 13,
    "ganlab/doctor/wires.py: _take_left_over": 28,
    "ganlab/doctor/wires.py: take_wiring": 13,
}
LINES = {
    "ganlab/bench/doctor_answers.py": 921,
    "ganlab/config.py": 467,
    "ganlab/doctor/digest.py": 280,
    "ganlab/doctor/examiner.py": 456,
    "tests/doctor/test_causes.py": 519,
}
