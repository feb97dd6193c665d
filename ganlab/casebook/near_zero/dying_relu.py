"""ReLU units that never fire again."""

from ganlab.casebook.case import Case, Fix, Named, Signature
from ganlab.casebook.documents import NEAR_ZERO
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="dying-relu",
    title="Dying ReLU: D's units switched off for good",
    document=NEAR_ZERO,
    passage="2. Activation Function Saturation",
    claim="ReLU units become inactive; G then makes simplistic outputs that D easily classifies.",
    verdict="partly",
    truth=(
        "Most of D's units do die, but not because of ReLU alone: it takes SGD at a rate of 0.3, "
        "whose first steps switch 70 to 100 % of them off within 50 steps. D dies more than G. "
        "Where all of its units are dead it answers the same to every input, and no gradient "
        "reaches G."
    ),
    watch="The share of D's dead units above one half within 100 steps; G's gradient at or near 0.",
    preset="small-mlp",
    settings={
        "optimizer_d": "momentum",
        "optimizer_g": "momentum",
        "lr_d": 0.3,
        "lr_g": 0.3,
        "head": "logits",
        "steps": 600,
    },
    cause="learning-rate-too-high",
    expects=(
        Named(Symptom.DEAD_UNITS, by_step=400, severity=Severity.WARNING),
        Signature("grad_norm_g", "<", 1e-06, by_step=600),
    ),
    cure=Fix(
        "Switch both to Adam (2e-4, 0.5, 0.999)",
        {
            "optimizer_d": Set("adam"),
            "optimizer_g": Set("adam"),
            "lr_d": Set(0.0002),
            "lr_g": Set(0.0002),
        },
        "Its steps are bounded by the learning rate, so that no unit is thrown out of reach.",
        "Kingma & Ba 2015 (arXiv:1412.6980), section 2.1",
        steps=2500,
    ),
    fixes=(
        Fix(
            "LeakyReLU in both networks",
            {"activation_d": Set("leaky_relu"), "activation_g": Set("leaky_relu")},
            "Units keep a gradient, but steps of this size throw the pair off in other ways.",
            "Radford et al. 2016 (arXiv:1511.06434), for D; our measurement",
            helps=False,
            steps=2500,
        ),
    ),
    healthy="At most a third of D's units is dead in a healthy run of this pair.",
    control="correct-tanh",
)
