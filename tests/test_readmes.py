"""What the READMEs say can be followed: links, command lines, figures, the doctor's output."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganlab.bench.doctor.answers import ANSWERS
from ganlab.bench.faults.roster import FAULTS
from ganlab.casebook import find_case
from ganlab.casebook.case import Health
from ganlab.cli import main, parser
from ganlab.commands.diagnose import thresholds_of
from ganlab.detectors import DETECTORS

ROOT = Path(__file__).parents[1]
FIRST = ROOT / "README.md"
FILES = [FIRST, *sorted(ROOT.glob("ganlab/**/README.md")), ROOT / "pages" / "README.md"]
WORDS = 450  # one screen
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))


def between(text: str, mark: str) -> str:
    """What stands between <!-- mark --> and <!-- /mark -->."""
    _, _, rest = text.partition(f"<!-- {mark} -->\n")
    inner, end, _ = rest.partition(f"\n<!-- /{mark} -->")
    assert end, f"no block {mark}"
    return inner


def sections(text: str) -> dict[str, str]:
    """By the anchor that GitHub gives a heading: what stands below it, smaller ones included."""
    heads = list(re.finditer(r"^(#+) (.+)$", text, re.M))
    found = {}
    for at, head in enumerate(heads):
        later = (other for other in heads[at + 1 :] if len(other[1]) <= len(head[1]))
        end = next(later, None)
        anchor = re.sub(r"[^\w\- ]", "", head[2].lower()).replace(" ", "-")
        found[anchor] = text[head.start() : end.start() if end else len(text)]
    return found


def links(text: str) -> list[str]:
    """Every relative target of a link or an image."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def linked(file: Path, link: str) -> str:
    """The text that a link leads to. Fails where there is none."""
    path, _, anchor = link.partition("#")
    target = (file.parent / path).resolve() if path else file
    assert target.exists(), f"{file}: {link}"
    if not anchor:
        return ""
    return sections(target.read_text())[anchor]


def code(text: str) -> Iterator[str]:
    """Every line of an indented block, and everything in backticks."""
    yield from (line[4:].removeprefix("$ ") for line in re.findall(r"^    .*$", text, re.M))
    yield from (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text))


def commands(text: str) -> list[list[str]]:
    """What is passed to ganlab in every command line; a script's own arguments left out.

    `ganlab doctor: train.py` is a report's first line, and none.
    """
    lines = (re.match(r"(?:python -m )?ganlab (?!\w+:)([^|]+)$", line) for line in code(text))
    words = [shlex.split(line[1]) for line in lines if line]
    return [each[: each.index("--")] if "--" in each else each for each in words]


def subcommands() -> dict[str, argparse.ArgumentParser]:
    (actions,) = (
        action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return dict(actions.choices)


def test_the_first_page_is_one_screen() -> None:
    assert len(FIRST.read_text().split()) <= WORDS


def test_the_first_page_says_how_to_start_and_how_to_test() -> None:
    lines = FIRST.read_text().splitlines()
    assert "    pip install -r requirements.txt && streamlit run app.py" in lines
    assert "    pip install -r requirements.txt -r tests/requirements.txt && pytest" in lines


@EACH
def test_every_link_leads_somewhere(file: Path) -> None:
    text = file.read_text()
    for link in links(text):
        linked(file, link)


def test_every_readme_is_reached_from_the_first_page() -> None:
    reached, due = set[Path](), [FIRST]
    while due:
        file = due.pop()
        reached.add(file)
        targets = {(file.parent / link.partition("#")[0]) for link in links(file.read_text())}
        due += {each.resolve() for each in targets if each.name == "README.md"} - reached
    assert reached == set(FILES)


@EACH
def test_every_module_that_is_named_is_there(file: Path) -> None:
    for name in re.findall(r"`([\w/]+/\w+\.py)`", file.read_text()):
        assert any((folder / name).exists() for folder in (ROOT, ROOT / "ganlab")), name


@EACH
def test_every_command_line_is_understood(file: Path) -> None:
    for words in commands(file.read_text()):
        if len(words) == 1 and words[0].isalpha():  # the command's name in a sentence
            assert words[0] in subcommands()
            continue
        try:
            options = parser().parse_args(words)
        except SystemExit as end:
            assert end.code == 0, words  # --help
            continue
        for slug in getattr(options, "slugs", ()):
            find_case(slug)
        if options.command == "diagnose":
            thresholds_of(options.set)


def test_command_lines_are_found_in_blocks_and_in_sentences() -> None:
    text = "    $ python -m ganlab run --steps 5\n\n`ganlab doctor a.py -- --lr 1` and `a ganlab b`"
    assert commands(text) == [["run", "--steps", "5"], ["doctor", "a.py"]]


def test_the_doctors_page_names_its_flags() -> None:
    text = (ROOT / "ganlab/doctor/README.md").read_text()
    flags = subcommands()["doctor"]._option_string_actions.keys() - {"-h", "--help"}
    assert set(re.findall(r"--[a-z-]+", text)) >= flags


@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("casebook", ["casebook", "--table"]),
        ("doctor", ["bench", "doctor", "--table"]),
        ("detectors", ["bench", "detectors", "--table"]),
        ("bench", ["bench", "live", "--table"]),
    ],
)
def test_a_table_is_what_its_command_prints(
    folder: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "ganlab" / folder / "README.md").read_text()
    assert main(command) == 0
    assert between(text, "figures") == capsys.readouterr().out.rstrip("\n")


HEALTHY = sum(answer.healthy for answer in ANSWERS.values())
COUNTS = [
    ("detectors", f"each of the {len(DETECTORS)} detectors"),
    ("doctor", f"{len(ANSWERS)} scripts with known answers ({len(ANSWERS) - HEALTHY} faulty, "
               f"{HEALTHY} healthy"),
    ("bench", f"{len(FAULTS)} kinds"),
    ("casebook", f"at least {10 * Health().covered:g} of 10"),
    ("casebook", f"at least {Health().variety:g} of the reals' mean pair distance"),
    ("casebook", f"at most {Health().frechet:g} times the reals' total variance"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "phrase"), COUNTS)
def test_a_count_is_that_of_the_code(folder: str, phrase: str) -> None:
    text = (ROOT / "ganlab" / folder / "README.md").read_text()
    said = phrase in " ".join(text.split())
    assert said, f"ganlab/{folder}/README.md has to say {phrase!r}: count again"


def test_a_headline_says_what_its_link_says() -> None:
    section = sections(FIRST.read_text())["how-good-it-is"]
    headlines = section.split("\n- ")[1:]
    assert len(headlines) == 4
    for headline in headlines:
        (link,) = links(headline)
        figures = re.findall(r"\*\*(.+?)\*\*", headline)
        assert figures
        text = linked(FIRST, link)
        assert all(figure in text for figure in figures), headline


def test_the_doctor_says_of_the_example_what_the_first_page_quotes(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "ganlab", "doctor", "tests/material/train.py"],
        cwd=ROOT,
        env=os.environ | {"GANLAB_RUNS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    line, *quote = (
        text[4:] for text in between(FIRST.read_text(), "doctor").strip("\n").split("\n")
    )
    assert line == "$ python -m ganlab doctor tests/material/train.py"
    assert settled("\n".join(quote)) == settled(said.stdout)


def settled(text: str) -> str:
    """Without what differs from run to run: seconds, cost, the run's name."""
    text = re.sub(r"in \d+ s, overhead [\d.]+%", "in N s", text)
    return re.sub(r"run \S+$", "run RUN", text.strip())
