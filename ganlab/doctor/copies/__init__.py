"""Experiments on copies of the players, with the samples and the noise that the script has used.

The live networks are never called. Knows of no round and of no trace.
"""
