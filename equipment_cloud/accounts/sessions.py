"""The signed-in person of a browser session, as Flask-Login sees one.

A session names the person and the version of the person's sessions; a new password or a disabled account raises the
version, and every session of before is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, session
from flask_login import login_user, logout_user

from equipment_cloud.accounts.models import Person, PersonState
from equipment_cloud.foundation import db


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What templates may say of the person of this request; ``get_id`` is ``12:3``, person and session version."""

    id: int
    name: str
    email: str | None
    mobile: str | None
    locale: str
    session_version: int

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_version}"


def load(user_id: str) -> SignedIn | None:
    """The person a session names, unless the session is over."""
    person_id, _, version = user_id.partition(":")
    if not (person_id.isascii() and person_id.isdigit() and len(person_id) < 10):
        return None
    person = db.session().get(Person, int(person_id))
    if person is None or person.state != PersonState.ACTIVE or str(person.session_version) != version:
        return None
    return signed_in(person)


def signed_in(person: Person) -> SignedIn:
    """The view of a person a session carries."""
    return SignedIn(person.id, person.name, person.email, person.mobile, person.locale, person.session_version)


def open_session(person: Person) -> None:
    """Begin a session anew: nothing of the visitor's is carried over but the language chosen."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    session.permanent = True
    login_user(signed_in(person))
    g.pop("actor", None)


def close_session() -> None:
    """End this browser's session."""
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale
    g.pop("actor", None)
