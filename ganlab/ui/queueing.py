"""What a queued run waits for, by name and with a link. Starts nothing and stops nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence

import streamlit as st

from ganlab.runs.record import RunInfo, Status, StoreError
from ganlab.ui import header, plain, session
from ganlab.ui.timeline import count


def draw(run: str) -> None:
    """Its place, what has to happen, and a link to each run in the way."""
    lab = session.lab()
    queue, holders = lab.queue(), _holders()
    place = queue.index(run) + 1 if run in queue else 1
    with st.container(key=f"queue-{run}"):
        text = words(place, holders, lab.slots, lab.hold)
        st.info(text, icon=":material/hourglass_empty:")
        links(holders)


def words(place: int, holders: Sequence[RunInfo], slots: int, hold: float) -> str:
    """The queue in a sentence or two; names the runs that hold the slots."""
    names = " and ".join(f"**{plain.text(header.title(info))}**" for info in holders)
    runs = f"{names} {'trains' if len(holders) == 1 else 'train'}" if names else "the lab is busy"
    end = "one of them" if len(holders) > 1 else "it"
    more = " Or let two runs train at once (sidebar): then it starts now."
    alone = slots == 1 and place == 1
    return (
        f"Place {place} in the queue, since {runs}. It starts when {end} ends, or has been paused "
        f"for {hold:.0f} seconds.{more if alone else ''}"
    )


def links(holders: Sequence[RunInfo]) -> None:
    """One link a run that holds a slot, with how far it is."""
    for info in holders:
        paused = "paused, keeps its slot for a while, " if info.status is Status.PAUSED else ""
        about = f"{plain.text(header.title(info))}: {paused}step {count(info.step)} of"
        st.page_link(
            "pages/lab.py",
            label=f"{about} {count(info.config.steps)}",
            icon=":material/arrow_forward:",
            query_params={session.RUN: info.id},
        )


def others(own: Collection[str]) -> list[RunInfo]:
    """The runs in the way of what is started now; none where a slot is free."""
    holders = _holders()
    full = len(holders) >= session.lab().slots
    return [info for info in holders if info.id not in own] if full else []


def _holders() -> list[RunInfo]:
    found = []
    for run in session.lab().holders():
        with contextlib.suppress(StoreError):  # deleted, or damaged, while it trains
            found.append(session.lab().info(run))
    return found
