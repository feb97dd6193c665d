"""Runs: threads and files. Knows neither torch nor what a metric means."""

from ganlab.runs.control import Control, Request, Turn
from ganlab.runs.history import RunHistory, decimate
from ganlab.runs.manager import RunManager
from ganlab.runs.record import (
    NotLive,
    Outcome,
    RunId,
    RunInfo,
    Source,
    Status,
    StoredSample,
    StoreError,
    UnknownRun,
)
from ganlab.runs.recorder import Event, Panel, Recorder, observation_of
from ganlab.runs.session import Factory, Session, Training
from ganlab.runs.store import RunStore

__all__ = [
    "Control",
    "Event",
    "Factory",
    "NotLive",
    "Outcome",
    "Panel",
    "Recorder",
    "Request",
    "RunHistory",
    "RunId",
    "RunInfo",
    "RunManager",
    "RunStore",
    "Session",
    "Source",
    "Status",
    "StoreError",
    "StoredSample",
    "Training",
    "Turn",
    "UnknownRun",
    "decimate",
    "observation_of",
]
