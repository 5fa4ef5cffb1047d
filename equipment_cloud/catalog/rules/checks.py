"""What is wrong with an instrument's values: impossible ones refuse, missing ones only refuse the submission."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from equipment_cloud.catalog.rules.fields import BY_NAME, FIELDS, WRITABLE, Field
from equipment_cloud.kernel.errors import N_, Problem, Words
from equipment_cloud.kernel.identifiers import is_email
from equipment_cloud.kernel.money import MAX_FEN

HOURS_OF_YEAR = 8784
MOST_SUBJECTS = 4
MOST_POSITIONS = 200
LONGEST_PROSE = 20_000
OTHER_CLASS = "990000"
EARLIEST = date(1900, 1, 1)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PHONE = re.compile(r"[0-9+()（）\-—~转 /,，、;；.xXextEXT]{5,64}")

_FORMS = {
    "postcode": (re.compile(r"\d{6}", re.ASCII), "not-a-postcode", N_("A postcode has six digits.")),
    "customs_declaration": (
        re.compile(r"\d{18}", re.ASCII), "not-a-declaration", N_("The number of an import declaration has 18 digits."),
    ),
    "customs_item": (
        re.compile(r"\d{1,2}", re.ASCII), "not-an-item", N_("An item of a declaration has one or two digits."),
    ),
    "duty_exemption": (
        re.compile(r"[A-Za-z0-9]{12}"), "not-an-exemption",
        N_("A certificate of duty exemption has 12 letters and digits."),
    ),
}  # fmt: skip
"""Numbers with a form: what they look like, and what is said of any other."""


def problems_with_values(
    values: Mapping[str, Any], *, today: date, towns: Collection[str], classes: Collection[str]
) -> list[Problem]:
    """All impossible values among those given. Texts that are only longer than NRII takes are warnings."""
    found: list[Problem] = []
    for name, value in values.items():
        if name not in WRITABLE:
            found.append(Problem("unknown-field", N_("There is no such field, or it cannot be changed."), name))
        elif value is not None and name in BY_NAME:
            found.extend(_problems_with_field(BY_NAME[name], value, towns=towns, classes=classes))
    if "name" in values and not values["name"]:
        found.append(Problem("missing", N_("An instrument needs a name."), "name"))
    return [*found, *problems_between(values, today=today)]


def problems_between(values: Mapping[str, Any], *, today: date) -> list[Problem]:
    """Dates in order and not in the future; hours of service not above hours run; a reason where nothing is shared."""
    found: list[Problem] = []
    acquired, in_service = values.get("acquired_on"), values.get("in_service_on")
    for name in ("acquired_on", "in_service_on", "customs_released_on"):
        day = values.get(name)
        if isinstance(day, date) and not EARLIEST <= day <= today:
            found.append(Problem("impossible-date", N_("This date lies in the future or before 1900."), name))
    if isinstance(acquired, date) and isinstance(in_service, date) and acquired > in_service:
        found.append(
            Problem(
                "dates-reversed",
                N_("It was in service before it was purchased; one of the dates is wrong."),
                "in_service_on",
            )
        )
    run, service = values.get("run_hours"), values.get("service_hours")
    if isinstance(run, int) and isinstance(service, int) and service > run:
        found.append(
            Problem("more-service-than-run", N_("Hours of service cannot exceed the hours run."), "service_hours")
        )
    if values.get("share_mode") == "none" and not values.get("not_shared_reason"):
        found.append(Problem("reason-needed", N_("Say why it is not shared."), "not_shared_reason", level="warning"))
    return found


def problems_before_submission(values: Mapping[str, Any]) -> list[Problem]:
    """What is still missing before the bureau can verify the record; every missing field at once."""
    shared = values.get("share_mode") != "none"
    needed = [
        item for item in FIELDS if item.is_needed and (shared or item.name not in {"service_content", "requirement"})
    ]
    found = [
        Problem(
            "missing",
            N_("%(label)s is missing."),
            item.name,
            {"label": Words(item.label)},
            N_("Fill it in and submit again."),
        )
        for item in needed
        if values.get(item.name) in (None, "", [])
    ]
    if not shared and not values.get("not_shared_reason"):
        found.append(Problem("reason-needed", N_("Say why it is not shared."), "not_shared_reason"))
    return found


def has_control_characters(text: str) -> bool:
    """Whether the text has characters that neither database nor paper takes (line breaks and tabs are fine)."""
    return bool(_CONTROL.search(text))


def without_control_characters(text: str) -> str:
    """The text without them."""
    return _CONTROL.sub("", text)


def is_phone(text: str) -> bool:
    """Whether this looks like one telephone number or several."""
    return bool(_PHONE.fullmatch(text))


def class_code_from(text: str) -> str:
    """A class code as typed, plain; NRII's 999999 means 990000 (其他)."""
    code = re.sub(r"[\s.\-]", "", text)
    return OTHER_CLASS if code in {"999999", "99"} else code


