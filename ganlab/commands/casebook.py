"""`ganlab casebook`: runs documented failures beside their cures and says what differs."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ganlab.casebook import CASES, find_case, results
from ganlab.casebook.case import IMAGES, Case, Declined, Signature
from ganlab.casebook.measured import Measured, differences, measured_of
from ganlab.casebook.table import markdown
from ganlab.commands import arguments
from ganlab.config import ConfigError
from ganlab.outputs import check_writable
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
    cases = [find_case(slug) for slug in dict.fromkeys(options.slugs)] or list(CASES.values())
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
    results.stored(options.json)
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
    judged = {data: case for case, data in chosen if case.judged}
    for data, case in judged.items():
        prepare(case, data, root)
    rows = _Rows(queue, options.json)
    with tqdm(total=len(queue), unit="run", disable=None) as bar:
        for take, row in _performed(queue, root, options.jobs or _half_the_cores()):
            rows.add(take, row)
            bar.update()
    found = [(case, data, rows.measured(case, data)) for case, data in chosen]
    _report(found)
    return 1 if any(differences(case, each) for case, _, each in found) else 0


class _Rows:
    """Every take's row, by case and data; in the file as soon as those of one are complete."""

    def __init__(self, queue: Sequence[Take], file: Path | None) -> None:
        self._due = Counter((take.slug, take.data) for take in queue)
        self._rows: dict[tuple[str, str], dict[Take, Row]] = defaultdict(dict)
        self._file = file
        self._complete: dict[str, dict[str, Row]] = {}

    def add(self, take: Take, row: Row) -> None:
        """Takes one more."""
        key = take.slug, take.data
        self._rows[key][take] = row
        if self._file and len(self._rows[key]) == self._due[key]:
            self._complete.setdefault(take.slug, {})[take.data] = assembled(self._rows[key])
            results.keep(self._file, self._complete)

    def measured(self, case: Case, data: str) -> Measured:
        """What a case's rows come to."""
        return measured_of(assembled(self._rows[case.slug, data]))


def _half_the_cores() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


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
