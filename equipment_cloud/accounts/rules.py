"""Names, passwords, codes and tokens: what is acceptable, how long it holds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from equipment_cloud.kernel.errors import N_, Problem, Refused
from equipment_cloud.kernel.identifiers import halfwidth, is_email, is_mobile

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
CODE_VALID_FOR = timedelta(minutes=5)
CODE_ATTEMPTS = 5
CODE_PAUSE = timedelta(seconds=60)
CODES_PER_DAY = 10
PASSWORD_LEAST, PASSWORD_MOST = 10, 128
TOKEN_DEFAULT = timedelta(days=30)
TOKEN_LEAST, TOKEN_MOST = timedelta(minutes=1), timedelta(days=365)
TOKENS_MOST = 50
LOCALES = ("zh_CN", "en")

SCOPES = {
    "read": N_("Read everything the person may see"),
    "write": N_("Read and change everything the person may"),
    "catalog": N_("Instruments and services"),
    "occupancy": N_("Calendars of instruments"),
    "booking": N_("Bookings"),
    "usage": N_("Usage records"),
    "vouchers": N_("Vouchers"),
    "contracts": N_("Contracts"),
    "billing": N_("Bills, invoices and payments"),
    "settlement": N_("Claims and settlement batches"),
}
"""What a token may be limited to; a token without scopes may do all its person may.

``booking`` covers all of a room, ``booking:read`` and ``booking:write`` a part of it.
"""

_OBVIOUS = ("password", "12345678", "qwertyui", "11111111", "abcdefgh", "88888888")


class SignInRefused(Refused):
    """One answer for an unknown name, a wrong password, a locked and a disabled account."""

    code = "sign-in-refused"
    status = 401
    message = N_("The name or the password or code is not right, or the account is locked for now.")
    remedy = N_(
        "After five wrong passwords an account is locked for 15 minutes; a one-time code still lets its owner in."
    )


@dataclass(frozen=True, slots=True)
class SignInName:
    """How a person signs in: ``kind`` is ``mobile`` or ``email``, ``value`` in its stored form."""

    kind: str
    value: str


def sign_in_name(text: str | None) -> SignInName | None:
    """A mobile number or e-mail address as typed, in its stored form; ``None`` when it is neither."""
    value = stored_mobile(text)
    if is_mobile(value):
        return SignInName("mobile", value)
    value = stored_email(text)
    if is_email(value) and is_plain(value):
        return SignInName("email", value)
    return None


def stored_mobile(text: str | None) -> str:
    """Half-width digits without blanks, hyphens and the country code."""
    digits = halfwidth(text or "").replace(" ", "").replace("-", "")
    return digits.removeprefix("+86")


def stored_email(text: str | None) -> str:
    """Half width, lower case."""
    return halfwidth(text or "").lower()


def is_plain(text: str) -> bool:
    """Without control characters, which no name has and no database takes."""
    return not any(unicodedata.category(letter) == "Cc" for letter in text)


def problems_with_person(name: str, *, email: str | None, mobile: str | None, locale: str) -> list[Problem]:
    """What is wrong with a person's name and addresses, all of it."""
    problems: list[Problem] = []
    if not name.strip() or len(name) > 64 or not is_plain(name):
        problems.append(Problem("name", N_("Give the person's name, in at most 64 characters."), "person_name"))
    if not email and not mobile:
        problems.append(Problem("unreachable", N_("Give a mobile number or an e-mail address."), "mobile"))
    if mobile and not is_mobile(mobile):
        problems.append(Problem("mobile", N_("A mobile number has 11 digits and begins with 1."), "mobile"))
    if email and not (is_email(email) and is_plain(email)):
        problems.append(Problem("email", N_("This is not an e-mail address."), "email"))
    if locale not in LOCALES:
        problems.append(Problem("locale", N_("This language is not offered."), "locale"))
    return problems


def problems_with_password(password: str, *, not_like: tuple[str | None, ...] = ()) -> list[Problem]:
    """Length first; then what everybody tries, and the person's own name or address."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST or "\0" in password:
        return [Problem("password-length", N_("A password has %(least)s to %(most)s characters."), "password",
                        {"least": PASSWORD_LEAST, "most": PASSWORD_MOST})]  # fmt: skip
    lowered = password.lower()
    easy = any(text in lowered for text in _OBVIOUS) or len(set(password)) < 5
    own = any(text and len(text) >= 4 and text.lower() in lowered for text in not_like)
    if easy or own:
        return [Problem("password-easy", N_("This password is too easy to guess."), "password",
                        remedy=N_("Several words in a row are long and easy to remember."))]  # fmt: skip
    return []


def problems_with_token(name: str, scopes: list[str] | None, valid_for: timedelta) -> list[Problem]:
    """What is wrong with the wish for a token."""
    problems: list[Problem] = []
    if not name.strip() or len(name) > 100 or not is_plain(name):
        problems.append(Problem("name", N_("Name the program that will use it, in at most 100 characters."), "name"))
    problems.extend(
        Problem("scope", N_("There is no scope %(scope)s."), "scopes", {"scope": scope[:64]})
        for scope in scopes or []
        if not is_scope(scope)
    )
    if not TOKEN_LEAST <= valid_for <= TOKEN_MOST:
        problems.append(Problem("expires-in", N_("A token holds from one minute to 365 days."), "expires_in"))
    return problems


def is_scope(text: str) -> bool:
    """``read``, ``write``, a room, or a room's half (``booking:read``)."""
    room, _, half = text.partition(":")
    return text in SCOPES or (room in SCOPES and room not in {"read", "write"} and half in {"read", "write"})
