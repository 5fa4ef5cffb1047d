"""One cell's text into a value of its field. Each reader returns the value (``None``: not stored) and what to say."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from equipment_cloud.catalog.rules import BY_NAME, class_code_from, is_known_class, without_control_characters
from equipment_cloud.catalog.rules.exchange import Known
from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.survey.rules.amounts import read_amount
from equipment_cloud.survey.rules.columns import plain_heading
from equipment_cloud.survey.rules.days import read_day
from equipment_cloud.survey.rules.findings import KEPT_ASIDE, warning
from equipment_cloud.survey.rules.layout import Layout
from equipment_cloud.survey.rules.words import code_of, truth_of

ERROR_CELL = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|GETTING_DATA|SPILL!|CALC!|ERROR)|Err:5\d\d")
UNCOUNTED_CELL = "#FORMULA!"
"""What the reader puts where a formula has no value yet."""
_WHOLE = re.compile(r"([\d,]+)(?:\.(\d+))?(?:小时|h|hours?|个|台)?")
_LIST = re.compile(r"[,，、;；|\n]+")

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_FLOAT = re.compile(r"(\d+)\.0+")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,3}")
NUMBERS = frozenset({"serial_number", "model", "phone", "postcode", "email", "gs1_code", "customs_declaration",
                     "customs_item", "duty_exemption", "belongs_to"})  # fmt: skip
"""Fields whose value names something: no full-width figures, no figures that a spreadsheet rounded."""

Answer = tuple[Any, Problem | None]


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading depends on besides the cell. ``towns`` and ``classes`` map names and codes to codes."""

    layout: Layout
    today: date
    zone: tzinfo
    towns: Mapping[str, str]
    classes: Mapping[str, str]
    codes: Collection[str]
    """Known class codes."""
    known: Known = field(default_factory=Known)
    """What the forms of exports are written with."""
    is_1904: bool = False
    """The workbook counts days from 1904."""


def clean(text: str, layout: Layout) -> tuple[str, Problem | None]:
    """The cell's text trimmed, entities undone if the layout says so; control characters dropped with a warning."""
    plain = without_control_characters(text)
    problem = None
    if plain != text:
        problem = warning("unprintable", N_("Characters that cannot be kept were left out."))
    if layout.html_entities and "&" in plain:
        plain = without_control_characters(html.unescape(plain))
    return plain.strip(), problem


def read_cell(target: str, text: str, unit: str, setting: Setting) -> Answer:
    """The value of a field of the record. A problem of level ``error`` means a value is there and cannot be read."""
    item = BY_NAME[target]
    if item.kind in {"text", "prose"}:
        return text, None
    return _READERS[item.kind](target, text, unit, setting)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs (Ａ－１) as half-width ones (A-1)."""
    return text.translate(_NARROW)


def as_typed(text: str) -> tuple[str, Problem | None]:
    """A number that is a name, such as a serial number, as it was before a spreadsheet took it for a quantity.

    ``12345.0`` is 12345. ``1.23457E+11`` has lost digits that nothing brings back: it is kept, with a warning.
    """
    plain = narrow(text)
    whole = _FLOAT.fullmatch(plain)
    if whole:
        return whole.group(1), None
    if _ROUNDED.fullmatch(plain):
        remedy = N_("Format the column as text and type the number again.")
        return plain, warning("rounded", N_("“%(text)s” was rounded by a spreadsheet: its last digits are lost."),
                              remedy, text=plain[:40])  # fmt: skip
    return plain, None


def read_count(text: str) -> Answer:
    """A number of positions."""
    found = _WHOLE.fullmatch(re.sub(r"\s", "", narrow(text)))
    if found and not (found.group(2) or "").strip("0") and 1 <= int(found.group(1).replace(",", "")[:9]) <= 200:
        return int(found.group(1).replace(",", "")), None
    return None, warning(
        "positions", N_("“%(text)s” is no number of positions from 1 to 200; 1 is stored."), text=text[:40]
    )


def _money(_target: str, text: str, unit: str, setting: Setting) -> Answer:
    if setting.layout.currency != "CNY" and setting.layout.rate is None:
        return None, None
    found = read_amount(text, unit=unit)
    if isinstance(found, Problem):
        return None, found
    if setting.layout.rate is not None:
        fen = int((found.fen * setting.layout.rate).quantize(Decimal(1), ROUND_HALF_UP))
        return type(found)(fen, found.factor, found.was_written), None
    return found, None


def _day(_target: str, text: str, _unit: str, setting: Setting) -> Answer:
    return read_day(text, formats=setting.layout.date_formats, zone=setting.zone, is_1904=setting.is_1904)


def _whole(target: str, text: str, _unit: str, _setting: Setting) -> Answer:
    found = _WHOLE.fullmatch(re.sub(r"\s", "", narrow(text)).casefold())
    if not found or len(found.group(1)) > 12:
        return None, Problem("not-a-number", N_("“%(text)s” is not a number of hours."), values={"text": text[:60]},
                             remedy=N_("Write a whole number such as 1600."))  # fmt: skip
    hours = Decimal(f"{found.group(1).replace(',', '')}.{found.group(2) or 0}")
    return int(hours.quantize(Decimal(1), ROUND_HALF_UP)), None


def _truth(_target: str, text: str, _unit: str, _setting: Setting) -> Answer:
    found = truth_of(text)
    return found, None if found is not None else _aside("“%(text)s” is neither yes (是) nor no (否).", text)


def _code(target: str, text: str, _unit: str, _setting: Setting) -> Answer:
    found = code_of(target, text)
    return found, None if found is not None else _unknown(text)


def _codes(target: str, text: str, _unit: str, _setting: Setting) -> Answer:
    found = [code_of(target, part) for part in _LIST.split(text) if part.strip()]
    if None in found:
        return None, _unknown(text)
    return list(dict.fromkeys(found)), None


def _texts(_target: str, text: str, _unit: str, _setting: Setting) -> Answer:
    return [part.strip() for part in _LIST.split(text) if part.strip()], None


def _town(_target: str, text: str, _unit: str, setting: Setting) -> Answer:
    found = setting.towns.get(plain_heading(text))
    return found, None if found else _aside("“%(text)s” is no township of this city.", text)


def _class(_target: str, text: str, _unit: str, setting: Setting) -> Answer:
    code = class_code_from(text)
    if not is_known_class(code, setting.codes):  # the template's list says “030100 长度计量仪器”
        code = class_code_from(text.split(maxsplit=1)[0])
    if not is_known_class(code, setting.codes):
        code = setting.classes.get(plain_heading(text), "")
    if not code:
        return None, _aside("“%(text)s” is no class of instruments.", text)
    if len(code) < 6:
        return code, warning("short-class", N_("The class has %(digits)s digits; the national platform wants six."),
                             digits=len(code))  # fmt: skip
    return code, None


def _unknown(text: str) -> Problem:
    return _aside("“%(text)s” is none of the values of this column.", text)


def _aside(message: str, text: str) -> Problem:
    return warning("unknown-value", message, remedy=KEPT_ASIDE, text=text[:60])


_MESSAGES = (
    N_("“%(text)s” is neither yes (是) nor no (否)."),
    N_("“%(text)s” is no township of this city."),
    N_("“%(text)s” is no class of instruments."),
    N_("“%(text)s” is none of the values of this column."),
)
_READERS: Mapping[str, Callable[[str, str, str, Setting], Answer]] = {
    "money": _money,
    "day": _day,
    "whole": _whole,
    "truth": _truth,
    "code": _code,
    "codes": _codes,
    "texts": _texts,
    "town": _town,
    "class": _class,
}
