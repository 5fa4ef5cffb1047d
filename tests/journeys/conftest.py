"""A small city for journeys: organisations, people, policy and money of the example city, no instruments yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import insert, select

from equipment_cloud.demo import people, vouchers
from equipment_cloud.demo.data import PASSWORD
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import db, session, transaction
from equipment_cloud.reference.models import CalendarDay
from tests import city, databases
from tests.browser import find, launched

SLOW_MS = 15_000
FIRST_SIGHT = (people.write_organisations, people.write_carriers, people.write_bank_accounts, vouchers.write_policy)


@dataclass
class Walker:
    """A person at a browser. Words are the English ones: message ids do not change with the wording in Chinese."""

    browser: Browser
    address: str
    page: Page

    def sign_in(self, account: str) -> Walker:
        """Leave whoever was signed in and come back as this account."""
        self.page.context.clear_cookies()
        self.go("/language?locale=en&next=/sign-in")
        self.fill(name=account, password=PASSWORD)
        self.press("Sign in")
        return self

    def go(self, path: str) -> Walker:
        """Open an address of the platform."""
        answer = self.page.goto(self.address + path)
        status = answer.status if answer is not None else 0
        assert status < 400, f"{path} answered {status}"
        return self

    def fill(self, **fields: str) -> Walker:
        """Type into fields by name; a select takes its value or its words."""
        for name, value in fields.items():
            box = self.page.locator(f"main [name={name}]").first
            if box.get_attribute("data-search") is not None:
                self._search(box.get_attribute("id") or name, value)
            elif box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        return self

    def _search(self, box: str, words: str) -> None:
        """Type into a select that is searched (its script comes after the page), and take the first that fits."""
        self.page.locator(f"#{box}.tomselected").wait_for(state="attached")
        self.page.locator(f"#{box}-ts-control").press_sequentially(words)
        self.page.locator(f"#{box}-ts-dropdown .option", has_text=words).first.click()

    def tick(self, name: str, value: str | None = None) -> Walker:
        """Tick a check box or choose a radio button."""
        self.page.locator(f"main input[name={name}]" + (f"[value='{value}']" if value else "")).first.check()
        return self

    def press(self, words: str) -> Walker:
        """Press the button of that name (and the confirming one, if it asks)."""
        button = self.page.locator("main").get_by_role("button", name=words, exact=True).first
        assert button.count(), f"no button {words!r} on {self.page.url}:\n{self.page.inner_text('body')}"
        with self.page.expect_navigation():
            button.click()
            dialog = self.page.locator("#confirm-dialog[open] button[value=yes], #confirm-dialog[open] .btn-primary")
            if dialog.first.is_visible():
                dialog.first.click()
        return self

    def offers(self, words: str) -> bool:
        """A button of that name is on the page."""
        return self.page.locator("main").get_by_role("button", name=words, exact=True).count() > 0

    def choose(self, name: str, words: str) -> Walker:
        """Choose the option of a select whose words contain these."""
        box = self.page.locator(f"main select[name={name}]").first
        option = box.locator("option", has_text=words).first
        box.select_option(value=option.get_attribute("value"))
        return self

    def upload(self, name: str, path: Path) -> Walker:
        """Choose a file."""
        self.page.set_input_files(f"main input[name={name}]", path)
        return self

    def download(self, words: str, folder: Path) -> Path:
        """Follow a link that sends a file; where it was kept."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()
        target = folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target

    @property
    def path(self) -> str:
        """Where the person is, without the host."""
        return self.page.url.removeprefix(self.address)

    def heading(self) -> str:
        """The words of the page's heading."""
        return self.page.locator("h1").first.inner_text().strip()

    def follow_first(self, where: str) -> Walker:
        """Follow the first link inside ``main`` in this part of the page."""
        with self.page.expect_navigation():
            self.page.locator(f"main {where} a[href]").first.click()
        return self

    def follow(self, words: str) -> Walker:
        """Follow the first link of that name on the page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()
        return self

    def sees(self, words: str) -> Walker:
        """The words stand on the page."""
        body = self.page.inner_text("body")
        assert words in body, f"{words!r} is not on {self.page.url}:\n{body}"
        return self


@pytest.fixture(scope="module")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and environment of a served small city on the engine of this run."""
    storage: Path = tmp_path_factory.mktemp("city")
    with databases.fresh_database() as url:
        app = databases.make_app(url, storage)
        with app.app_context():
            _write_first_chapters()
            db.session.remove()
            db.engine.dispose()
        env = city.environment(url, storage)
        with city.served(env) as address:
            yield address, env


@pytest.fixture
def walker(small_city: tuple[str, dict[str, str]]) -> Iterator[Walker]:
    """A browser in front of the small city; skipped, with this reason, where there is no browser."""
    if find() is None:
        pytest.skip("NOT RUN: no Chromium on this machine")
    with launched() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True).new_page()
        page.set_default_timeout(SLOW_MS)
        yield Walker(browser, small_city[0], page)


def _write_first_chapters() -> None:
    with transaction():
        story = Story(now=clock.now())
        for chapter in FIRST_SIGHT:
            chapter(story)
            session().flush()
        _enter_next_year(story)


def _enter_next_year(story: Story) -> None:
    """What the bureau does each November: so that a notice that runs into the next year can be counted."""
    year = clock.today(story.now).year + 1
    first = clock.today(story.now).replace(year=year, month=1, day=1)
    if session().scalar(select(CalendarDay.on).where(CalendarDay.on == first)) is None:
        days = (first + timedelta(days=offset) for offset in range(365))
        rows = [{"on": day, "is_workday": day.weekday() < 5, "source": "journey", "note": None} for day in days]
        session().execute(insert(CalendarDay), rows)
