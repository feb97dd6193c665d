"""Cases of the question why accuracy declines after a number of iterations."""

from ganlab.casebook.decline import (
    two_sided_smoothing,
    vanishing_1d,
)

CASES = (
    vanishing_1d.CASE,
    two_sided_smoothing.CASE,
)
