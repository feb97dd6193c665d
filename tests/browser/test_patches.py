"""A patch is the consequence of a person's act: whatever a browser does besides leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ganlab.config import RunConfig
from ganlab.runs import RunStore
from ganlab.runs.record import Outcome, Status
from tests.browser.conftest import Server
from tests.browser.stored import ended
from tests.browser.test_lab import Lab

pytestmark = pytest.mark.browser

FASTER = {"lr_d": {"set": 0.0003}}  # one stop to the right of the default
RETURN = {"lr_d": {"set": 0.0002}}


def patches(runs: Path) -> dict[str, list[dict[str, Any]]]:
    """What each run was told, the oldest run first."""
    told = {}
    for folder in sorted(runs.glob("2*")):
        log = folder / "patches.jsonl"
        rows = map(json.loads, log.read_text().splitlines()) if log.exists() else ()
        told[folder.name] = [row["patch"] for row in rows]
    return told


def choose(lab: Lab, words: str) -> None:
    """Opens a run in the sidebar."""
    lab.sidebar.get_by_role("combobox", name="Run").click()
    lab.page.get_by_role("option", name=words).first.click()
    expect(lab.page.locator(".st-key-header")).to_be_visible()


def visit(lab: Lab, page: str) -> None:
    """Goes to another page by the menu, and reads its title."""
    lab.page.get_by_test_id("stSidebarNav").get_by_text(page, exact=True).click()
    expect(lab.page.get_by_role("heading", name=page, exact=True)).to_be_visible()


def new_run(lab: Lab) -> None:
    """Opens the form of the next run."""
    lab.press("New run")
    expect(lab.page.get_by_role("button", name="Train a GAN")).to_be_visible()


def act(lab: Lab, key: str = "ArrowRight", times: int = 1) -> None:
    """A person moves D's learning rate, and sees that it was taken, for the so manieth time."""
    lab.rate_of_d.press(key)
    words = "lr_d = 0.0003" if key == "ArrowRight" else "lr_d = 0.0002"
    expect(lab.story.get_by_text(words)).to_have_count(times)


def after_a_stopped_run(lab: Lab, runs: Path) -> None:
    lab.train()
    lab.press("Stop")
    lab.expect_status("stopped")
    new_run(lab)


def after_an_old_run(lab: Lab, runs: Path) -> None:
    ended(runs, Outcome(Status.FINISHED, 1, 0.1))
    lab.page.reload()
    choose(lab, "digits MLP")
    new_run(lab)


def after_a_failed_run(lab: Lab, runs: Path) -> None:
    ended(runs, Outcome(Status.FAILED, 1, 0.1, "RuntimeError: broken", "no traceback"))
    lab.page.reload()
    choose(lab, "digits MLP")
    expect(lab.page.get_by_text("RuntimeError: broken").first).to_be_visible()
    new_run(lab)


@pytest.mark.parametrize("before", [after_a_stopped_run, after_an_old_run, after_a_failed_run])
def test_the_next_run_of_a_session_is_patched_by_nobody_but_the_person(
    serve: Callable[[], Server],
    page: Page,
    tmp_path: Path,
    before: Callable[[Lab, Path], None],
) -> None:
    lab = Lab(page, serve().url)
    before(lab, tmp_path / "runs")
    lab.train()
    lab.wait_for_growth()
    act(lab)
    told = patches(tmp_path / "runs")
    assert list(told.values()) == [[], [FASTER]]
    assert RunStore(tmp_path / "runs").original([*told][1]) == RunConfig()  # the form's too


def test_back_and_forward_go_between_the_form_and_the_run_and_patch_nothing(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    lab = Lab(page, serve().url)
    train = page.get_by_role("button", name="Train a GAN")
    lab.train()
    act(lab)
    new_run(lab)
    page.go_back()
    lab.wait_for_step(0)
    expect(train).to_be_hidden()
    page.go_forward()
    expect(train).to_be_visible()
    page.go_back()
    lab.wait_for_step(0)
    lab.wait_for_growth()
    assert list(patches(tmp_path / "runs").values()) == [[FASTER]]


def test_leaving_a_training_run_in_every_way_and_coming_back_patches_nothing(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    lab = Lab(page, serve().url)
    lab.train()
    act(lab)
    new_run(lab)
    choose(lab, "digits MLP")  # the form and back
    lab.wait_for_growth()
    for other in ("Casebook", "Runs"):
        visit(lab, other)
        page.get_by_test_id("stSidebarNav").get_by_text("Lab", exact=True).click()
        lab.wait_for_step(0)
        lab.wait_for_growth()
    visit(lab, "Casebook")
    page.go_back()
    lab.wait_for_step(0)
    page.go_forward()
    expect(page.get_by_role("heading", name="Casebook", exact=True)).to_be_visible()
    page.go_back()
    lab.wait_for_step(0)
    page.reload()
    lab.wait_for_step(0)
    lab.wait_for_growth()
    expect(lab.rate_of_d).to_have_attribute("aria-valuetext", "0.0003")
    assert list(patches(tmp_path / "runs").values()) == [[FASTER]]


@pytest.mark.parametrize("apart", [False, True], ids=["two-tabs", "two-browsers"])
def test_two_people_on_one_run_see_each_other_and_patch_once_each(
    serve: Callable[[], Server], page: Page, tmp_path: Path, apart: bool
) -> None:
    first = Lab(page, serve().url)
    first.train()
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page() if apart else page.context.new_page()
    second = Lab(other, page.url)
    second.wait_for_step(0)
    act(first)
    expect(second.rate_of_d).to_have_attribute("aria-valuetext", "0.0003")
    act(second, "ArrowLeft")
    expect(first.rate_of_d).to_have_attribute("aria-valuetext", "0.0002")
    for each in (first, second):
        expect(each.rate_of_d).to_be_focused()  # the keyboard stays where it was
    act(first, times=2)
    assert list(patches(tmp_path / "runs").values()) == [[FASTER, RETURN, FASTER]]


def test_a_reload_in_the_middle_of_a_change_neither_loses_nor_repeats_it(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    lab = Lab(page, serve().url)
    lab.train()
    lab.rate_of_d.press("ArrowRight")
    expect(lab.rate_of_d).to_have_attribute("aria-valuetext", "0.0003")
    page.reload()
    lab.wait_for_step(0)
    lab.wait_for_growth()
    page.wait_for_timeout(5_000)  # a slider's value counts once it has rested
    told = list(patches(tmp_path / "runs").values())
    assert told in ([[]], [[FASTER]])
    shown = "0.0003" if told == [[FASTER]] else "0.0002"
    expect(lab.rate_of_d).to_have_attribute("aria-valuetext", shown)
    assert list(patches(tmp_path / "runs").values()) == told


def test_a_slider_walked_by_keyboard_is_one_patch_when_it_has_come_to_rest(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    lab = Lab(page, serve().url)
    lab.train()
    for _ in range(10):
        lab.rate_of_d.press("ArrowRight", delay=250)  # a person's pace: each is sent
    expect(lab.story.get_by_text("lr_d = 0.01")).to_be_visible()
    lab.wait_for_growth()
    (told,) = patches(tmp_path / "runs").values()
    assert told[-1] == {"lr_d": {"set": 0.01}}
    assert len(told) <= 2  # a busy machine may rest on the way
