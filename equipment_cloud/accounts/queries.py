"""Reads of people, codes and tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select

from equipment_cloud.accounts import rules
from equipment_cloud.accounts.models import ApiToken, OneTimeCode, Person, PersonState
from equipment_cloud.foundation.db import UtcDateTime, session, settled
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound


def person(person_id: int) -> Person:
    """Raises :class:`NotFound`."""
    found = session().get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def people(ids: Collection[int]) -> dict[int, Person]:
    """Persons by id; unknown ids are left out."""
    wanted = {person_id for person_id in ids if person_id}
    if not wanted:
        return {}
    rows = session().scalars(select(Person).where(Person.id.in_(wanted)).order_by(Person.id))
    return {row.id: row for row in rows}


def by_sign_in_name(text: str | None) -> Person | None:
    """The person a mobile number or an e-mail address belongs to."""
    name = rules.sign_in_name(text)
    if name is None:
        return None
    column = Person.mobile if name.kind == "mobile" else Person.email
    return session().scalar(select(Person).where(column == name.value))


def by_contact(email: str | None, mobile: str | None) -> list[Person]:
    """Persons who already use the stored e-mail address or mobile number."""
    conditions = [column == value for column, value in ((Person.email, email), (Person.mobile, mobile)) if value]
    return list(session().scalars(select(Person).where(or_(*conditions)).order_by(Person.id))) if conditions else []


def page_of_people(text: str | None, *, number: int, size: int) -> Page[Person]:
    """Persons by name, newest first; ``text`` looks into name, mobile and e-mail."""
    statement = select(Person)
    if text:
        pattern = f"%{_literal(text)}%"
        statement = statement.where(
            or_(*(column.like(pattern, escape="\\") for column in (Person.name, Person.mobile, Person.email)))
        )
    return scalars_page(statement.order_by(Person.id.desc()), number=number, size=size)


def locale_of(user: Any) -> str | None:
    """The language of the person of this request, without asking the database again."""
    return getattr(user, "locale", None)


def open_code(person_id: int, now: datetime) -> OneTimeCode | None:
    """The newest code that may still be tried."""
    newest = select(OneTimeCode).where(OneTimeCode.person_id == person_id).order_by(OneTimeCode.id.desc()).limit(1)
    code = session().scalar(newest)
    if code is None or code.used_at is not None or code.expires_at <= now or code.attempts >= rules.CODE_ATTEMPTS:
        return None
    return code


def may_send_code(person_id: int, now: datetime) -> bool:
    """At most one code a minute and ten a day: nobody's telephone is a toy."""
    since = now + rules.CODE_VALID_FOR - timedelta(days=1)
    newest_first = (
        select(OneTimeCode.expires_at)
        .where(OneTimeCode.person_id == person_id, OneTimeCode.expires_at > since)
        .order_by(OneTimeCode.id.desc())
        .limit(rules.CODES_PER_DAY)
    )
    ends = list(session().scalars(newest_first))
    if len(ends) >= rules.CODES_PER_DAY:
        return False
    return not ends or ends[0] <= now + rules.CODE_VALID_FOR - rules.CODE_PAUSE


def tokens_of(person_id: int, now: datetime) -> list[ApiToken]:
    """Tokens that still open a door, newest first; a person has at most ``TOKENS_MOST``."""
    statement = select(ApiToken).where(
        ApiToken.person_id == person_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now,
    )
    return list(session().scalars(statement.order_by(ApiToken.id.desc()).limit(rules.TOKENS_MOST)))


def bearer_of(token_hash: str, now: datetime) -> tuple[int, list[str] | None] | None:
    """``(person, scopes)`` of a valid token of an active person."""
    found = settled().execute(_VALID_TOKEN, {"token_hash": token_hash, "now": now}).one_or_none()
    return (found.person_id, found.scopes) if found else None


# Asked by every call of a program, so built once and on plain tables.
_TOKEN, _PERSON = cast("Table", ApiToken.__table__), cast("Table", Person.__table__)
_VALID_TOKEN = (
    select(_TOKEN.c.person_id, _TOKEN.c.scopes)
    .join(_PERSON, _PERSON.c.id == _TOKEN.c.person_id)
    .where(
        _TOKEN.c.token_hash == bindparam("token_hash"),
        _TOKEN.c.revoked_at.is_(None),
        _TOKEN.c.expires_at > bindparam("now", type_=UtcDateTime),
        _PERSON.c.state == PersonState.ACTIVE,
    )
)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
