"""Rows that look like another row or record: the same machine entered twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from equipment_cloud.kernel.errors import N_, Problem, Words
from equipment_cloud.survey.rules.findings import Draft, warning

Key = tuple[str, ...]


def keys_of(name: str | None, model: str | None, manufacturer: str | None, serial: str | None) -> list[Key]:
    """What must be equal for two records to be one machine: maker, model and serial number; without a serial number,
    name and model.
    """
    if serial and model:
        return [("serial", _plain(manufacturer), _plain(model), _plain(serial))]
    if name and model:
        return [("name", _plain(name), _plain(model))]
    return []


def flag_repeated_numbers(drafts: Iterable[Draft], owner_of: Mapping[int, object]) -> None:
    """A number used twice in one unit refuses the later row: which of the two is meant, nobody can know."""
    seen: dict[tuple[object, str], int] = {}
    for draft in drafts:
        if draft.is_refused or not draft.unit_number:
            continue
        key = (owner_of.get(draft.row), draft.unit_number)
        if key in seen:
            draft.is_repeat = True
            message = N_("The number %(number)s stands in row %(first)s already.")
            values = {"number": draft.unit_number, "first": seen[key]}
            remedy = N_("Give each instrument its own number.")
            draft.say(Problem("duplicate-number", message, values=values, remedy=remedy))
        else:
            seen[key] = draft.row


def flag_repeats(
    drafts: Sequence[Draft], owner_of: Mapping[int, object], known: Mapping[tuple[object, Key], str]
) -> None:
    """Warn of rows that repeat an earlier row, or a record outside this file (``known``: owner and key -> number)."""
    seen: dict[tuple[object, Key], Draft] = {}
    for draft in drafts:
        if draft.is_refused:
            continue
        for key in keys_of_values(draft.values):
            place = (owner_of.get(draft.row), key)
            if place in seen:
                first = seen[place]
                _flag(draft, N_("Same as row %(row)s (number %(number)s): %(what)s."), key, number=first.unit_number,
                      row=first.row)  # fmt: skip
            elif place in known:
                _flag(draft, N_("Same as the record with number %(number)s: %(what)s."), key, number=known[place])
            seen.setdefault(place, draft)


def keys_of_values(values: Mapping[str, Any]) -> list[Key]:
    """:func:`keys_of` of a row's values."""
    return keys_of(values.get("name"), values.get("model"), values.get("manufacturer"), values.get("serial_number"))


def _flag(draft: Draft, message: str, key: Key, **values: object) -> None:
    draft.is_repeat = True
    what = N_("same maker, model and serial number") if key[0] == "serial" else N_("same name and model")
    remedy = N_("If it is one machine, retire one of the records; if there are two, add their serial numbers.")
    draft.say(warning("duplicate", message, remedy, what=Words(what), **values))


def _plain(text: str | None) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text or "")).casefold()
