"""Who reaches and moves what."""
