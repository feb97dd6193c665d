"""Samples that get worse after a certain number of iterations."""

from ganlab.casebook.case import Case, Fix, Health, Named
from ganlab.casebook.documents import DECLINE
from ganlab.config import Set
from ganlab.finding import Severity, Symptom

CASE = Case(
    slug="quality-declines",
    title="Quality declines after a certain number of iterations",
    document=DECLINE,
    passage="The title's question",
    claim=(
        "Accuracy declines after a number of iterations because of mode collapse or vanishing "
        "gradients; at equilibrium D's accuracy is around 50 %."
    ),
    verdict="partly",
    truth=(
        "Two different things are called accuracy. D's falls towards 50 % when training goes "
        "well. The samples do get worse where D memorises: with 200 real images D tells them "
        "from held-out ones, its accuracy rises to 0.95, and the samples, best around step 1 "
        "000, move away from the distribution of the data. It is no mode collapse, as 8 to 9 "
        "classes are still covered, and G's gradient grows."
    ),
    watch=(
        "The distance to the real codebook turns and rises from 0.05 to 0.3; D's score of "
        "held-out reals sinks below -2."
    ),
    shows=("codebook_js", "logit_held_out"),
    preset="seed4-mlp",
    settings={"data_limit": 200, "dropout_d": 0.0, "real_label": 1.0, "steps": 4000},
    cause="too-few-images",
    expects=(
        Named(Symptom.QUALITY_DECLINE, by_step=4000, severity=Severity.WARNING),
        Named(Symptom.MEMORISATION, by_step=1500),
    ),
    cure=Fix(
        "Train on all images",
        {"data_limit": Set(0)},
        "D cannot memorise them in this time.",
        "Karras et al. 2020 (arXiv:2006.06676), figure 1",
    ),
    fixes=(
        Fix(
            "Labels 0.9 and 0.1",
            {"real_label": Set(0.9), "fake_label": Set(0.1)},
            "The document's example 3. It slows the decline and does not stop it: D still "
            "memorises.",
            "The document's example 3",
            helps=False,
        ),
    ),
    healthy=(
        "The distance to the real codebook falls and stays low; held-out reals score as the "
        "training ones do."
    ),
    data=("mnist",),
    absent={
        "digits": "200 variants of its few originals hold much of their variety, and quality holds"
    },
    health=Health(
        frechet=0.5,
    ),
)
