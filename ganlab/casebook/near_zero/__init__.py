"""Cases of the question why both errors drop near zero."""

from ganlab.casebook.near_zero import (
    correct_tanh,
    dying_relu,
    leaky_relu_before_sigmoid,
    linear_output,
    missing_sigmoid,
    plain_sigmoid,
    saturating_loss_alone,
    sigmoid_on_signed_data,
    tanh_on_unit_data,
    x255_output,
    zero_losses_saturating,
    zero_losses_unflipped,
)

CASES = (
    linear_output.CASE,
    x255_output.CASE,
    tanh_on_unit_data.CASE,
    sigmoid_on_signed_data.CASE,
    leaky_relu_before_sigmoid.CASE,
    plain_sigmoid.CASE,
    missing_sigmoid.CASE,
    dying_relu.CASE,
    correct_tanh.CASE,
    zero_losses_unflipped.CASE,
    zero_losses_saturating.CASE,
    saturating_loss_alone.CASE,
)
