"""What the pages draw with: widgets, figures and cards. Never torch, the engine or file formats."""
