"""Every command, every option, hostile values: answered in words, before any work."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from ganlab import outputs
from ganlab.casebook import results
from ganlab.cli import BROKEN_PIPE, USAGE_ERROR, main, parser
from ganlab.commands.bench import BENCHES
from ganlab.commands.diagnose import thresholds_of
from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.definitions import defaults
from ganlab.detectors import DETECTORS
from ganlab.panel import DetectorPanel
from ganlab.runs import Recorder, RunManager, RunStore
from tests.diagnosis.recorded import observations
from tests.runs.fakes import ENDLESS, PATIENCE, FakeLab

LOOKS = 40  # of the stored run: enough for every detector to judge
LONG, HUGE = "a" * 5000, "1" + "0" * 400
NOT_UTF8 = "caf\udce9"
TEXTS = ("", " ", "nan", "inf", "-inf", "-1", "0", HUGE, "1e999", LONG, "a\0b", NOT_UTF8, "\ud800",
         "0x10", "../..", "~nobody/x", "$(touch x)", "\x1b[31m", "-", "=", "None")  # fmt: skip
FILES = (
    "",
    "a\0b",
    "\ud800",
    LONG,
    "/",
    "/no/such/folder/x",
    "/dev/full",
    "/dev/null/x",
    "/proc/x",
)


PARSER = parser()
ANSWERS = ("allowed", "choose from", "takes", "expected", "prints them all", "are required",
           "unrecognized arguments")  # fmt: skip


class Started(BaseException):
    """The line was taken, and the work would begin."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with one run that `diagnose` can read and `run --resume` could go on with."""
    store = RunStore(tmp_path_factory.mktemp("store"))
    run = store.create(RunConfig())
    recorder = Recorder(store, run, DetectorPanel())
    for _, observation in zip(range(LOOKS), observations("correct-tanh"), strict=False):
        recorder.record(observation)
    store.close(run)
    return store.root, run


