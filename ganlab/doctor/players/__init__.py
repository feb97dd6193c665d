"""Who plays whom among the networks that ran, how the script calls them, and where rounds end."""
