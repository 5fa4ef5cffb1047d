"""What a page must be once it stands in the browser: translated, whole, within its edges, and accessible."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipment_cloud.foundation import translations
from tests.city import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHECKS = Path(__file__).with_name("checks.js").read_text(encoding="utf-8")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE_RUN = """async rules => {
  const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return violations.map(one => `${one.id} at ${one.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`);
}"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ZOOMED = {720: "200 %", 320: "400 %"}
"""The width left of a window of 1440 or 1280 px when a reader enlarges the page (WCAG 1.4.4, 1.4.10)."""


class Complaints:
    """What the browser said of the page now open."""

    def __init__(self, page: Page) -> None:
        self._said: list[str] = []
        page.on("console", lambda message: self._said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._said.append(str(error)))

    def taken(self) -> list[str]:
        """Everything since the last time."""
        said, self._said = self._said, []
        return [f"console: {words}" for words in said]


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page in this language and at this width."""
    found: list[str] = page.evaluate(CHECKS, sorted(_forbidden()[language]))
    return found


def accessibility_faults(page: Page) -> list[str]:
    """What axe says."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"axe: {words}" for words in page.evaluate(AXE_RUN, list(RULES))]


def dark_faults(page: Page) -> list[str]:
    """What axe says of the contrast when the page is dark; the colours stay dark."""
    page.evaluate("() => { document.documentElement.dataset.bsTheme = 'dark' }")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"axe, dark: {words}" for words in page.evaluate(AXE_RUN, ["color-contrast"])]


def zoom_faults(page: Page) -> list[str]:
    """How far the page overflows when it is enlarged; the window is put back."""
    found, size = [], page.viewport_size
    for width, zoom in ZOOMED.items():
        page.set_viewport_size({"width": width, "height": 600})
        overflow: Any = page.evaluate(OVERFLOW)
        if overflow > 1:
            found.append(f"overflows sideways by {overflow} px at {zoom}")
    if size is not None:
        page.set_viewport_size(size)
    return found


@cache
def _forbidden() -> dict[str, set[str]]:
    """By language of the page, words that stand only on pages of the other."""
    catalogue = {
        entry.id: entry.string for entry in translations.merged("zh_CN") if isinstance(entry.id, str) and entry.id
    }
    pairs = {key: words for key, words in catalogue.items() if words and words != key and "%(" not in key}
    return {"zh_CN": {key for key in pairs if " " in key or len(key) > 3}, "en": set(pairs.values())}
