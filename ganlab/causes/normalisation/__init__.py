"""Normalisation layers and modes."""
