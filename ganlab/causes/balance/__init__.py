"""Learning rates, momentum, strength: causes that only count with the symptom they explain."""
