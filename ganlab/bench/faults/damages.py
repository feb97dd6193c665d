"""What a run folder can be like that ganlab did not write so: each damage as data.

A damage says what it does to the folder and what is promised of it: whether the run is still
listed as one (else its folder is a row that says what is wrong).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ganlab.bench.faults.acts import (
    EVENT,
    cause,
    evidence,
    fields,
    finding,
    instead,
    metric,
    nothing,
    patch,
    put,
    remedy,
    report,
    rows,
    setting,
    to_aside,
)
from ganlab.bench.faults.damage import DEEP, HUGE, Damage, each
from ganlab.bench.faults.places import PLACES, WHOLE
from ganlab.bench.faults.specimen import POINTS, SCRIPT, row

CONFIG = (
    Damage("config.json is missing", instead("config.json", nothing), listed=False),
    Damage("config is a list", fields("config.json", config=[]), listed=False),
    Damage("config is null, and no script", fields("config.json", config=None), listed=False),
    Damage("a loss of a newer version", setting(loss="wgan_of_2030"), listed=False),
    Damage("a setting of a newer version", setting(newer=[{"a": 1}])),
    Damage("steps without end", setting(steps=10**30), listed=False),
    Damage("a learning rate as text", setting(lr_d="fast"), listed=False),
    Damage("widths that are no numbers", setting(hidden_g=[None, "x"]), listed=False),
    Damage("a script that is a number", fields("config.json", source=5), False, SCRIPT),
    *each(
        "config.json",
        partial(fields, "config.json"),
        created=(1e15, 1e300, 10**30, -1e18, "noon", None, [1]),
        name=(None, 5, ["a"], "x" * 100_000, "a\x1b[31m\x00\nb", "![x](http://x/y)"),
        parent=(5, "gone"),
    ),
)

OUTCOME = each(
    "outcome.json",
    partial(fields, "outcome.json"),
    status=("melted", "running", None),
    step=("many", -1, 1e300, None),
    seconds=(None, "long", 1e300),
    error=(["no"], "\x1b]0;x\x07 \n\n"),
    traceback=(5,),
    newer=({"a": 1},),
    finished=(-5,),
)

METRICS = (
    *each(
        "metrics",
        metric,
        step=("50", None, [50], {"a": 1}, -1, 50.5, True, 2**53, 1e300, 10**30),
        seconds=("5", None, -5.0, 1e308, []),
        d_loss=("1", [1], {"a": 1}, 1e308, -1e308, 10**30, HUGE, True),
        d_real=(1e308, -1e308, 1e30),
        facts=("none", [1], 5, {"loss": 5}, {"batch_size": "all"}, {"batch_size": 0},
               {"newer": {}}, {"newer": "x"}, {"parameters_g": None}, {"train_size": 10**30},
               {"reach_low": 1e308, "reach_high": -1e308}, {"lr_d": -1e308}),
        newer=(0.5,),
    ),
    Damage("metrics: garbage", rows("metrics", b"\x00\xff garbage", b"5", b"null", DEEP)),
    Damage("metrics: steps that go back", rows("metrics", row(90), row(60), row(5))),
    Damage("metrics: a name without end", metric(**{"x" * 100_000: 1.0})),
    Damage("metrics: thousands of names", metric(**{f"x{n}": 1.0 for n in range(3000)})),
    Damage("metrics: a torn row of a megabyte", rows("metrics", b'{"step": 60, "a' + b"a" * 10**6)),
    Damage("metrics.jsonl is empty", put("metrics.jsonl", b"")),
    Damage("metrics.jsonl is missing", instead("metrics.jsonl", nothing)),
)  # fmt: skip

FINDINGS = (
    Damage("findings: a newer symptom", finding(symptom="glow", severity="failure")),
    *each(
        "findings",
        finding,
        step=("30", None, [30], -1, 1e300),
        symptom=("glow", 5, None, "x" * 10_000, ""),
        severity=("catastrophe", 3, None, ""),
        event=("eased", 1, None),
        summary=(5, None, "glow\n\n# glows\x00"),
        evidence=([], "none", None, [5]),
        remedies=("none", None, [5]),
        until=("x", -1),
        at=("x", 35),
    ),
    *each(
        "evidence",
        evidence,
        observed=("much", None, "nan", "-inf", 1e308, HUGE, True),
        bound=("x", "inf"),
        window=("x", 1e300, -1),
        metric=("glow", 5, ""),
        relation=("resembles", None, ">="),
    ),
    *each(
        "a remedy",
        remedy,
        name=(5, ""),
        patch=({}, {"newer": {"set": 1}}, {"lr_d": {"bend": 2}}, {"lr_d": {"scale": "x"}},
               {"lr_d": {"scale": 1e308}}, {"loss": {"scale": 2}}, {"n_critic": {"scale": 1e308}},
               {"hidden_g": {"set": [1, 2]}}, {"lr_d": 5}, [1], {"lr_d": {}},
               {"lr_d": {"set": None}}, {"lr_d": {"at_least": "x"}}, {"steps": {"set": 10**30}}),
    ),
    Damage("findings: two remedies of one name", finding(remedies=[
        EVENT["remedies"][0], EVENT["remedies"][0] | {"patch": {"lr_g": {"scale": 2.0}}}])),
    Damage("findings: garbage", rows("findings", b"\x00", b"[]", b'"text"', DEEP)),
)  # fmt: skip

PATCHES = (
    *each(
        "patches",
        patch,
        patch=({"lr_d": {"scale": 1e308}}, {"n_critic": {"scale": 1e308}},
               {"lr_d": {"scale": "x"}}, {"lr_d": {"bend": 2}}, {"newer": {"set": 1}},
               {"lr_d": 5}, [1], None, {}, {"lr_d": {}}, {"lr_d": {"set": None}},
               {"steps": {"set": 10**30}}, {"hidden_g": {"scale": 2}}, {"loss": {"set": 5}},
               {"lr_d": {"at_most": [1]}}, {"lr_d": {"set": "1e999"}}),
        step=("31", None, -1, 1e300),
        seconds=("x", None),
        origin=(5, "a\x00`b"),
        error=(["no"], "refused\n# x", 5),
    ),
    Damage("patches: garbage", rows("patches", b"\x00", b"[]", b"5")),
    Damage("resumes: garbage", rows("resumes", b"\x00", b"[]", {"step": "x"})),
    Damage("resumes: checkpoints were damaged", rows("resumes", {"step": 5, "passed": [9, 7]})),
)  # fmt: skip

SAMPLES = (
    *each(
        "generated",
        partial(fields, "samples/00000040.json"),
        POINTS,
        points=([], [[]], [[1, 2], [1]], "none", [["a", "b"]], [[1.0]], [[1, 2, 3]],
                [[None, None]], [[1e308, 0]]),
        surface=({"x": [1], "y": [1], "d": []}, {"x": [0, 1], "y": None, "d": [0.5, 0.5]},
                 {"x": "a"}, [], {"x": [], "y": [], "d": []},
                 {"x": [1], "y": [1, 2], "d": [[0.5], [0.5, 0.5]]}),
    ),
    *each(
        "real",
        partial(fields, "samples/real.json"),
        POINTS,
        points=([[1.0]], [[None, 1.0]], [[1, 2, 3]]),
    ),
    *each(
        "generated",
        partial(fields, "samples/00000040.json"),
        histogram=({}, {"edges": [0], "real": [], "fake": []}, [1],
                   {"edges": [0, 1], "real": [1, 2], "fake": [1]},
                   {"edges": [0, 1], "real": [None], "fake": [1e308]}),
    ),
    *(
        Damage(f"a picture {what}", put("samples/00000040.png", content))
        for what, content in {
            "is empty": b"", "is text": b"<svg>", "has a header alone": b"\x89PNG\r\n\x1a\n",
            "has no width": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(30),
            "has billions of pixels": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\x7f" * 30,
        }.items()
    ),
    Damage("a picture is a folder", instead("samples/00000040.png", Path.mkdir)),
    Damage("a picture is a link", instead("samples/00000040.png", to_aside)),
    Damage("a sample is a folder", instead("samples/00000040.json", Path.mkdir)),
    Damage("a sample's step is no number", put("samples/\u00b2\u00b3.json", b"{}")),
    Damage("a sample's step is without end", put(f"samples/{'9' * 200}.json", b"{}")),
    Damage("a checkpoint's step is no number", put("checkpoints/\u00b2\u00b3.ckpt", b"{}")),
    Damage("no sample of the data", instead("samples/real.json", nothing), kind=POINTS),
)  # fmt: skip

REPORTS = (
    *each(
        "report.json",
        report,
        SCRIPT,
        verdict=("splendid", None, 5),
        reason=(5, None),
        causes=("x", None, [5]),
        notes=("x", [{"slug": "x"}]),
        symptoms=("x", [5]),
        discovered=(None, {}, 5),
        steps=("x", None, -1),
        overhead=("x", 1e308),
        script_exit=("x", 10**30),
        internal_errors=("x", [5]),
        seconds=(None,),
        final=(5,),
    ),
    *each(
        "a cause",
        cause,
        SCRIPT,
        slug=("of-a-newer-version", 5),
        confidence=("x", 5, None),
        fix=(5, "a\n#b"),
        evidence=([], "x", [5]),
        location=("x", None, {"file": 5}, {"file": "a", "line": -1}, {"file": "a", "line": 1e300}),
    ),
)

DAMAGES = (*PLACES, *WHOLE, *CONFIG, *OUTCOME, *METRICS, *FINDINGS, *PATCHES, *SAMPLES, *REPORTS)
