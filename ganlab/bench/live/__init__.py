"""Live breaks: healthy runs, patched in mid-training, beside the twin that nobody touched."""
