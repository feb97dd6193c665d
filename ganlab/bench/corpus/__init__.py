"""The detectors' benchmark on recorded runs: its baselines and its statistics."""
