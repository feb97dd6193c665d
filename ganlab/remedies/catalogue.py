"""The catalogue: what to change, why, and who says so. Knows no symptom and no cause."""

from __future__ import annotations

from ganlab.finding import Remedy
from ganlab.patch import AtLeast, AtMost, Scale, Set

NON_SATURATING = Remedy(
    "Use the non-saturating loss",
    {"loss": Set("non_saturating")},
    "-log D(G(z)) keeps its slope where D is sure; log(1 - D(G(z))) is flat there.",
    "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
)
SLOWER_D = Remedy(
    "Slow D down",
    {"lr_d": Scale(0.1)},
    "A D that learns ten times more slowly leaves G time to follow.",
    "Heusel et al. 2017 (arXiv:1706.08500)",
)
INSTANCE_NOISE = Remedy(
    "Add instance noise",
    {"instance_noise": AtLeast(0.1)},
    "Noise on D's inputs makes the two distributions overlap, so that D cannot be sure.",
    "Arjovsky & Bottou 2017 (arXiv:1701.04862)",
)
R1_PENALTY = Remedy(
    "Penalise D's gradient (R1)",
    {"r1_weight": AtLeast(1.0)},
    "A flat D around the real data makes the game locally convergent.",
    "Mescheder et al. 2018 (arXiv:1801.04406)",
)
LOGITS_HEAD = Remedy(
    "Drop D's sigmoid, use the loss on logits",
    {"head": Set("logits")},
    "BCELoss clamps the logarithm: from logit 16.7 its gradient is exactly zero. "
    "The loss on logits has no such place.",
    "PyTorch, BCEWithLogitsLoss",
)
_ADAM_PAIR = {
    f"{name}_{player}": Set(value)
    for player in "dg"
    for name, value in (("optimizer", "adam"), ("lr", 2e-4), ("beta1", 0.5), ("beta2", 0.999))
}
ADAM = Remedy(
    "Train both with Adam (2e-4, 0.5, 0.999)",
    _ADAM_PAIR,
    "Adam's per-weight step sizes train pairs that plain SGD cannot.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
USUAL_RATES = Remedy(
    "Raise the learning rates to usual ones",
    {"lr_d": AtLeast(2e-4), "lr_g": AtLeast(2e-4)},
    "Adam at 2e-4 moves each weight by about 2e-4 a step; a hundredth of it takes a hundred times "
    "as long.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
RELATIVISTIC = Remedy(
    "Compare real with fake (relativistic loss with R1)",
    {"loss": Set("relativistic"), "head": Set("logits"), "r1_weight": AtLeast(1.0)},
    "D judges real against generated pairs, which leaves no single output that fools it.",
    "Huang et al. 2024 (arXiv:2501.05441)",
)
MINIBATCH_STD = Remedy(
    "Let D see the batch's variety",
    {"minibatch_std": Set(True)},
    "With the batch's standard deviation as a feature, D rejects batches of equal samples.",
    "Karras et al. 2018 (arXiv:1710.10196)",
)
PACKING = Remedy(
    "Show D two samples at a time (packing)",
    {"pack": AtLeast(2)},
    "A pair of generated samples gives missing variety away: it is more alike than real pairs are.",
    "Lin et al. 2018, PacGAN (arXiv:1712.04086)",
)
GENERATOR_NORM = Remedy(
    "Normalise G's hidden layers",
    {"norm_g": Set("batch")},
    "Batch norm in G keeps different latents apart.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
GENTLER = Remedy(
    "Divide both learning rates by ten",
    {"lr_d": Scale(0.1), "lr_g": Scale(0.1)},
    "Updates this large overshoot; start again with smaller ones.",
    "Goodfellow et al. 2016, Deep Learning, section 8.3",
)

LOWER_MOMENTUM = Remedy(
    "Lower Adam's beta1 to 0.5",
    {"beta1_d": AtMost(0.5), "beta1_g": AtMost(0.5)},
    "With less momentum neither player overshoots what the other has just changed.",
    "Radford et al. 2016 (arXiv:1511.06434), section 4",
)
FASTER_D = Remedy(
    "Train D five steps for each step of G",
    {"n_critic": AtLeast(5)},
    "D catches up with G before G moves on.",
    "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1",
)
LABEL_RATES = Remedy(
    "Raise both learning rates to 1e-3",
    {"lr_d": AtLeast(1e-3), "lr_g": AtLeast(1e-3)},
    "The few weights of the label inputs grow large enough to matter within the run.",
    "Kingma & Ba 2015 (arXiv:1412.6980), section 2.1, for Adam's step size",
)
PENALTY_TEN = Remedy(
    "Set the penalty's lambda to 10",
    {"gp_weight": Set(10.0)},
    "The value that the WGAN-GP paper used throughout.",
    "Gulrajani et al. 2017 (arXiv:1704.00028)",
)
RAW_SCORES = Remedy(
    "Remove the critic's sigmoid",
    {"head": Set("logits")},
    "A critic's score has to be unbounded.",
    "Arjovsky et al. 2017 (arXiv:1701.07875)",
)
ALL_IMAGES = Remedy(
    "Train on all images",
    {"data_limit": Set(0)},
    "D cannot memorise them as fast.",
    "Karras et al. 2020 (arXiv:2006.06676), figure 1",
)
LEAKY = Remedy(
    "LeakyReLU in both networks",
    {"activation_d": Set("leaky_relu"), "activation_g": Set("leaky_relu")},
    "A unit off its active side keeps a gradient and can come back.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
TANH_PAIR = Remedy(
    "Scale the data to [-1,1] and use tanh",
    {"data_range": Set("[-1,1]"), "output": Set("tanh")},
    "The pairing that the DCGAN paper and most working code use.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
FLIPPED_LABEL = Remedy(
    "Let G aim at real",
    {"generator_label": AtLeast(1.0)},
    "G learns to be taken for real only if its loss asks D to say 1 of its samples.",
    "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
)
LOSS_ON_LOGITS = Remedy(
    "Use the loss on logits",
    {"head": Set("logits")},
    "It takes D's raw output, and applies the sigmoid itself.",
    "PyTorch, BCEWithLogitsLoss",
)
SIGMOID_HEAD = Remedy(
    "End D in a sigmoid",
    {"head": Set("sigmoid")},
    "BCELoss takes probabilities.",
    "PyTorch, BCELoss",
)
GRADIENT_PENALTY = Remedy(
    "Hold the critic by a gradient penalty (WGAN-GP)",
    {"loss": Set("wgan_gp"), "gp_weight": Set(10.0)},
    "A penalty on the critic's slope keeps its score a distance.",
    "Gulrajani et al. 2017 (arXiv:1704.00028)",
)
CLIPPING = Remedy(
    "Clip the critic's weights at 0.01",
    {"weight_clip": Set(0.01)},
    "Weights in a small box bound the critic's slope.",
    "Arjovsky et al. 2017 (arXiv:1701.07875)",
)
