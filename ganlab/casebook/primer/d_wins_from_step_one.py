"""D trained five times a step, saturating loss."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import PRIMER
from ganlab.config import Set
from ganlab.finding import Symptom

CASE = Case(
    slug="d-wins-from-step-one",
    title="D wins from step one: five D steps, saturating loss",
    document=PRIMER,
    passage="Generator loss goes to zero immediately — Discriminator wins from step one",
    claim=(
        "A D trained too many steps per G step makes G's gradient vanish, and G's loss goes to "
        "zero."
    ),
    verdict="true",
    truth=(
        "With the saturating loss it does: D is certain, log(1 - D(G(z))) is flat, and G stands "
        "still. With the non-saturating loss G's loss goes up instead of to zero. Of the fixes "
        "named, balance with the non-saturating loss cures it, and so does WGAN-GP; the "
        "non-saturating loss or label smoothing alone does not."
    ),
    watch=(
        "G's loss within 0.001 of zero from step 220 on; the slope of its loss below 0.02; no "
        "drift."
    ),
    shows=("loss_slope", "drift"),
    preset="small-mlp",
    settings={"loss": "saturating", "n_critic": 5, "steps": 800},
    cause="discriminator-too-strong",
    expects=(
        Signature("d_loss", "<", 0.05, by_step=600),
        Named(Symptom.SATURATION, by_step=700),
    ),
    cure=Fix(
        "Balance the steps and use the non-saturating loss",
        {"n_critic": Set(1), "loss": Set("non_saturating")},
        "A balanced D is less often certain, and -log D(G(z)) keeps its slope where it is.",
        "The document's fixes; Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
        steps=2500,
    ),
    fixes=(
        Fix(
            "Non-saturating generator loss",
            {"loss": Set("non_saturating")},
            "G gets a gradient again, but D still leads by far: it is certain most of the time, "
            "and one seed of three covers only two classes.",
            "The document's fix; Goodfellow et al. 2014 (arXiv:1406.2661)",
            helps=False,
            steps=2500,
        ),
        Fix(
            "Real labels at 0.9",
            {"real_label": Set(0.9)},
            "It bounds D's score of real samples, not that of fakes: G's loss is as flat as "
            "before.",
            "The document's fix; Salimans et al. 2016 (arXiv:1606.03498)",
            helps=False,
            steps=2500,
        ),
        Fix(
            "WGAN-GP",
            {
                "loss": Set("wgan_gp"),
                "head": Set("logits"),
                "lr_d": Set(0.0001),
                "lr_g": Set(0.0001),
                "beta1_d": Set(0.0),
                "beta1_g": Set(0.0),
                "beta2_d": Set(0.9),
                "beta2_g": Set(0.9),
            },
            "The critic's score is not squashed, so that G has a gradient even where the critic "
            "is sure, and five critic steps are what it wants.",
            "The document's fix; Gulrajani et al. 2017 (arXiv:1704.00028)",
            steps=1200,
        ),
    ),
    healthy="With balanced steps the slope of the same loss is mostly between 0.01 and 0.5.",
    control="saturating-loss-alone",
)
