"""Runs a script beside its watcher, from the command to the report's row."""
