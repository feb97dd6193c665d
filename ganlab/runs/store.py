"""Runs on disk: one folder a run, append-only logs, snapshots, outcome. Never what a metric means.

<root>/20261122-185901-3fa2b1c7/
    config.json      {config, name, created, parent}; of a user's own script {source, name, created}
    metrics.jsonl    {step, seconds, one key a metric, facts?}
    findings.jsonl   {event, symptom, severity, step, summary, evidence, remedies}
    patches.jsonl    {step, seconds, patch, origin, error?}
    resumes.jsonl    {step, time}: the logs were cut back to that step
    samples/         00000050.png, 00000050.json, real.png, real.json
    checkpoints/     00001000.ckpt
    generator.safetensors, report.json and history.json (of the doctor), outcome.json, lock
    reserve          bytes given up for the outcome on a full disk; none once the run has ended
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any, Literal

from ganlab.observation import Samples
from ganlab.runs import files, logs, overview, rows, snapshots
from ganlab.runs.folders import RunFolders
from ganlab.runs.record import DiskFull, Row, RunId, StoredSample
from ganlab.runs.rows import Parser

Wait = Callable[[str], bool]
_LOGS = ("metrics", "findings", "patches")
_GENERATOR = "generator.safetensors"
_AT_ONCE = 1 << 24  # bytes of a long log that are read at once


class RunStore(RunFolders):
    """The stored runs: any number of readers in any process, one writing process a run.

    All methods that take a run raise UnknownRun when there is no such run.
    """

    def __init__(self, root: Path | None = None) -> None:
        super().__init__(root)
        self._handles: dict[RunId, dict[str, FileIO]] = {}
        self._waits: dict[RunId, Wait] = {}
        self._folders: dict[RunId, Path] = {}  # of the runs that this store writes

    def wait_for_room(self, run: RunId, wait: Wait) -> None:
        """From now on a full disk does not fail what is written of this run, until it is closed.

        `wait` gets what is wrong and returns when there may be room again: True to try anew.
        """
        self._waits[run] = wait

    def close(self, run: RunId) -> None:
        """Closes the run's logs and gives up its ownership; without effect when done before."""
        self._waits.pop(run, None)
        self._folders.pop(run, None)
        try:
            self._close_logs(run)
        finally:
            super().close(run)

    def append(self, run: RunId, log: str, row: Mapping[str, Any]) -> None:
        """Appends a row to "metrics", "findings" or "patches"; a kill cannot take it any more."""
        self._write(run, lambda folder: self._append(run, folder, log, row))

    def read(
        self,
        run: RunId,
        log: str,
        start: int = 0,
        limit: int | None = None,
        parser: Parser | None = None,
    ) -> tuple[list[Row], int]:
        """Rows from byte `start` on, and the byte to go on from; only whole rows that fit.

        A null among metrics comes back as NaN. `limit` (bytes) bounds one call on a long log: when
        the byte to go on from is `start`, there is no more. `parser` counts the damaged rows.
        """
        path = self.path(run) / f"{log}.jsonl"
        return logs.read_rows(path, parser or Parser(log), start, limit)

    def rows(self, run: RunId, log: str) -> Iterator[Row]:
        """All rows of a log of any length, oldest first."""
        start, following = -1, 0
        while following != start:
            start = following
            found, following = self.read(run, log, start, limit=_AT_ONCE)
            yield from found

    def revision(self, run: RunId) -> int:
        """A number that changes when rows were taken back, so that a reader has to start over."""
        try:
            return (self.path(run) / "resumes.jsonl").lstat().st_size
        except OSError:
            return 0

    def passed(self, run: RunId) -> list[int]:
        """The damaged checkpoints that the run was last continued without."""
        last = logs.last_row(self.path(run) / "resumes.jsonl", Parser("resumes"))
        return last["passed"] if last else []

    def rewind(self, run: RunId, step: int, passed: Sequence[int] = ()) -> None:
        """Takes back all that came after `step` (-1: everything), and the outcome.

        `passed`: the checkpoints after it that could not be read.
        """
        self._close_logs(run)
        self._write(run, lambda folder: self._rewind(run, folder, step, passed))

    def _rewind(self, run: RunId, folder: Path, step: int, passed: Sequence[int]) -> None:
        files.remove(folder / "outcome.json")
        for log in _LOGS:
            logs.keep_rows(folder / f"{log}.jsonl", lambda line: rows.step_of(line) <= step)
        samples, checkpoints = folder / "samples", folder / "checkpoints"
        for part in (samples, checkpoints):
            files.check_folder(part)
        late = [at for at in snapshots.sample_steps(samples) if at > step]
        snapshots.remove_samples(samples, late)
        late = [at for at in snapshots.checkpoint_steps(checkpoints) if at > step]
        snapshots.remove_checkpoints(checkpoints, late)
        # Last, so that a reader who looked in between starts over once more.
        row = {"step": step, "time": time.time()}
        self._append(run, folder, "resumes", row | {"passed": list(passed)} if passed else row)

    def metrics_csv(self, run: RunId) -> str:
        """The run's measurements as CSV: step, seconds and a column for each metric."""
        return logs.as_csv(self.rows(run, "metrics"))

    def write_samples(self, run: RunId, step: int | Literal["real"], samples: Samples) -> None:
        """Stores a snapshot ("real": of the data); thins the old ones to a bounded number."""
        at = snapshots.REAL_STEP if step == "real" else step
        self._write(run, lambda folder: snapshots.write_samples(folder / "samples", at, samples))

    def sample_steps(self, run: RunId) -> list[int]:
        """The steps of the stored snapshots, ascending."""
        return snapshots.sample_steps(self.path(run) / "samples")

    def sample(self, run: RunId, step: int | None = None) -> StoredSample | None:
        """The newest snapshot, or the newest not later than `step`; None when there is none.

        One that is damaged is passed over.
        """
        folder = self.path(run) / "samples"
        steps = [at for at in snapshots.sample_steps(folder) if step is None or at <= step]
        found = (snapshots.read_samples(folder, at) for at in reversed(steps))
        return next((sample for sample in found if sample is not None), None)

    def real_sample(self, run: RunId) -> StoredSample | None:
        """The real data drawn beside the generated; None before the run has built its data."""
        return snapshots.read_samples(self.path(run) / "samples", snapshots.REAL_STEP)

    def write_checkpoint(self, run: RunId, step: int, data: bytes) -> None:
        """Stores what resumes the run at `step`; the latest two are kept."""
        self._write(
            run,
            lambda folder: snapshots.write_checkpoint(folder / "checkpoints", step, data),
            size=len(data),
        )

    def checkpoint_steps(self, run: RunId) -> list[int]:
        """The steps from which the run can go on, ascending."""
        return snapshots.checkpoint_steps(self.path(run) / "checkpoints")

    def latest_checkpoint(self, run: RunId) -> tuple[int, bytes] | None:
        """Step and content of the latest checkpoint that is a file; None before the first."""
        return snapshots.latest_checkpoint(self.path(run) / "checkpoints")

    def checkpoint(self, run: RunId, step: int) -> bytes:
        """The checkpoint of that step. Raises Damaged where it is no plain file, or missing."""
        return snapshots.read_checkpoint(self.path(run) / "checkpoints", step)

    def write_generator(self, run: RunId, data: bytes) -> None:
        """Stores the generator's weights (safetensors)."""
        self._write(
            run,
            lambda folder: files.replace_file(folder / _GENERATOR, data),
            size=len(data),
        )

    def generator_file(self, run: RunId) -> Path:
        """Where the generator's weights lie, once the run has ended or stopped."""
        return self.path(run) / _GENERATOR

    def write_report(self, run: RunId, report: Mapping[str, Any]) -> None:
        """Stores what the doctor says of a script so far."""
        data = logs.to_json(report)
        self._write(run, lambda folder: files.replace_file(folder / "report.json", data))

    def report(self, run: RunId) -> Row | None:
        """What the doctor says; None before its first word, and for the lab's own runs."""
        return overview.read_report(self.path(run))

    def write_history(self, run: RunId, history: Mapping[str, Any]) -> None:
        """Stores what the doctor's last word on a script was said of."""
        data = logs.to_json(history)
        self._write(run, lambda folder: files.replace_file(folder / "history.json", data))

    def doctor_history(self, run: RunId) -> Row | None:
        """What that was; None where there is none. Raises Damaged."""
        return overview.read_history(self.path(run))

    def _write(self, run: RunId, act: Callable[[Path], None], *, size: int = 0) -> None:
        """Does it in the run's folder, again and again while the disk is full and `wait` says so.

        Raises StoreError when the disk refuses, or the run is not this process's any more.
        """
        while True:
            try:
                with self._writing(size):
                    folder = self._writable(run)
                    self._confirm(folder)
                    return act(folder)
            except DiskFull as full:
                wait = self._waits.get(run)
                if wait is None or not wait(str(full)):
                    raise

    def _writable(self, run: RunId) -> Path:
        """The run's folder, looked at once: it is asked for with each row."""
        if run not in self._folders:
            folder = self.path(run)
            files.check_folder(folder)
            self._folders[run] = folder
        return self._folders[run]

    def _append(self, run: RunId, folder: Path, log: str, row: Mapping[str, Any]) -> None:
        handles = self._handles.setdefault(run, {})
        if log not in handles:
            handles[log] = logs.open_log(folder / f"{log}.jsonl")
        try:
            logs.append_row(handles[log], row)
        except OSError:  # half a row may stand there: opening the log anew cuts it off
            handles.pop(log).close()
            raise

    def _close_logs(self, run: RunId) -> None:
        for handle in self._handles.pop(run, {}).values():
            handle.close()
