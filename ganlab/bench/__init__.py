"""Side-by-side measurements with their targets: the engine, its monitoring, the page.

Not packaged: they run from a clone.
"""
