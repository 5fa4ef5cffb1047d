"""Translations: one ``.po`` file a room, merged and compiled at set-up; ``check`` proves nothing is missing.

``python -m equipment_cloud.foundation.translations compile|check|missing``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
FOLDER = PACKAGE / "translations"
LOCALES = ("zh_CN",)
"""English needs no catalogue: message ids are English sentences."""
KEYWORDS = {"_": None, "N_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}


def merged(locale: str) -> Catalog:
    """All rooms' entries of a language in one catalogue."""
    whole = Catalog(locale=locale)
    for message, _room in _entries(locale):
        whole.add(message.id, message.string, flags=message.flags)
    return whole


def _entries(locale: str) -> Iterator[tuple[Message, str]]:
    """Every worded entry of a language with its room."""
    for path in sorted((FOLDER / locale).glob("*.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale=locale):
                if message.id and message.string and not message.fuzzy:
                    yield message, path.stem


def _worded_twice(locale: str) -> Iterator[str]:
    """Message ids of more than one room: which wording stood would depend on the order of the rooms."""
    first: dict[object, str] = {}
    for message, room in _entries(locale):
        known = first.setdefault(message.id, room)
        if known != room:
            yield f"{locale}: worded in {known} and again in {room}: {message.id!r}"


def compile_all() -> None:
    """Write every language's ``messages.mo`` in the folder that Babel looks for (``zh_Hans_CN`` for zh_CN)."""
    for locale in LOCALES:
        target = FOLDER / str(Locale.parse(locale)) / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            write_mo(stream, merged(locale))


def used() -> dict[str, str]:
    """Every message id of code and templates, with where it stands first."""
    found: dict[str, str] = {}
    for folder, methods in (
        (PACKAGE, [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        extracted = extract_from_dir(str(folder), method_map=methods, keywords=KEYWORDS)
        for filename, line, message, _comments, _context in extracted:
            single = message[0] if isinstance(message, tuple) else message
            if single:
                found.setdefault(single, f"{filename}:{line}")
    return found


def problems() -> Iterator[str]:
    """Untranslated message ids, placeholders that differ, and ids that more than one room words."""
    ids = used()
    for locale in LOCALES:
        yield from _worded_twice(locale)
        catalogue = merged(locale)
        for message_id, place in sorted(ids.items(), key=lambda item: item[1]):
            entry = catalogue.get(message_id)
            if entry is None or not entry.string:
                yield f"{locale}: not translated: {message_id!r} ({place})"
        for entry in catalogue:
            for error in entry.check() if entry.id else ():
                yield f"{locale}: {entry.id!r}: {error}"


def main(arguments: list[str]) -> int:
    """Command line; 1 when ``check`` finds problems."""
    if arguments == ["compile"]:
        compile_all()
        return 0
    if arguments in (["check"], ["missing"]):
        found = list(problems())
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 1 if found and arguments == ["check"] else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
