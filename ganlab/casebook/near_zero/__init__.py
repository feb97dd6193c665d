"""Cases of the question why both errors drop near zero."""

from ganlab.casebook.near_zero import correct_tanh, x255_output

CASES = (correct_tanh.CASE, x255_output.CASE)
