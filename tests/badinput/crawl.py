"""Finds the pages a person can reach and the forms on them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

LEFT_OUT = re.compile(r"^/static/|^/sign-out|^/language|^/files|\.(ics|csv|xlsx|pdf|svg|png|json|xml)$|/file$")
OF_A_KIND = 2
"""How many records of a kind each person reads: a draft has other forms than what is settled."""


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """Forms of one kind go to one address, numbers aside, with the same fields."""
        return kind_of(self.action), tuple(sorted({name for name, _value in self.fields} | set(self.files)))


@dataclass
class Found:
    """What one person can reach."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def crawl(client: FlaskClient, starts: tuple[str, ...] = ("/",), *, known: frozenset[str] = frozenset()) -> Found:
    """Follow the links from the starts; of each kind of page a few. ``known`` kinds are not read again."""
    found, queue, seen, counts = Found(), deque(starts), set(starts), dict[str, int]()
    while queue:
        path = queue.popleft()
        kind = kind_of(path)
        if counts.get(kind, 0) == OF_A_KIND or (kind in known and path not in starts):
            continue
        counts[kind] = counts.get(kind, 0) + 1
        with client.get(path) as answer:
            if answer.status_code >= 500:
                found.failed.append(f"GET {path} answered {answer.status_code}")
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            text = answer.text
        found.pages.setdefault(kind, path)
        page = BeautifulSoup(text, "html.parser")
        for form in page.find_all("form"):
            read = _form(form, path)
            found.forms.setdefault(read.kind, read)
        for link in page.find_all("a", href=True):
            target = _own(str(link["href"]), path)
            if target and target not in seen:
                seen.add(target)
                queue.append(target)
    return found


def kind_of(path: str) -> str:
    """An address with numbers and codes replaced."""
    parts = urlsplit(path)
    shape = re.sub(r"/(\d[\d-]*|[0-9A-Za-z-]*\d[0-9A-Za-z-]*)(?=/|$)", "/N", parts.path)
    return shape + ("?" if parts.query else "")


def _own(link: str, here: str) -> str | None:
    parts = urlsplit(link)
    path = parts.path or urlsplit(here).path
    if parts.scheme or parts.netloc or not path.startswith("/") or LEFT_OUT.search(path):
        return None
    return path + (f"?{parts.query}" if parts.query else "")


def _form(form: Tag, here: str) -> Form:
    fields, files = dict[str, str](), list[str]()
    for box in form.find_all(["input", "select", "textarea", "button"]):
        name, kind = str(box.get("name") or ""), str(box.get("type") or "")
        if not name:
            continue
        if kind == "file":
            files.append(name)
        elif box.name == "select":
            options = box.find_all("option")
            chosen = next((one for one in options if one.has_attr("selected")), options[-1] if options else None)
            fields[name] = str(chosen.get("value", "")) if chosen else ""
        elif kind in {"checkbox", "radio"}:
            fields.setdefault(name, str(box.get("value") or "y"))
        else:
            fields[name] = str(box.get("value") or (box.text if box.name == "textarea" else "")) or "1"
    action = str(form.get("action") or here)
    return Form(action, str(form.get("method") or "get").lower(), tuple(fields.items()), tuple(files))
