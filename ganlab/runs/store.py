"""Runs on disk: one folder a run, append-only logs, snapshots, outcome. Never what a metric means.

<root>/20261122-185901-3fa2b1c7/
    config.json      {config, name, created, parent}; of a user's own script {source, name, created}
    metrics.jsonl    {step, seconds, one key a metric, facts?}
    findings.jsonl   {event, symptom, severity, step, summary, evidence, remedies}
    patches.jsonl    {step, seconds, patch, origin, error?}
    resumes.jsonl    {step, time}: the logs were cut back to that step
    samples/         00000050.png, 00000050.json, real.png, real.json
    checkpoints/     00001000.ckpt
    generator.safetensors, report.json (of the doctor), outcome.json, lock
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any, Literal

from ganlab.observation import Samples
from ganlab.runs import logs, overview, rows, snapshots
from ganlab.runs.folders import RunFolders
from ganlab.runs.record import Row, RunId, StoredSample
from ganlab.runs.rows import Parser

_LOGS = ("metrics", "findings", "patches")
_AT_ONCE = 1 << 24  # bytes of a long log that are read at once


class RunStore(RunFolders):
    """The stored runs: any number of readers in any process, one writing process a run.

    All methods that take a run raise UnknownRun when there is no such run.
    """

    def __init__(self, root: Path | None = None) -> None:
        super().__init__(root)
        self._handles: dict[RunId, dict[str, FileIO]] = {}

    def close(self, run: RunId) -> None:
        """Closes the run's logs and gives up its ownership; without effect when done before."""
        self._close_logs(run)
        super().close(run)

    def append(self, run: RunId, log: str, row: Mapping[str, Any]) -> None:
        """Appends a row to "metrics", "findings" or "patches"; a kill cannot take it any more."""
        handles = self._handles.setdefault(run, {})
        if log not in handles:
            handles[log] = logs.open_log(self.path(run) / f"{log}.jsonl")
        logs.append_row(handles[log], row)

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
        folder = self.path(run)
        self._close_logs(run)
        (folder / "outcome.json").unlink(missing_ok=True)
        for log in _LOGS:
            logs.keep_rows(folder / f"{log}.jsonl", lambda line: rows.step_of(line) <= step)
        samples, checkpoints = folder / "samples", folder / "checkpoints"
        late = [at for at in snapshots.sample_steps(samples) if at > step]
        snapshots.remove_samples(samples, late)
        late = [at for at in snapshots.checkpoint_steps(checkpoints) if at > step]
        snapshots.remove_checkpoints(checkpoints, late)
        # Last, so that a reader who looked in between starts over once more.
        row = {"step": step, "time": time.time()}
        self.append(run, "resumes", row | {"passed": list(passed)} if passed else row)

    def metrics_csv(self, run: RunId) -> str:
        """The run's measurements as CSV: step, seconds and a column for each metric."""
        return logs.as_csv(self.rows(run, "metrics"))

    def write_samples(self, run: RunId, step: int | Literal["real"], samples: Samples) -> None:
        """Stores a snapshot ("real": of the data); thins the old ones to a bounded number."""
        at = snapshots.REAL_STEP if step == "real" else step
        snapshots.write_samples(self.path(run) / "samples", at, samples)

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
        snapshots.write_checkpoint(self.path(run) / "checkpoints", step, data)

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
        logs.replace_file(self.generator_file(run), data)

    def generator_file(self, run: RunId) -> Path:
        """Where the generator's weights lie, once the run has ended or stopped."""
        return self.path(run) / "generator.safetensors"

    def write_report(self, run: RunId, report: Mapping[str, Any]) -> None:
        """Stores what the doctor says of a script so far."""
        logs.replace_file(self.path(run) / "report.json", logs.to_json(report))

    def report(self, run: RunId) -> Row | None:
        """What the doctor says; None before its first word, and for the lab's own runs."""
        return overview.read_report(self.path(run))

    def _close_logs(self, run: RunId) -> None:
        for handle in self._handles.pop(run, {}).values():
            handle.close()