@pytest.fixture(autouse=True)
def no_work(stored: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> None:
        raise Started

    monkeypatch.setattr("ganlab.cli.parser", lambda: PARSER)  # building it is most of a line
    monkeypatch.setattr(RunManager, "start", start)
    monkeypatch.setattr(RunManager, "_launch", start)
    monkeypatch.setattr(RunManager, "settle", 0.0)
    monkeypatch.setattr("ganlab.commands.casebook._measure", start)
    monkeypatch.setattr("ganlab.commands.bench._measured", start)
    monkeypatch.setattr("ganlab.doctor.examine", start)
    monkeypatch.setenv("GANLAB_RUNS", str(stored[0]))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("pass\n")


def line(command: str, run: str, flag: str = "--json") -> list[str]:
    """A line of the command that starts its work, and heeds the flag."""
    heeding = (name for name, (_, flags) in BENCHES.items() if flag.removeprefix("--") in flags)
    needed = {
        "run": [],
        "casebook": ["x255-output"],
        "diagnose": [run],
        "doctor": ["train.py"],
        "bench": list(heeding)[:1],
    }
    return [command, *needed[command]]


def answer(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """The exit code, or Started, and what was said on stderr."""
    code: object
    try:
        code = main(words)
    except SystemExit as ended:
        code = ended.code
    except Started:
        code = Started
    return code, capsys.readouterr().err


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(words, capsys)
    assert code == USAGE_ERROR, words
    assert "Traceback" not in said and len(said) > 40, words
    said = said.lower()
    assert any(word in said for word in ANSWERS), said


def actions(command: str) -> Iterator[argparse.Action]:
    """The options and positions of a command, as argparse has them."""
    (commands,) = (each for each in PARSER._actions if each.dest == "command")
    assert isinstance(commands, argparse._SubParsersAction)
    yield from (each for each in commands.choices[command]._actions if each.dest != "help")


def options_with_a_value() -> Iterator[tuple[str, str, str]]:
    """(command, flag, what it takes) of every option of every command."""
    for command in ("run", "casebook", "diagnose", "doctor", "bench"):
        for action in actions(command):
            kind = getattr(action.type, "__name__", "choice" if action.choices else "text")
            if action.option_strings and action.nargs != 0 and action.dest != "set":
                yield command, action.option_strings[0], kind


OPTIONS = sorted(options_with_a_value())
FREE = {"--generator", "--discriminator", "--only"}  # any text can be a name
GOOD = {("--seed", "0"), ("--seed", "-1"), ("--minutes", "0")}  # of the values above


def test_every_kind_of_option_has_its_hostile_values() -> None:
    assert {kind for _, _, kind in OPTIONS} == {"path", "name", "whole", "number", "choice"}
    assert len(OPTIONS) >= 21


@pytest.mark.parametrize(("command", "flag", "kind"), OPTIONS)
def test_a_hostile_value_of_an_option_is_refused_before_any_work(
    command: str, flag: str, kind: str, stored: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "path" and flag in ("--runs", "--record"):
        values: tuple[str, ...] = (
            "",
            "a\0b",
            "\ud800",
            LONG,
            "/dev/null",
            "/dev/null/x",
            "train.py",
        )
    elif kind == "path":
        values = FILES
    elif flag in FREE:
        values = ("", " ", "a\0b", NOT_UTF8)
    else:
        values = tuple(text for text in TEXTS if (flag, text) not in GOOD)
    for value in values:
        refused([*line(command, stored[1], flag), f"{flag}={value}"], capsys)


def test_some_values_look_hostile_and_are_not(
    stored: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    os.mkdir(odd)
    for words in (
        ["run", "--json", f"{odd}/out.json"],
        ["run", "--runs", f"{odd}/runs"],
        ["doctor", "train.py", "--json", f"{odd}/out.json", "--html", "/dev/null"],
        ["bench", "detectors", "--record", f"{odd}/new/record"],
        ["doctor", "train.py", "--generator", "$(touch x)", "--", "--lr", "nan", ""],
    ):
        assert answer(words, capsys)[0] is Started, words
    assert os.listdir(odd) == []  # a file that was looked at is not left behind


@pytest.mark.parametrize("command", ["casebook", "diagnose", "doctor", "bench"])
def test_a_hostile_position_is_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    values = ("", "a\0b", LONG, "\ud800", "/dev/zero") if command == "doctor" else TEXTS
    for value in values:
        refused([command, value], capsys)


@pytest.mark.parametrize("what", BENCHES)
def test_a_flag_that_a_bench_does_not_heed_is_refused(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = {"quick": [], "json": ["out.json"], "sealed": [], "table": [], "record": ["new"],
             "minutes": ["2"], "hours": ["2"], "seed": ["0"], "only": ["divergence"]}  # fmt: skip
    taken = {flag: answer(["bench", what, f"--{flag}", *flags[flag]], capsys) for flag in flags}
    heeded = {flag for flag, (code, _) in taken.items() if code is Started}
    assert heeded == set(BENCHES[what][1])
    assert all(code == USAGE_ERROR for code, _ in taken.values() if code is not Started)


@pytest.mark.parametrize("name", KNOBS)
def test_a_setting_is_taken_or_refused_as_its_knob_says(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in TEXTS:
        try:
            RunConfig.of({name: value})
        except ConfigError:
            refused(["run", "--set", f"{name}={value}"], capsys)
        else:
            assert answer(["run", "--set", f"{name}={value}"], capsys)[0] is Started


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_threshold_is_used_or_refused(
    detector: type, stored: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for threshold in defaults(detector):
        path = f"{detector.__name__}.{threshold}"
        for value in ("0", "-1", "1e300"):
            code, said = answer(["diagnose", stored[1], "--set", f"{path}={value}"], capsys)
            assert code in (0, USAGE_ERROR)
            assert code == 0 or "default" in said, path
        for value in ("", "nan", "inf", "-inf", HUGE, "a\0b", NOT_UTF8):
            with pytest.raises(ConfigError, match=r"takes .*; the default is"):
                thresholds_of([f"{path}={value}"])


@pytest.mark.parametrize("text", [*TEXTS, "=1", ".=1", "a=", "TotalCollapse.=1", ".narrow=1"])
@pytest.mark.parametrize("command", ["run", "diagnose"])
def test_what_sets_nothing_is_refused(
    command: str, text: str, stored: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = answer([*line(command, stored[1]), f"--set={text}"], capsys)
    assert code == USAGE_ERROR and any(
        part in said for part in ("--set", "no field", "No detector", "no threshold")
    )


@pytest.mark.parametrize("variable", ["GANLAB_RUNS", "GANLAB_DATA"])
@pytest.mark.parametrize("value", [LONG, "/dev/null", "/dev/null/x", "~no-such/x", "\udcff" * 300])
def test_a_variable_that_cannot_be_a_folder_is_refused(
    variable: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for command in ("run", "casebook", "diagnose", "doctor", "bench"):
        refused(line(command, "x"), capsys)


@pytest.mark.parametrize("kind", ["pipe", "link to itself"])
def test_a_script_that_is_no_file_is_refused_at_once(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo("odd.py") if kind == "pipe" else Path("odd.py").symlink_to("odd.py")
    code, said = answer(["doctor", "odd.py"], capsys)
    assert code is Started or (code == USAGE_ERROR and "cannot be read" in said)
    assert code is Started or kind == "pipe"


@pytest.mark.parametrize("flag", ["--json", "--html"])
def test_a_result_never_overwrites_the_script(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("link").symlink_to("train.py")
    for name in ("train.py", "./train.py", "link"):
        refused(["doctor", "train.py", flag, name], capsys)
    refused(["doctor", "train.py", "--json", "a", "--html", "./a"], capsys)


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', '{"a": {"b": 1}}', '{"a": {"b": {}}}'])
def test_results_of_something_else_are_not_added_to(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("other.json").write_text(text)
    refused(["casebook", "x255-output", "--json", "other.json"], capsys)
    assert Path("other.json").read_text() == text


# --- results -------------------------------------------------------------------------------------


def test_a_result_that_cannot_be_written_in_the_end_is_kept_elsewhere(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    monkeypatch.setattr("ganlab.doctor.examine", lambda *_: REPORT)

    def full(file: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "_put", full)
    code, _ = answer(["doctor", "train.py", "--no-store", "--json", "out.json"], capsys)
    said = caplog.text
    assert code == USAGE_ERROR and "could not be written (No space left" in said
    (kept,) = (tmp_path / "room").iterdir()
    assert orjson.loads(kept.read_bytes()) == REPORT and str(kept) in said


def test_with_no_room_anywhere_the_result_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs.start_afresh()
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    outputs.write_result(Path("/no/such/folder/out.json"), b'{"kept": 1}')
    assert '{"kept": 1}' in capsys.readouterr().out and not outputs.all_written()


def test_a_result_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs.start_afresh()
    Path("out.json").write_text("old")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    outputs.write_result(Path("out.json"), b"new")
    assert Path("out.json").read_text() == "old"
    assert sorted(os.listdir()) == ["out.json", "room", "train.py"]
    outputs.write_result(Path("out.json"), b"newer")
    (kept,) = (tmp_path / "room").iterdir()  # one place for one file
    assert kept.read_bytes() == b"newer"


def test_a_result_file_that_is_a_link_stays_one() -> None:
    Path("out.json").symlink_to("target.json")
    outputs.write_result(Path("out.json"), b"new")
    assert Path("out.json").is_symlink() and Path("target.json").read_bytes() == b"new"


def test_a_result_file_damaged_in_between_loses_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs.start_afresh()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    row: dict[str, object] = {"runs": {}, "onsets": [], "onset_seconds": [], "fixes": {}}
    results.keep(Path("out.json"), {"one": {"digits": row}})
    results.keep(Path("out.json"), {"one": {"digits": row}, "two": {"digits": row}})
    assert set(results.stored(Path("out.json"))) == {"one", "two"}
    Path("out.json").write_text("damaged")
    results.keep(Path("out.json"), {"one": {"digits": row}, "two": {"digits": row}})
    (kept,) = (tmp_path / "room").iterdir()
    assert set(results.stored(kept)) == {"one", "two"}
    assert Path("out.json").read_text() == "damaged"


# --- who reads the text --------------------------------------------------------------------------

REPORT = {
    "verdict": "healthy", "reason": "All is well.", "causes": [], "notes": [], "symptoms": [],
    "discovered": {"generator": None, "discriminator": None}, "steps": 1, "seconds": 0.0,
    "overhead": 0.0, "script_exit": 0,
}  # fmt: skip


@contextmanager
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A standard output that is closed at its other end."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as stream, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        yield


@pytest.mark.parametrize(
    "words",
    [["run", "--list-settings"], ["casebook", "--list"], ["casebook", "--table"], ["diagnose", ""]],
)
def test_a_broken_pipe_is_no_verdict(
    words: list[str], stored: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with nobody_reads(monkeypatch):
        assert main([word or stored[1] for word in words]) == BROKEN_PIPE


def test_the_doctor_writes_its_files_before_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganlab.doctor.examine", lambda *_: REPORT)
    words = ["doctor", "train.py", "--json", "out.json", "--html", "out.html"]
    with nobody_reads(monkeypatch):
        assert main(words) == BROKEN_PIPE
    assert orjson.loads(Path("out.json").read_bytes()) == REPORT
    assert "All is well." in Path("out.html").read_text()


def test_a_run_whose_text_nobody_reads_is_stopped_in_order_and_leaves_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the work is a fake's
    monkeypatch.chdir(tmp_path)
    manager = RunManager(RunStore(tmp_path / "runs"), FakeLab(), DetectorPanel)
    monkeypatch.setattr("ganlab.commands.run.open_lab", lambda *_, **__: manager)
    with nobody_reads(monkeypatch):
        assert main(["run", "--steps", str(ENDLESS.steps), "--json", "out.json"]) == BROKEN_PIPE
    result = orjson.loads(Path("out.json").read_bytes())
    assert result["status"] == "stopped"
    assert manager.wait(result["run"], PATIENCE).status == "stopped"


def test_a_full_device_as_output_is_said_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(["run", "--list-settings"]) == USAGE_ERROR
    assert "No space left" in capsys.readouterr().err
