"""What torch's functions make of their arguments' values, by the names of the functions."""

# A result of these has nothing of its arguments' values.
SHAPES_ONLY = frozenset(
    [
        "zeros_like",
        "ones_like",
        "empty_like",
        "rand_like",
        "randn_like",
        "randint_like",
        "full_like",
        "new_zeros",
        "new_ones",
        "new_empty",
        "new_full",
        "new_tensor",
        "size",
        "dim",
        "numel",
    ]
)
OVERWRITES = frozenset(
    ["zero_", "fill_", "normal_", "uniform_", "random_", "bernoulli_", "exponential_"]
)
CONCATENATES = frozenset(["cat", "concat", "concatenate", "vstack"])
# What a network written as plain functions is made of.
COMPUTES = frozenset(
    [
        "linear",
        "bilinear",
        "matmul",
        "__matmul__",
        "__rmatmul__",
        "mm",
        "addmm",
        "bmm",
        "baddbmm",
        "einsum",
        "embedding",
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "batch_norm",
        "layer_norm",
        "group_norm",
        "instance_norm",
        "prelu",
        "add",
        "mul",
        "__add__",
        "__radd__",
        "__mul__",
        "__rmul__",
    ]
)
