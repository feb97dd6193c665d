"""Faults that are done to the run store on purpose, and what it promises in spite of them.

A kind of fault is a `Fault`: a name, and a function that does it in an empty folder and raises
when something promised does not hold. One module a family, each with its `FAULTS`; `roster.py`
lists the families. `bench faults` tries them at random, the tests once each.
"""
