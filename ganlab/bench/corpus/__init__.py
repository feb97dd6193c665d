"""Labelled runs that measure the detectors: what is recorded, what is true of it, how it scores."""
