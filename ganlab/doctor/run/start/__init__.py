"""What Python finds first in the process of a user's script; holds nothing else."""
