"""Reads what was recorded: a round of calls becomes one trace, traces become a history.

Knows of no experiment, of no detector and of no file.
"""
