"""Columns of a foreign form: how each is written from a record, and what an import takes from its text.

Writing is stable: what is read from a written cell is written the same again. Texts are cut to the form's lengths
here and nowhere else; the record keeps them in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from equipment_cloud.catalog.rules.checks import MOST_SUBJECTS, OTHER_CLASS, is_phone, without_control_characters
from equipment_cloud.kernel.money import FEN_PER_WAN

Values = Mapping[str, Any]
"""A record: its fields, ``unit_number``, ``code``, ``id``, and of its owner ``owner``, ``owner_code``, ``ins_code``."""
SEPARATORS = re.compile(r"[,，、;；|\n]+")
"""What an import takes apart in lists; parts are joined again by a comma."""

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|GETTING_DATA|SPILL!|CALC!|ERROR)|Err:5\d\d")
_GUARDED = re.compile(r"'(?=\s*[=+\-@＝＋－＠])")
_NUMBER_ENDS = re.compile(r"(?<=[、,，;；/])")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Known:
    """What writing needs besides the record: Chinese names of townships by code, class codes, the public address."""

    towns: Mapping[str, str] = field(default_factory=dict)
    classes: Collection[str] = ()
    base: str = ""
    """``https://host``, without a slash at the end."""


Write = Callable[[Values, Known], str]
Read = Callable[[str, Known], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``fields`` names what an import takes from it; a column without is computed, and passed over."""

    name: str
    zh: str
    write: Write
    fields: tuple[str, ...] = ()
    read: Read | None = None
    is_needed: bool = False
    when: Callable[[Values], bool] | None = None
    """Needed only then."""

    def parts(self, text: str, known: Known) -> Mapping[str, str]:
        """Texts by field, as an import reads them."""
        if not self.fields:
            return {}
        return self.read(text, known) if self.read else {self.fields[0]: text}


def plain(text: object, limit: int | None = None, *, lines: bool = True) -> str:
    """A text as a cell keeps it: no control characters, one kind of line break, no blanks around, cut to the limit."""
    clean = without_control_characters(str(text)).replace("\r\n", "\n").replace("\r", "\n")
    clean = clean.replace("\ufffe", "").replace("\uffff", "").strip()
    clean = unguarded(clean if lines else " ".join(clean.split())).strip()
    clean = clean[:limit].rstrip() if limit else clean
    return "" if _ERROR.fullmatch(clean) else clean


def unguarded(text: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from taking it for a formula."""
    return _GUARDED.sub("", text, count=1) if _GUARDED.match(text) else text


def of_text(name: str, limit: int | None = None, *, lines: bool = False, blank: str = "") -> Write:
    """A field of free text; ``blank`` is what the form wants where there is none."""
    return lambda values, _known: plain(values.get(name) or "", limit, lines=lines) or blank


def of_code(name: str, words: Mapping[str, str], blank: str = "") -> Write:
    """A coded field in the form's words; a code the form does not know becomes its ``other``."""
    return lambda values, _known: words.get(str(values.get(name) or ""), blank)


def of_codes(name: str, words: Mapping[str, str]) -> Write:
    """Several codes, by comma."""
    return lambda values, _known: ",".join(
        dict.fromkeys(words[code] for code in values.get(name) or () if code in words)
    )


def of_truth(name: str) -> Write:
    """是 or 否."""
    return lambda values, _known: "是" if values.get(name) else "否"


def of_day(name: str) -> Write:
    """``2021-06-01``."""
    return lambda values, _known: values[name].isoformat() if values.get(name) else ""


def of_number(name: str) -> Write:
    """A whole number."""
    return lambda values, _known: "" if values.get(name) is None else str(values[name])


def of_money(name: str) -> Write:
    """万元 with two decimals, half up."""

    def write(values: Values, _known: Known) -> str:
        fen = values.get(name)
        return "" if fen is None else str((Decimal(fen) / FEN_PER_WAN).quantize(_CENT, ROUND_HALF_UP))

    return write


def of_list(name: str) -> Write:
    """Free texts by comma; commas inside them count as such."""

    def write(values: Values, _known: Known) -> str:
        parts = [plain(part, 64, lines=False) for text in values.get(name) or () for part in SEPARATORS.split(text)]
        return ",".join([part for part in parts if part][:MOST_SUBJECTS])

    return write


def of_class(values: Values, known: Known) -> str:
    """Six digits; a listed 中类 is filled up with 00, anything without one stays open."""
    code = str(values.get("class_code") or "")
    if code in {OTHER_CLASS, "99"}:
        return OTHER_CLASS
    if len(code) == 6 and (code in known.classes or code[:4] in known.classes):
        return code
    return f"{code}00" if len(code) == 4 and code in known.classes else ""


def of_phone(limit: int) -> Write:
    """As many whole numbers as fit; nothing where no number is left."""

    def write(values: Values, _known: Known) -> str:
        whole = plain(values.get("phone") or "", lines=False)
        kept = ""
        for part in _NUMBER_ENDS.split(whole):
            if len(_trimmed(kept + part)) > limit:
                break
            kept += part
        text = next((text for text in (_trimmed(kept), whole[:limit].rstrip()) if is_phone(text)), "")
        return whole if len(whole) <= limit and is_phone(whole) else text

    return write


def of_email(limit: int) -> Write:
    """The address if it fits; half an address is none."""

    def write(values: Values, _known: Known) -> str:
        text = plain(values.get("email") or "", lines=False)
        return text if len(text) <= limit else ""

    return write


def of_place(limit: int) -> Write:
    """Township and address in one."""

    def write(values: Values, known: Known) -> str:
        town = known.towns.get(str(values.get("town_code") or ""), "")
        place = plain(values.get("address") or "", lines=False)
        return plain(place if place.startswith(town) else town + place, limit, lines=False)

    return write


def place_parts(text: str, known: Known) -> Mapping[str, str]:
    """Township and address apart again; the address keeps the township where it would not be written the same."""
    towns = {name: code for code, name in known.towns.items() if text.startswith(name)}
    town = max(towns, key=len, default="")
    rest = text[len(town) :].strip()
    again = of_place(len(text))({"town_code": towns.get(town), "address": rest}, known)
    address = rest if again == text else text
    return {**({"town_code": town} if town else {}), **({"address": address} if address else {})}


def _trimmed(numbers: str) -> str:
    return numbers.rstrip("、,，;；/ ")


def page_address(values: Values, known: Known) -> str:
    """The public page of the instrument."""
    return f"{known.base}/instruments/{values['id']}" if known.base and values.get("id") else ""


def fixed(text: str) -> Write:
    """The same in every row."""
    return lambda _values, _known: text


def unless_none(field_name: str) -> Read:
    """A text, where 无 says that there is none."""
    return lambda text, _known: {} if text == "无" else {field_name: text}
