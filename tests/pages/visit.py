"""One role going through the platform: finding its pages, opening them, judging them, taking their pictures."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from equipment_cloud.demo.data import PASSWORD
from tests.browser import launched
from tests.city import ROOT
from tests.pages import looks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "instance" / "pages"
WIDTHS = {1440: 900, 390: 844}
LANGUAGES = {"zh_CN": ("zh", "zh-CN"), "en": ("en", "en-GB")}
AXE, ZOOM = ("zh_CN", 1440), ("en", 390)
"""Where axe looks as well, and where the page is enlarged and darkened: each language once, each width once."""
VISITOR = "visitor"
LOOKED_INTO = 6
"""How many records of a kind the crawl reads: a draft offers other links than what is published or closed."""
STARTS = {VISITOR: ("/", "/style-guide", "/no-such-page")}
EXPECTED = {"/no-such-page": 404}
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
UNPINNED = "() => document.querySelectorAll('.phone-bar').forEach(bar => { bar.style.position = 'static' })"
"""On a picture of the whole page a bar that is fixed to the window would lie across the middle."""
CHARTS_DRAWN = "() => [...document.querySelectorAll('[data-chart]')].every(one => one.dataset.drawn)"
LEFT_OUT = re.compile(
    r"\.(ics|csv|xlsx|pdf|svg|png|json)$|^/static/|^/api/(?!docs)|^/metrics|^/files|/file$|/export|/download|/template"
)


@dataclass
class Verdict:
    """What one role opened and what was wrong with it."""

    role: str
    kinds: int = 0
    opened: int = 0
    faults: list[str] = field(default_factory=list)


def public_kinds(address: str) -> frozenset[str]:
    """What everyone can see."""
    with launched() as browser:
        visitor = Visit(browser, address, None, Verdict(VISITOR))
        visitor.crawl()
        return frozenset(visitor.kinds)


def go(address: str, role: str, name: str | None, public: frozenset[str]) -> Verdict:
    """Everything one role can see, in a browser of its own.

    Pages that a visitor sees too are looked at in every language and width as the visitor, as anyone else only once.
    """
    verdict = Verdict(role)
    with launched() as browser:
        visit = Visit(browser, address, name, verdict)
        visit.crawl()
        for language in LANGUAGES:
            for width in WIDTHS:
                visit.look(
                    language, width, left_out=public - {"/"} if name and (language, width) != AXE else frozenset()
                )
    return verdict


@dataclass
class Visit:
    """One role going through the platform."""

    browser: Browser
    address: str
    name: str | None
    verdict: Verdict
    kinds: dict[str, str] = field(default_factory=dict)

    def crawl(self) -> None:
        """Find the pages the role can reach by links: of each kind the one with the most to do on it."""
        starts = STARTS.get(self.verdict.role, ("/",))
        queue, seen = deque(starts), set(starts)
        richness = dict[str, list[tuple[int, str]]]()
        with self._signed_in("zh_CN", 1440) as page:
            while queue:
                path = queue.popleft()
                known = richness.setdefault(_kind(path), [])
                if len(known) == LOOKED_INTO:
                    continue
                answer = page.request.get(self.address + path)
                if answer.status != EXPECTED.get(path, 200):
                    self.verdict.faults.append(f"{self.verdict.role}: {path} answered {answer.status}")
                    continue
                text = answer.text()
                known.append((text.count("<form") + text.count("<a "), path))
                targets = {_own(unescape(link), urlsplit(path).path): None for link in LINK.findall(text)}
                queue.extend(target for target in targets if target and target not in seen)
                seen.update(target for target in targets if target)
        # A view with a query shows what the page without it shows: that it answers is enough.
        self.kinds = {
            kind: max(known)[1]
            for kind, known in richness.items()
            if known and not (kind.endswith("?") and kind[:-1] in richness)
        }
        self.verdict.kinds = len(self.kinds)

    def look(self, language: str, width: int, *, left_out: frozenset[str]) -> None:
        """Open each kind of page, judge it and take its picture."""
        folder = PICTURES / self.verdict.role
        folder.mkdir(parents=True, exist_ok=True)
        with self._signed_in(language, width) as page:
            complaints = looks.Complaints(page)
            for kind, path in self.kinds.items():
                if kind in left_out:
                    continue
                page.goto(self.address + path)
                page.wait_for_function(CHARTS_DRAWN)
                self.verdict.opened += 1
                found = looks.faults(page, language)
                picture = f"{LANGUAGES[language][0]}-{width}-{_file_name(kind)}.png"
                page.evaluate(UNPINNED)
                page.screenshot(path=folder / picture, full_page=True)
                if (language, width) == AXE:
                    found += looks.accessibility_faults(page)
                if (language, width) == ZOOM:
                    found += looks.dark_faults(page) + looks.zoom_faults(page)
                found += [words for words in complaints.taken() if path not in EXPECTED]
                where = f"{self.verdict.role} {language} {width} {path}"
                self.verdict.faults += [f"{where}: {fault}" for fault in found]

    @contextmanager
    def _signed_in(self, language: str, width: int) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, locale=LANGUAGES[language][1],
            timezone_id="Asia/Shanghai", reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{self.address}/language?locale={language}&next=/sign-in")
        if self.name is not None:
            page.fill("input[name=name]", self.name)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
            page.wait_for_load_state()
        yield page
        context.close()


def _own(link: str, here: str) -> str | None:
    parts = urlsplit(link)
    path = parts.path or here
    if parts.scheme or parts.netloc or not path.startswith("/") or LEFT_OUT.search(path):
        return None
    return path + (f"?{parts.query}" if parts.query else "")


def _kind(path: str) -> str:
    """Addresses alike but for numbers and codes are pages of one kind; a view with a query is a kind of its own."""
    parts = urlsplit(path)
    shape = re.sub(r"/(\d[\d-]*|[0-9A-Za-z-]*\d[0-9A-Za-z-]*)(?=/|$)", "/N", parts.path)
    return shape + ("?" if parts.query else "")


def _file_name(kind: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", kind.replace("?", "-query")).strip("-") or "home"
