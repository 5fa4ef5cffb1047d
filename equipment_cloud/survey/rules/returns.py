"""What a return asks, says otherwise than the record, and still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipment_cloud.catalog.rules import BY_NAME, FIELDS, WRITABLE, problems_before_submission
from equipment_cloud.kernel.errors import N_, Problem, Words

NAMEPLATE = ("name", "model", "manufacturer", "serial_number", "in_service_on", "address")
"""The six fields of a visit (走访)."""
_BESIDES = ("name_en", "serial_number", "not_shared_reason", "is_secret")
MOST_PROBLEMS = 200
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """One row of a return as it is judged: the record's values with what the return says laid over them."""

    unit_number: str
    together: Mapping[str, Any]
    is_touched: bool
    """Something in it is the return's own word; what nobody touched is not held against the unit."""
    is_gone: bool = False
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what an earlier survey said, what the catalogue says, what the return says."""

    field: str
    record: Any
    said: Any
    earlier: Any = None
    has_earlier: bool = False


def asked_fields(form: str) -> tuple[str, ...]:
    """Names of the fields a form asks for, in the order of the record."""
    if form == "short":
        return NAMEPLATE
    names = [item.name for item in FIELDS if item.name in WRITABLE]
    if form == "needed":
        return tuple(name for name in names if BY_NAME[name].is_needed or name in _BESIDES)
    return tuple(names)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them: dates as ISO text, codes plain."""
    return {name: value.isoformat() if isinstance(value, date) else _plain(value) for name, value in values.items()}


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the models hold them: the way back from :func:`stored`."""
    return {
        name: date.fromisoformat(value) if value is not None and BY_NAME[name].kind == "day" else value
        for name, value in values.items()
        if name in BY_NAME
    }


def said_otherwise(values: Mapping[str, Any], record: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of the values typed, those that differ from the record; for a new instrument those that are not empty."""
    if record is None:
        return {name: value for name, value in values.items() if value not in (None, "", [])}
    return {name: value for name, value in values.items() if _plain(value) != _plain(record.get(name))}


def differences(
    values: Mapping[str, Any], record: Mapping[str, Any] | None, earlier: Mapping[str, Any] | None = None
) -> list[Difference]:
    """Field by field, in the order of the record."""
    now = record or {}
    before = earlier or {}
    return [
        Difference(name, now.get(name), values[name], before.get(name), name in before)
        for name in (item.name for item in FIELDS)
        if name in values and _plain(values[name]) != _plain(now.get(name))
    ]


def problems_with_return(rows: Iterable[Said], form: str, *, declares_none: bool) -> list[Problem]:
    """Everything that keeps a return from being handed in, at most 200 of them."""
    asked = set(asked_fields(form))
    found: list[Problem] = []
    staying = 0
    for row in rows:
        if row.is_gone:
            continue
        staying += 1
        if not row.is_confirmed:
            found.append(
                Problem("unconfirmed", N_("%(number)s: somebody else entered this; it waits for your confirmation."),
                        None, {"number": row.unit_number}, N_("Look at it and confirm it."))
            )  # fmt: skip
        if row.is_touched:
            found.extend(_missing(row, asked))
    if declares_none and staying:
        found.append(
            Problem("not-none", N_("The return says there is no equipment, but lists %(count)s instruments."),
                    "declares_none", {"count": staying}, N_("Say of each where it went, or take the mark away."))
        )  # fmt: skip
    if not declares_none and not staying:
        found.append(
            Problem("empty", N_("The return is empty."), None,
                    remedy=N_("Add your instruments, or say that you have none."))
        )  # fmt: skip
    return found[:MOST_PROBLEMS]


def _missing(row: Said, asked: set[str]) -> list[Problem]:
    return [
        Problem(
            "missing",
            N_("%(number)s: %(label)s is missing."),
            None,
            {"number": row.unit_number, "label": Words(BY_NAME[problem.field or ""].label)},
            N_("Fill it in."),
        )
        for problem in problems_before_submission(row.together)
        if problem.field in asked
    ]


def _plain(value: Any) -> Any:
    """Codes of enumerations compare as their text, emptiness as nothing."""
    value = getattr(value, "value", value)
    return None if value == "" else value
