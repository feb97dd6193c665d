"""A person who presses whatever a page of the lab offers, at random, and remembers it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from playwright.sync_api import Error, Locator, Page

from ganlab.config import KNOBS
from ganlab.ui.breaks import BREAKS
from ganlab.ui.forms import rates
from tests.browser.acts import Act

_RUN = re.compile(r"[?&]run=([\w-]+)")
_PAGES = ("Lab", "Casebook", "Doctor", "Handbook", "Runs")
_HEADER = ("Pause", "Step", "Resume", "Stop", "Reset", "Train on", "Continue from checkpoint")
_SOON = 8000  # milliseconds until a thing that was seen can be pressed
_SHORT = ("200", "600", "1500")  # steps of a run, so that some of them end


class Visitor:
    """One tab. `act` does one thing and returns its name; what may patch a run is remembered."""

    def __init__(self, page: Page, chance: random.Random, acts: list[Act]) -> None:
        self.page, self.chance, self.acts = page, chance, acts
        self._at = ""  # the run whose page the act began on; the address may move on before it ends

    def act(self) -> str:
        """Does one of the things that the page offers; one that has gone meanwhile is missed."""
        weights: dict[Callable[[], str], int] = {
            self._widget: 10, self._press_break: 3, self._undo: 3, self._remedy: 2,
            self._header: 3, self._train: 4, self._new_run: 2, self._choose_run: 3,
            self._visit: 2, self._anything: 3, self._history: 2, self._reload: 1,
            self._theme: 1, self._expander: 2,
        }  # fmt: skip
        (chosen,) = self.chance.choices([*weights], [*weights.values()])
        name, self._at = chosen.__name__.strip("_"), self.run
        try:
            return chosen()
        except Error as problem:
            return f"{name} missed" if "Timeout" in str(problem) else f"{name} lost"

    @property
    def run(self) -> str:
        """The run that the address names."""
        found = _RUN.search(self.page.url)
        return found[1] if found else ""

    # --- what may patch --------------------------------------------------------------------------

    def _widget(self) -> str:
        """Moves a setting of the run, or of the form."""
        place = self._at or "new"
        box = self._one(self.page.locator(f"[class*='st-key-{place}-']").locator("visible=true"))
        if box is None:
            return "widget none"
        found = re.search(rf"st-key-{place}-(\w+)-", box.get_attribute("class") or "")
        name = found[1] if found else ""
        if name not in KNOBS:
            return "widget other"
        for found_in, move in (
            (box.get_by_role("slider"), self._slide),
            (box.get_by_role("combobox"), self._select),
            (box.locator("input"), self._type),
        ):
            if found_in.count():
                move(found_in.first, name)
                return f"widget {move.__name__.strip('_')}"
        return "widget other"

    def _slide(self, thumb: Locator, name: str) -> None:
        for _ in range(self.chance.choice((1, 1, 3, 6))):
            before = _number(thumb)
            key = self.chance.choice(("ArrowLeft", "ArrowRight"))
            # Remembered before it is done: the answer may find another widget in its place.
            for value in _neighbours(name, before):
                self._did("set", name, value)
            thumb.press(key, timeout=_SOON)
            self._did("set", name, _number(thumb))

    def _select(self, combobox: Locator, name: str) -> None:
        value = self.chance.choice(KNOBS[name].choices)
        combobox.click(timeout=_SOON)
        self._did("set", name, value)
        self.page.get_by_role("option", name=value, exact=True).click(timeout=_SOON)

    def _type(self, field: Locator, name: str) -> None:
        knob = KNOBS[name]
        value = self.chance.choice((str(knob.default), "1e9", "0.5", "2", "-1", "700"))
        value = self.chance.choice(_SHORT) if name == "steps" else value
        field.fill(value, timeout=_SOON)
        self._did("set", name, value)
        field.press("Enter", timeout=_SOON)

    def _press_break(self) -> str:
        item = self.chance.choice(BREAKS)
        button = self._one(self._button(item.title))
        if button is None:
            return "break none"
        self._did("break", item.title)
        button.click(timeout=_SOON)
        return "break"

    def _undo(self) -> str:
        button = self._one(self._button("Undo"))
        if button is None:
            return "undo none"
        self._did("undo")
        button.click(timeout=_SOON, click_count=self.chance.choice((1, 1, 2)))
        return "undo"

    def _remedy(self) -> str:
        button = self._one(self._button("Apply now: "))
        if button is None:
            return "remedy none"
        self._did("remedy", button.inner_text().split("Apply now: ")[1].strip())
        button.click(timeout=_SOON)
        return "remedy"

    def _header(self) -> str:
        button = self._one(
            self.page.locator(".st-key-header").get_by_role(
                "button", name=re.compile("|".join(_HEADER)), disabled=False
            )
        )
        if button is None:
            return "header none"
        self._did("reopen")
        button.click(timeout=_SOON)
        return "header"

    def _did(self, kind: str, what: str = "", value: object = None) -> None:
        if self._at:
            self.acts.append(Act(self._at, kind, what, value))

    # --- what may not ----------------------------------------------------------------------------

    def _train(self) -> str:
        return self._press("Train a GAN")

    def _new_run(self) -> str:
        return self._press("New run")

    def _choose_run(self) -> str:
        choice = self._one(self.page.get_by_role("combobox", name="Run", exact=True))
        if choice is None:
            return "choose run none"
        choice.click(timeout=_SOON)
        option = self._one(self.page.get_by_role("option"))
        if option is not None:
            option.click(timeout=_SOON)
        return "choose run"

    def _visit(self) -> str:
        menu = self.page.get_by_test_id("stSidebarNav")
        menu.get_by_text(self.chance.choice(_PAGES), exact=True).click(timeout=_SOON)
        return "visit"

    def _anything(self) -> str:
        """Whatever else there is to press: cases, tabs, view settings, the buttons of a pair."""
        kinds = ("button:enabled", "[role=tab]", "[role=radio]", "input[type=checkbox]")
        kind = self.chance.choice(kinds)
        one = self._one(self.page.locator(f"{kind} >> visible=true"))
        if one is None or self._patches(one):
            return "anything none"
        one.click(timeout=_SOON)
        return "anything"

    def _patches(self, one: Locator) -> bool:
        """Whether it is one of those that have an act of their own."""
        text = one.inner_text(timeout=_SOON)
        own = ("Undo", "Apply now", "Delete", *(item.title for item in BREAKS), *_HEADER)
        return any(word in text for word in own)

    def _expander(self) -> str:
        summary = self._one(self.page.locator("summary >> visible=true"))
        if summary is not None:
            summary.click(timeout=_SOON)
        return "expander"

    def _history(self) -> str:
        (self.page.go_back if self.chance.random() < 0.6 else self.page.go_forward)(timeout=_SOON)
        if not self.page.url.startswith("http"):  # before the first page
            self.page.go_forward(timeout=_SOON)
        return "history"

    def _reload(self) -> str:
        self.page.reload()
        return "reload"

    def _theme(self) -> str:
        self.page.emulate_media(color_scheme=self.chance.choice(("light", "dark")))
        return "theme"

    def _press(self, name: str) -> str:
        button = self._one(self._button(name))
        if button is None:
            return f"{name} none"
        button.click(timeout=_SOON)
        return name

    def _button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, disabled=False)

    def _one(self, found: Locator) -> Locator | None:
        count = found.count()
        return found.nth(self.chance.randrange(count)) if count else None


def _number(thumb: Locator) -> float:
    text = thumb.get_attribute("aria-valuetext", timeout=_SOON) or ""
    text = text or thumb.get_attribute("aria-valuenow", timeout=_SOON) or "0"
    return float(text.split(" ")[0])


def _neighbours(name: str, value: float) -> list[float]:
    """The values next to this one on the setting's slider."""
    if not KNOBS[name].log:
        return [round(value - 0.01, 2), round(value + 0.01, 2)]
    stops = rates(value)
    place = stops.index(value)
    return [stops[at] for at in (place - 1, place + 1) if 0 <= at < len(stops)]
