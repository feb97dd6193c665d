"""Ranges, the number of real samples, noise and conditions."""
