"""Mode collapse with every fix the document names."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="mode-collapse",
    title="Mode collapse, with every fix the document names",
    document=PRIMER,
    passage="Mode collapse — Generator produces nearly identical images",
    claim=(
        "Minibatch discrimination, mode-seeking loss, WGAN-GP, a larger latent or spectral "
        "normalisation cure it."
    ),
    verdict="partly",
    truth=(
        "Here the collapse comes from Adam's default beta1 of 0.9. WGAN-GP ends it even so, and "
        "so does a beta1 of 0.5, which the document names under another error. The other four "
        "did not cure it: a larger latent and spectral normalisation change little; "
        "mode-seeking loss and minibatch discrimination drive the samples apart, and still "
        "cover only 2 to 4 classes on MNIST."
    ),
    watch=(
        "Diversity below 0.15 until the end while D's loss moves between 0.03 and 2.8 and G's "
        "between 0.6 and 6."
    ),
    preset="seed3-mlp",
    settings={"steps": 2000},
    cause="adam-momentum",
    expects=(Named(Symptom.TOTAL_COLLAPSE, by_step=1900),),
    cure=Fix(
        "WGAN-GP",
        {"loss": Set("wgan_gp"), "head": Set("logits"), "n_critic": Set(5)},
        "The distance that its critic estimates stays large while all samples are alike.",
        "The document's fix; Gulrajani et al. 2017 (arXiv:1704.00028)",
        steps=1000,
    ),
    fixes=(
        Fix(
            "Lower Adam's beta1 to 0.5",
            {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
            "The cause here; the document names it under oscillation.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            steps=2500,
        ),
        Fix(
            "Minibatch discrimination",
            {"minibatch_discrimination": Set(16)},
            "D compares the samples of a batch; here it then wins outright.",
            "Salimans et al. 2016 (arXiv:1606.03498)",
            helps=False,
        ),
        Fix(
            "Mode-seeking loss",
            {"mode_seeking": Set(1.0)},
            "It rewards distance between samples, whatever they show.",
            "Mao et al. 2019 (arXiv:1903.05628)",
            helps=False,
        ),
        Fix(
            "latent_dim 256",
            {"latent_dim": Set(256)},
            "The latent was not what limited the variety.",
            "The document's fix",
            helps=False,
        ),
        Fix(
            "Spectral normalisation of D",
            {"spectral_norm": Set(True)},
            "It bounds D's slope; G stays where it is, or nearly.",
            "Miyato et al. 2018 (arXiv:1802.05957)",
            helps=False,
        ),
    ),
    healthy="Diversity rises above 0.3 within some hundred steps.",
    control="correct-tanh",
)