def is_known_class(code: str, classes: Collection[str]) -> bool:
    """2, 4 or 6 digits whose listed levels exist: 小类 lists are not published, so 6 digits need a known 中类."""
    if code in classes:
        return True
    return bool(re.fullmatch(r"\d{6}", code)) and code[:4] in classes


def _problems_with_field(item: Field, value: Any, *, towns: Collection[str], classes: Collection[str]) -> list[Problem]:
    if isinstance(value, str) and has_control_characters(value):
        return [Problem("unprintable", N_("This text has characters that cannot be kept."), item.name)]
    if item.kind in {"text", "prose"}:
        return _problems_with_text(item, str(value))
    if item.kind in {"code", "codes"}:
        given = value if item.kind == "codes" else [value]
        return [
            Problem("unknown-code", N_("This is none of the values to choose from."), item.name)
            for code in given
            if str(code) not in item.choices
        ]
    if item.kind == "texts":
        return _problems_with_subjects(item, value)
    if item.kind in {"town", "class"}:
        return _problems_with_reference(item, str(value), towns=towns, classes=classes)
    return _problems_with_number(item, value)


def _problems_with_text(item: Field, text: str) -> list[Problem]:
    most = LONGEST_PROSE if item.kind == "prose" else item.most
    found: list[Problem] = []
    if len(text) > most:
        found.append(
            Problem("too-long", N_("At most %(most)s characters can be kept here."), item.name, {"most": most})
        )
    elif item.limit and len(text) > item.limit:
        found.append(
            Problem(
                "long",
                N_(
                    "Longer than the %(most)s characters the national platform takes; it is kept in full "
                    "and cut only when it is exported."
                ),
                item.name,
                {"most": item.limit},
                level="warning",
            )
        )
    if item.name == "email" and text and not is_email(text):
        found.append(Problem("not-an-email", N_("This is not an e-mail address."), item.name))
    if item.name == "phone" and text and not is_phone(text):
        found.append(Problem("not-a-phone", N_("This is not a telephone number."), item.name))
    if item.name in _FORMS and text and not _FORMS[item.name][0].fullmatch(text):
        found.append(Problem(*_FORMS[item.name][1:], item.name))
    return found


def _problems_with_subjects(item: Field, value: Any) -> list[Problem]:
    if len(value) > MOST_SUBJECTS:
        return [Problem("too-many", N_("At most %(most)s disciplines."), item.name, {"most": MOST_SUBJECTS})]
    if any(len(text) > 64 or has_control_characters(text) for text in value):
        return [Problem("too-long", N_("At most %(most)s characters can be kept here."), item.name, {"most": 64})]
    return []


def _problems_with_reference(
    item: Field, code: str, *, towns: Collection[str], classes: Collection[str]
) -> list[Problem]:
    if item.kind == "town":
        known = code in towns
        return [] if known else [Problem("unknown-town", N_("There is no such township."), item.name)]
    if is_known_class(code, classes):
        return []
    return [
        Problem(
            "unknown-class",
            N_("There is no such class of instruments."),
            item.name,
            remedy=N_("Take two, four or six digits from the list of classes; 990000 means other."),
        )
    ]


def _problems_with_number(item: Field, value: Any) -> list[Problem]:
    if item.kind == "money" and (not isinstance(value, int) or not 0 <= value <= MAX_FEN):
        return [Problem("impossible-amount", N_("This amount is negative or too large to be true."), item.name)]
    if item.kind == "whole" and (not isinstance(value, int) or not 0 <= value <= HOURS_OF_YEAR):
        return [
            Problem("impossible-hours", N_("A year has %(most)s hours at most."), item.name, {"most": HOURS_OF_YEAR})
        ]
    return []
