"""The four runs of Burakowski's paper, at its own widths and narrowed."""

from ganlab.casebook.paper import (
    narrow_adam,
    narrow_sgd_fast,
    narrow_sgd_faster,
    narrow_sgd_slow,
    narrow_sigmoid,
    paper_adam,
    paper_sgd_fast,
    paper_sgd_slow,
    paper_sigmoid,
)

CASES = (
    paper_sgd_fast.CASE,
    paper_sgd_slow.CASE,
    paper_adam.CASE,
    paper_sigmoid.CASE,
    narrow_sgd_fast.CASE,
    narrow_sgd_faster.CASE,
    narrow_sgd_slow.CASE,
    narrow_adam.CASE,
    narrow_sigmoid.CASE,
)
