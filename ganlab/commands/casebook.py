"""`ganlab casebook`: runs documented failures beside their cures and says what differs."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

import orjson
from tqdm import tqdm

from ganlab.casebook import CASES, find_case
from ganlab.casebook.case import IMAGES, Case, Declined, Signature
from ganlab.casebook.measured import Measured, differences, measured_of
from ganlab.casebook.table import markdown
from ganlab.commands import arguments
from ganlab.config import ConfigError
from ganlab.outputs import check_writable, keep_elsewhere, shown, write_result
from ganlab.paths import has_mnist
from ganlab.rehearsal import Take, assembled, grouped, perform, prepare, takes
from ganlab.runs.store import RunStore

Row = dict[str, Any]
_MOST_SEEDS, _MOST_JOBS = 1000, 256


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "casebook", help="run documented failures and their cures", description=__doc__
    )
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="cases to run; default: all")
    parser.add_argument(
        "--seeds", type=arguments.whole, default=1, metavar="K", help="seeds 0 to K-1"
    )
    parser.add_argument("--data", choices=IMAGES, help="default: mnist where it needs no download")
    parser.add_argument(
        "--json",
        type=arguments.path,
        metavar="FILE",
        help="write the results, beside those it holds already",
    )
    parser.add_argument(
        "--jobs", type=arguments.whole, metavar="N", help="processes; default: half the cores"
    )
    parser.add_argument("--cure-only", action="store_true", help="leave the further fixes out")
    parser.add_argument("--list", action="store_true", help="print every case")
    parser.add_argument(
        "--table", action="store_true", help="print what was measured, as its README has it"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Runs the cases, or prints; returns the exit code."""
    cases = [find_case(slug) for slug in options.slugs] or list(CASES.values())
    if options.list:
        for case in cases:
            _say(_line(case))
        return 0
    if options.table:
        _say(markdown(cases))
        return 0
    for name, most in (("seeds", _MOST_SEEDS), ("jobs", _MOST_JOBS)):
        given = getattr(options, name)
        if given is not None and not 1 <= given <= most:
            raise ConfigError(f"--{name} is {given}; allowed: 1 to {most}. Choose one of these.")
    check_writable(options.json)
    _stored(options.json)
    return _measure(list(_chosen(cases, options)), options)


def _line(case: Case) -> str:
    marks = [word for word, on in (("quick", case.quick), ("pending", bool(case.pending))) if on]
    return f"{case.slug:<30}{case.document.key:<10} {' '.join(marks):<14} {case.title}"


def _chosen(cases: Sequence[Case], options: argparse.Namespace) -> Iterator[tuple[Case, str]]:
    """Cases with the data they run on; those that do not run on it are named with the reason."""
    wanted = options.data or ("mnist" if has_mnist() else "digits")
    for case in cases:
        if wanted in case.data:
            yield case, wanted
        elif not set(case.data) & set(IMAGES):
            yield case, case.data[0]
        else:
            _say(f"{case.slug}: left out, {case.absent.get(wanted, f'not made for {wanted}')}")


