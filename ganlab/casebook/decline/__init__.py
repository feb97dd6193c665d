"""Cases of the question why accuracy declines after a number of iterations."""

from ganlab.casebook.decline import (
    histogram_1d,
    quality_declines,
    two_sided_smoothing,
    vanishing_1d,
)

CASES = (
    vanishing_1d.CASE,
    histogram_1d.CASE,
    two_sided_smoothing.CASE,
    quality_declines.CASE,
)
