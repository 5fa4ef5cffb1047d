"""Every component in a real browser: accessible, quiet, and working under the strict content-security policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(browser.find() is None, reason="NOT RUN: no Chromium on this machine"),
]
AXE = Path("node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/style-guide"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launched() as found:
        yield found


def opened(chromium: Browser, address: str, *, width: int = 1440, **context: Any) -> tuple[Page, list[str]]:
    """The page, drawn, and what it complained of."""
    page = chromium.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page, complaints


@pytest.mark.parametrize(
    ("theme", "width", "locale"),
    [("light", 1440, "zh_CN"), ("dark", 390, "zh_CN"), ("dark", 1440, "en"), ("light", 320, "en")],
)
def test_the_style_guide_is_accessible_quiet_and_fits(
    chromium: Browser, address: str, theme: Any, width: int, locale: str
) -> None:
    page, complaints = opened(chromium, f"{address}?lang={locale}", width=width, color_scheme=theme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    overflow = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    page.context.close()
    assert [(item["id"], [node["target"] for node in item["nodes"]]) for item in found] == []
    assert complaints == []
    assert overflow <= 0


def chosen(page: Page) -> tuple[str, str]:
    return page.input_value("#starts_at")[11:], page.input_value("#ends_at")[11:]


def test_dragging_over_free_cells_fills_the_form_and_submits_nothing(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium, address)
    first = page.locator('td [data-start$="T13:00"]').nth(1)
    last = page.locator('td [data-start$="T15:30"]').nth(1)
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 5, steps=12)
    page.mouse.up()
    assert chosen(page) == ("13:00", "16:00")
    assert page.url == address
    assert complaints == []
    page.context.close()


def test_the_arrow_keys_with_shift_choose_a_period(chromium: Browser, address: str) -> None:
    page, _complaints = opened(chromium, address)
    page.locator('td [data-start$="T13:00"]').nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert chosen(page) == ("13:30", "15:00")
    assert page.locator('td [data-start][tabindex="0"]').count() == 1
    page.context.close()


def test_without_scripts_a_free_cell_leads_on_with_its_period(chromium: Browser, address: str) -> None:
    page, _complaints = opened(chromium, address, java_script_enabled=False)
    page.locator('td a[data-start$="T13:00"]').first.click()
    assert "starts_at=" in page.url
    assert "T13%3A00" in page.url
    page.context.close()


def test_an_act_that_asks_first_is_not_done_on_no(chromium: Browser, address: str) -> None:
    page, _complaints = opened(chromium, address)
    page.locator("td .action-form button").first.click()
    dialog = page.locator("#confirm-dialog")
    dialog.wait_for(state="visible")
    dialog.locator("[value=no]").click()
    dialog.wait_for(state="hidden")
    assert page.url == address
    page.context.close()


def test_the_chosen_theme_is_kept(chromium: Browser, address: str) -> None:
    page, _complaints = opened(chromium, address, color_scheme="light")
    page.locator("[data-theme-toggle]").click()
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.bsTheme") == "dark"
    page.context.close()