def _measure(chosen: list[tuple[Case, str]], options: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: a run is measured on one core
    root = RunStore(None).root
    queue = [
        take
        for case, data in chosen
        for take in takes(case, data, options.seeds, cure_only=options.cure_only)
    ]
    for case, data in {data: (case, data) for case, data in chosen if case.judged}.values():
        prepare(case, data, root)
    due = {
        (case.slug, data): sum(take.slug == case.slug for take in queue) for case, data in chosen
    }
    results: dict[tuple[str, str], dict[Take, Row]] = defaultdict(dict)
    ours: dict[str, dict[str, Row]] = {}
    with tqdm(total=len(queue), unit="run", disable=None) as bar:
        for take, row in _performed(
            queue, root, options.jobs or max(1, (os.cpu_count() or 2) // 2)
        ):
            key = take.slug, take.data
            results[key][take] = row
            bar.update()
            if options.json and len(results[key]) == due[key]:
                ours.setdefault(take.slug, {})[take.data] = assembled(results[key])
                _keep(options.json, ours)
    found = [
        (case, data, measured_of(assembled(results[case.slug, data]))) for case, data in chosen
    ]
    _report(found)
    return 1 if any(differences(case, each) for case, _, each in found) else 0


def _performed(queue: list[Take], root: Path, jobs: int) -> Iterator[tuple[Take, Row]]:
    """The takes as they are done, in this process or in several; equal runs are made once."""
    groups = grouped(queue)
    if jobs == 1:
        for group in groups:
            row = perform(group[0], root)
            yield from ((take, row) for take in group)
        return
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_leave_ctrl_c_alone) as pool:
        pending = {pool.submit(perform, group[0], root): group for group in groups}
        try:
            while pending:
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    row = future.result()
                    yield from ((take, row) for take in pending.pop(future))
        except BaseException:
            for worker in set(multiprocessing.active_children()) - others:
                worker.kill()  # a run takes minutes, and nobody waits for it any more
            pool.shutdown(cancel_futures=True)
            raise


def _leave_ctrl_c_alone() -> None:
    """In a worker: the command alone answers Ctrl-C, and ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stored(file: Path | None) -> dict[str, Any]:
    """What a result file holds already. Raises ConfigError for anything but results."""
    try:
        text = file.read_bytes() if file and file.is_file() else b""
        stored = orjson.loads(text) if text.strip() else {}
    except (OSError, orjson.JSONDecodeError):
        stored = None
    if not isinstance(stored, dict) or not all(map(_is_results, stored.values())):
        raise ConfigError(
            f"--json {shown(file or '')} holds something else than results; allowed: a new file, "
            "or one that this command wrote. Name another file or remove this one."
        )
    return stored


def _is_results(rows: Any) -> bool:
    """Whether it is what `_keep` wrote of one case: a row for each kind of data."""
    return isinstance(rows, dict) and all(
        isinstance(row, dict)
        and {"runs", "onsets", "onset_seconds", "fixes"} <= row.keys()
        and isinstance(row["fixes"], dict)
        for row in rows.values()
    )


def _keep(file: Path, ours: Mapping[str, Mapping[str, Row]]) -> None:
    """Puts all results so far into the file beside the others; whole or not at all."""
    try:
        stored = _stored(file)
    except ConfigError as error:  # it was well when we began; hours of work are not its price
        keep_elsewhere(file, _one_line_a_trial(ours), str(error))
        return
    both = {slug: {**stored.get(slug, {}), **ours.get(slug, {})} for slug in {*stored, *ours}}
    write_result(file, _one_line_a_trial(both))


def _one_line_a_trial(stored: Mapping[str, Any]) -> bytes:
    """JSON that changes line by line: indented down to the trials, each of them on one line."""
    lines = []
    for slug in sorted(stored):
        parts = [
            f"  {_json(data)}: {{\n" + ",\n".join(_members(row)) + "\n  }"
            for data, row in sorted(stored[slug].items())
        ]
        lines.append(f" {_json(slug)}: {{\n" + ",\n".join(parts) + "\n }")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _members(row: Row) -> Iterator[str]:
    for name in ("runs", "onsets", "onset_seconds"):
        yield f"   {_json(name)}: {_json(row[name])}"
    fixes = ",\n".join(f"    {_json(name)}: {_json(each)}" for name, each in row["fixes"].items())
    yield '   "fixes": {' + (f"\n{fixes}\n   " if fixes else "") + "}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _report(found: Sequence[tuple[Case, str, Measured]]) -> None:
    _say(f"\n{'case':<30}{'data':<11}{'found at step':<22}{'cured':<8}{'s/run':>6}  result")
    for case, data, each in found:
        said = differences(case, each)
        pending = f" (pending: {', '.join(case.pending)})" if case.pending else ""
        _say(
            f"{case.slug:<30}{data:<11}{_steps(each) if case.expects else 'silent':<22}"
            f"{_cured(case, each):<8}{statistics.median(each.runs.seconds):>6.0f}  "
            f"{'; '.join(said) or 'as its file says'}{pending}"
        )
        for item in case.expects:
            _say(f"{'':<30}expects {_expected(item)}")
        for fix in case.fixes:
            if fix.name in each.fixes:
                trials = each.fixes[fix.name]
                cured = trials.cured(case.health)
                _say(f"{'':<30}tried: {fix.name}: cured {cured} of {len(trials.seeds)}")


def _expected(item: object) -> str:
    waits = isinstance(item, Signature | Declined) and item.awaits
    return f"{item}" + (f" (until a detector says {waits})" if waits else "")


def _steps(each: Measured) -> str:
    return ", ".join("-" if step is None else str(step) for step in each.onsets)


def _cured(case: Case, each: Measured) -> str:
    trials = each.fixes.get(case.cure.name) if case.cure else each.runs
    return f"{trials.cured(case.health)}/{len(trials.seeds)}" if trials and case.judged else "-"


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the command line's own output
