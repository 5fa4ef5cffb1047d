"""Identifiers of the field: credit code (统一社会信用代码, GB 32100-2015), invoice, mobile and bank numbers."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from equipment_cloud.kernel.errors import N_, Problem

REGISTRATION_PREFIXES = frozenset(
    (
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "Y1",
    )
)
"""First two characters in use: registration department and kind of body (GB 32100-2015, table 1, and later ones)."""
PROVINCES = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
"""Leading digits of the registering region (GB/T 2260); 10 stands for bodies registered with the state itself."""

_PLAIN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def halfwidth(text: str) -> str:
    """Full-width digits and letters as people type them, made plain; surrounding blanks cut."""
    return unicodedata.normalize("NFKC", text).strip()


COPY = N_("Copy it from the business licence.")
COMPARE = N_("Compare with the licence; if it is right, upload a scan and a reviewer can accept it.")


def normalise_credit_code(text: str) -> str:
    """Upper case, half width, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", halfwidth(text)).upper()


def problems_with_credit_code(text: str, *, field: str = "credit_code") -> list[Problem]:
    """All that is wrong with a credit code.

    A failing check digit alone is a *warning* (``check-digit``, and ``organisation-code`` for the one inside): early
    codes that fail do exist, so a reviewer may override it with a reason. Everything else is an error.
    """
    code = normalise_credit_code(text)
    failed_check = False
    try:
        uscc.validate(code)
    except InvalidChecksum:
        failed_check = True
    except ValidationError:
        words = N_("A credit code has 18 digits and capital letters, without I, O, S, V, Z.")
        return [Problem("credit-code-form", words, field, remedy=COPY)]
    problems: list[Problem] = []
    if code[:2] not in REGISTRATION_PREFIXES:
        words = N_("The first two characters name no registration authority.")
        problems.append(Problem("credit-code-prefix", words, field, remedy=COPY))
    if code[2:4] not in PROVINCES:
        words = N_("Characters 3 to 8 name no region of China.")
        problems.append(Problem("credit-code-region", words, field, remedy=COPY))
    if failed_check:
        words = N_("The check digit does not fit; a reviewer has to look at the licence.")
        problems.append(Problem("check-digit", words, field, remedy=COMPARE, level="warning"))
    if organisation_check(code[8:16]) != code[16]:
        words = N_("The organisation code inside the credit code does not fit its own check digit.")
        problems.append(Problem("organisation-code", words, field, remedy=COMPARE, level="warning"))
    return problems


def organisation_check(first8: str) -> str:
    """The last character of an organisation code (组织机构代码, GB 11714): place 17 of a credit code."""
    total = sum(_PLAIN_ALPHABET.index(letter) * weight for letter, weight in zip(first8, _WEIGHTS, strict=True))
    left = 11 - total % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def make_credit_code(first17: str) -> str:
    """The full code for 17 given characters; for synthetic examples."""
    return first17 + uscc.calc_check_digit(first17)


def invoice_key(number: str, code: str | None) -> str | None:
    """Uniqueness key of an invoice: a 20-digit number (数电票) alone, else code (10 or 12) and number (8).

    ``None`` if malformed.
    """
    number, code = halfwidth(number), halfwidth(code or "")
    if re.fullmatch(r"\d{20}", number, re.ASCII):
        return number
    if re.fullmatch(r"\d{8}", number, re.ASCII) and re.fullmatch(r"\d{10}|\d{12}", code, re.ASCII):
        return f"{code}-{number}"
    return None


def is_mobile(text: str) -> bool:
    """Eleven digits of a mainland mobile number."""
    return bool(_MOBILE.fullmatch(text))


def is_email(text: str) -> bool:
    """Plausible address of at most 254 characters; delivery alone proves it."""
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text))


def is_bank_account(text: str) -> bool:
    """8 to 30 digits, kept as text."""
    return bool(re.fullmatch(r"\d{8,30}", text, re.ASCII))


def is_cnaps(text: str) -> bool:
    """Bank code (联行号) of 12 digits."""
    return bool(re.fullmatch(r"\d{12}", text, re.ASCII))
