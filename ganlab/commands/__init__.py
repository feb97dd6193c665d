"""The commands of `python -m ganlab`, one a file. The only place that prints."""
