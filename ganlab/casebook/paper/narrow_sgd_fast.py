"""Run 1, narrowed for speed."""

from ganlab.casebook.case import Case, Fix, Signature
from ganlab.casebook.documents import PAPER
from ganlab.config import Set

CASE = Case(
    slug="narrow-sgd-fast",
    title="Run 1, narrowed for speed: SGD with momentum 0.5, learning rate 0.1",
    document=PAPER,
    passage="5 Results, figure 1",
    claim="D's loss saturates at its maximum while G's drops to zero, with no diversity at all.",
    verdict="partly",
    truth=(
        "Two separate events. From the start every latent gives nearly the same image, under "
        "losses that look normal. What follows depends on the data: on MNIST the narrow pair "
        "moved apart around step 1 000 in three seeds of three and covered 7 to 10 classes at "
        "the end; on the embedded digits D's loss froze at 100 in three of three, at steps 1 "
        "480, 50 and 1 320."
    ),
    watch="Diversity below 0.15 under losses around 1.",
    preset="paper-mlp",
    settings={
        "hidden_g": (256, 256),
        "optimizer_d": "momentum",
        "optimizer_g": "momentum",
        "lr_d": 0.1,
        "lr_g": 0.1,
        "steps": 2500,
    },
    cause="optimizer-unsuited",
    expects=(Signature("diversity", "<", 0.15, by_step=600, window=400),),
    cure=Fix(
        "Switch both to Adam (2e-4, 0.5, 0.999)",
        {
            "optimizer_d": Set("adam"),
            "optimizer_g": Set("adam"),
            "lr_d": Set(0.0002),
            "lr_g": Set(0.0002),
        },
        "The paper's own third run. It looks alike at first too, and then recovered with "
        "every seed.",
        "The paper, section 5, figure 3",
        steps=4000,
    ),
    healthy="Diversity rises above 0.3 before step 1 500.",
    control="narrow-adam",
)
