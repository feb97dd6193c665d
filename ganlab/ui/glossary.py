"""The words of the lab, each in one or two exact sentences. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One word."""

    slug: str
    title: str
    meaning: str


_ALL = (
    Term(
        "d-x",
        "D(x)",
        "D's output for a real sample x, as a probability that it is real: the sigmoid of its "
        "logit. The gauge shows its mean over a batch; 1 means that D is sure of the real ones.",
    ),
    Term(
        "d-g-z",
        "D(G(z))",
        "D's output for a generated sample. Near 0 D sees through every fake; 0.5 on both sides, "
        "the tick of the gauges, is what a D says that cannot tell them, or does not look.",
    ),
    Term(
        "logit",
        "logit",
        "D's output before its sigmoid: ln(p / (1 − p)) of the probability p. 0 is 0.5, 4.6 is "
        "0.99; a critic's score is such a number and stands for no probability.",
    ),
    Term(
        "nats",
        "nat",
        "The unit of losses, entropies and divergences that use the natural logarithm; ln 2 = "
        "0.693 nats is one bit. A D that always says 0.5 pays 0.693 for real and 0.693 for "
        "generated samples, 1.386 in all.",
    ),
    Term(
        "auc",
        "AUC",
        "The chance that a score puts a random real sample above a random generated one: 0.5 is "
        "guessing, 1 tells all of them. It does not depend on where the threshold lies.",
    ),
    Term(
        "codebook",
        "codebook",
        "A set of bins fitted once to real data: the modes of a mixture, else the cells of "
        "k-means on the principal components of images. The share of samples in each bin, "
        "beside the share of real data there, says which parts of the data G makes.",
    ),
    Term(
        "js",
        "Jensen-Shannon divergence",
        "How far two histograms are apart: the mean divergence of both from their average. 0 is "
        "equal, ln 2 = 0.693 nats have no bin in common.",
    ),
    Term(
        "probe",
        "probe",
        "A look at G and D that changes neither: samples from private noise, and D's opinion of "
        "held-out reals, every 50 steps unless the run is set otherwise.",
    ),
    Term(
        "look",
        "look",
        "One row of measurements of a training step, every 10 steps unless the run is set "
        "otherwise.",
    ),
    Term(
        "held-out",
        "held-out",
        "Real samples that D is never trained on (5 % unless set otherwise). Where D scores them "
        "like fakes and its training samples like reals, it has memorised.",
    ),
    Term(
        "non-saturating",
        "non-saturating loss",
        "G minimises −log D(G(z)). Its gradient stays strong where D is sure that a sample is "
        "fake; the first paper (Goodfellow and others, 2014) already trains with it.",
    ),
    Term(
        "saturating",
        "saturating loss",
        "G minimises log(1 − D(G(z))), the other side of D's own loss. Its gradient vanishes "
        "where D is sure, which is where G needs it.",
    ),
    Term(
        "cross-entropy",
        "cross-entropy",
        "The loss −ln p of the probability p that was given to what is so. PyTorch's BCELoss "
        "limits each term to 100 nats, where the gradient is exactly zero: the clamp.",
    ),
    Term(
        "critic",
        "critic",
        "A D whose unbounded score is used as it is, without a probability. In a Wasserstein "
        "loss the difference of its mean scores estimates a distance, if its slope is bounded.",
    ),
    Term(
        "lipschitz",
        "Lipschitz bound",
        "A limit to how fast a critic's score may change with its input, usually 1. Clipping, a "
        "gradient penalty or spectral normalisation impose it.",
    ),
    Term(
        "gradient-penalty",
        "gradient penalty",
        "A term of D's loss that is large where the gradient of its output with respect to its "
        "input is: WGAN-GP asks for norm 1 between real and generated samples, R1 for 0 on reals.",
    ),
    Term(
        "latent",
        "latent z",
        "The vector of random numbers, drawn from N(0, 1), that G turns into a sample. Probes "
        "keep some z fixed, so that a change of their samples is a change of G.",
    ),
    Term(
        "mode",
        "mode",
        "A region where real data is dense: a digit, a cluster of points. In a collapse G makes "
        "few of them, or one.",
    ),
    Term(
        "diversity",
        "diversity",
        "The median distance of two generated samples over that of two real ones: 1 is as varied "
        "as the data, 0 one sample over and over.",
    ),
    Term(
        "drift",
        "drift",
        "How far the samples of fixed z have moved since the last probe, in units of the data's "
        "own spread. A settled G's is 0.02 to 0.07; around 1 everything is somewhere else.",
    ),
    Term(
        "two-sample-test",
        "two-sample test",
        "A linear classifier that tries to tell real from generated samples. An AUC near 0.5 "
        "says that it cannot.",
    ),
    Term(
        "warm-up",
        "warm-up",
        "The first 200 steps or a quarter of an epoch, whichever is longer, in which some "
        "detectors say nothing yet.",
    ),
    Term(
        "ema",
        "EMA",
        "An exponential moving average of G's weights, from which samples are drawn; training "
        "goes on with the weights themselves.",
    ),
    Term(
        "label-smoothing",
        "one-sided label smoothing",
        "D's target on real samples is 0.9 instead of 1, which keeps it from becoming sure.",
    ),
    Term(
        "severity",
        "notice, warning, failure",
        "How bad a finding is. Silent means nothing above notice.",
    ),
    Term(
        "symptom",
        "symptom and cause",
        "A symptom is measured (D(G(z)) near 0), a cause is named (data in 0 to 255 against a "
        "tanh output). A detector reports symptoms; the diagnosis joins them to causes.",
    ),
    Term(
        "twin",
        "cured twin",
        "A run on the same data and from the same seed as a failing one, which differs from it "
        "by the fix alone.",
    ),
    Term(
        "precision-recall",
        "precision and recall",
        "Precision: of the runs with an alarm, the share that failed. Recall: of the runs that "
        "failed, the share with an alarm.",
    ),
    Term(
        "f1",
        "F1",
        "The harmonic mean of precision and recall: high only where both are.",
    ),
)
TERMS: Mapping[str, Term] = {term.slug: term for term in _ALL}
