"""The words that settings are chosen from."""

from __future__ import annotations

DATASETS = (
    "digits",
    "mnist",
    "fashion_mnist",
    "shapes",
    "ring8",
    "grid25",
    "mixture1d",
    "gaussian1d",
    "folder",
)
IMAGE_DATASETS = ("digits", "mnist", "fashion_mnist", "shapes", "folder")
CLASSES = {
    "digits": 10,
    "mnist": 10,
    "fashion_mnist": 10,
    "shapes": 3,
    "ring8": 8,
    "grid25": 25,
    "mixture1d": 4,
}
RANGES = ("[-1,1]", "[0,1]", "[0,255]", "standardised")
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "elu", "linear")
NORMS = ("none", "batch", "batch_after_activation", "layer")
OUTPUTS = ("tanh", "sigmoid", "linear", "leaky_relu_sigmoid", "x255")
LOSSES = (
    "non_saturating",
    "saturating",
    "least_squares",
    "hinge",
    "wgan",
    "wgan_gp",
    "relativistic",
)
PROBABILITY_LOSSES = ("non_saturating", "saturating")
OPTIMIZERS = ("adam", "adamw", "rmsprop", "sgd", "momentum")
ADAPTIVE = ("adam", "adamw")
