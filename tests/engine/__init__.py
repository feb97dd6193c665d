"""Tests of ganlab/engine."""
