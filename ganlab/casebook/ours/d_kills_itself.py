"""D destroys itself on the BCE clamp."""

from ganlab.casebook.case import Case, Fix, Named
from ganlab.casebook.documents import OURS
from ganlab.config import Scale
from ganlab.finding import Symptom

CASE = Case(
    slug="d-kills-itself",
    title="D destroys itself on the BCE clamp",
    document=OURS,
    passage="What loss curves hide",
    claim="D's learning rate is a hundred times too high, so D wins.",
    verdict="ours",
    truth=(
        "D loses. Its first large steps send all logits to one side, where BCELoss's clamp takes "
        "their gradient away: on a fake from logit 16.7 on, on a real sample as its probability "
        "underflows. D calls everything real, or everything fake, and cannot come back; its loss "
        "stands at 100."
    ),
    watch="D's loss at exactly 100 with D(x) and D(G(z)) both at 1 or both at 0.",
    preset="small-mlp",
    settings={"lr_d": 0.02, "steps": 500},
    cause="learning-rate-too-high",
    expects=(Named(Symptom.CLAMP_DEATH, by_step=200),),
    cure=Fix(
        "Divide D's learning rate by a hundred",
        {"lr_d": Scale(0.01)},
        "Steps of the usual size did not come near the clamp.",
        "Radford et al. 2016 (arXiv:1511.06434)",
        steps=2500,
    ),
    healthy="D's loss stays below 4.",
    control="correct-tanh",
)
