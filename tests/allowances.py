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
    "ganlab/doctor/drawing.py: curves": 13,
    "ganlab/doctor/record/flow.py: Flow._follow": 17,
    "ganlab/doctor/record/flow.py: Origin.picked": 16,
    "ganlab/doctor/fusing.py: _tails": 20,
    "ganlab/doctor/record/graph.py: _note_norm": 15,
    "ganlab/doctor/record/graph.py: read": 13,
    "ganlab/doctor/rules/balance.py: learning_rate_high": 17,
    "ganlab/doctor/rules/data.py: range_mismatch": 21,
    "ganlab/doctor/record/recorder.py: Recorder._grad": 17,
    "ganlab/doctor/record/recorder.py: Recorder._looked_at": 17,
}
LINES = {
    "ganlab/bench/doctor_answers.py": 921,
    "ganlab/config.py": 467,
    "ganlab/doctor/record/flow.py": 289,
    "ganlab/doctor/record/recorder.py": 623,
    "tests/doctor/test_causes.py": 519,
}
