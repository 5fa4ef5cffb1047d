"""Writes of people and credentials.

A sign-in has two steps, because a failed one must leave a trace: the edge counts the attempt in one transaction
(:func:`begin_attempt`, :func:`try_code`), compares outside of it, and lets the person in with :func:`admit`. Counting
comes before comparing, so that a hundred guesses sent at once still count as a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_, update
from sqlalchemy.exc import IntegrityError

from equipment_cloud.accounts import credentials, queries, rules
from equipment_cloud.accounts.models import ApiToken, OneTimeCode, Person, PersonState
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Problem, raise_if


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt to sign in. ``person_id`` is ``None`` when nobody may come in, whatever the password."""

    person_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code to be sent: ``channel`` is ``mobile`` or ``email``. It is kept nowhere in clear."""

    channel: str
    address: str
    code: str
    locale: str


def create_person(
    name: str,
    *,
    email: str | None,
    mobile: str | None,
    password: str | None,
    now: datetime,
    locale: str = "zh_CN",
    by: Actor | None = None,
) -> Person:
    """A person who may sign in at once; without a password by one-time code only.

    Raises :class:`Invalid` with everything that is wrong, a taken address included.
    """
    name = name.strip()
    stored_email, stored_mobile = rules.stored_email(email) or None, rules.stored_mobile(mobile) or None
    problems = rules.problems_with_person(name, email=stored_email, mobile=stored_mobile, locale=locale)
    if password is not None:
        problems += rules.problems_with_password(password, not_like=(stored_email, stored_mobile, name))
    raise_if(problems or _taken(stored_email, stored_mobile))
    record = Person(
        name=name, email=stored_email, mobile=stored_mobile, locale=locale, state=PersonState.ACTIVE,
        password_hash=credentials.hash_password(password) if password is not None else None,
        failed_sign_ins=0, locked_until=None, session_version=1, created_at=now,
    )  # fmt: skip
    _keep(record)
    audit.note("accounts.create", f"person:{record.id}", by=by or Actor(record.id, record.name), now=now)
    return record


def begin_attempt(name: str | None, *, now: datetime) -> Attempt:
    """Count an attempt with a password. After ``MAX_FAILURES`` in a row the account takes none for ``LOCKED_FOR``."""
    person = queries.by_sign_in_name(name)
    if person is None or person.state != PersonState.ACTIVE:
        return Attempt(None, None)
    earlier = case((Person.locked_until.is_not(None), 0), else_=Person.failed_sign_ins)
    counted = session().scalar(
        update(Person)
        .where(Person.id == person.id)
        .where(or_(Person.locked_until.is_(None), Person.locked_until <= now))
        .values(
            failed_sign_ins=earlier + 1,
            locked_until=case((earlier + 1 >= rules.MAX_FAILURES, now + rules.LOCKED_FOR), else_=None),
        )
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    )
    return Attempt(person.id if counted is not None else None, person.password_hash)


def attempt_fits(attempt: Attempt, password: str) -> bool:
    """Compare, outside of any transaction: this takes tens of milliseconds by design."""
    fits = credentials.password_fits(attempt.password_hash, password)
    return fits and attempt.person_id is not None


def admit(person_id: int, *, now: datetime) -> Person:
    """The right person came in: forget the failures. Raises :class:`rules.SignInRefused` if disabled meanwhile."""
    person = session().get(Person, person_id)
    if person is None or person.state != PersonState.ACTIVE:
        raise rules.SignInRefused
    person.failed_sign_ins = 0
    person.locked_until = None
    audit.note("accounts.sign-in", f"person:{person.id}", by=Actor(person.id, person.name), now=now)
    return person


def make_code(name: str | None, *, now: datetime) -> FreshCode | None:
    """A one-time code for the mobile number or e-mail address given; ``None`` when none may be sent.

    The caller answers the same in both cases.
    """
    wanted, person = rules.sign_in_name(name), queries.by_sign_in_name(name)
    if wanted is None or person is None or person.state != PersonState.ACTIVE:
        return None
    if not queries.may_send_code(person.id, now):
        return None
    code = credentials.new_code()
    session().add(
        OneTimeCode(
            person_id=person.id, code_hash=credentials.hash_code(person.id, code), attempts=0, used_at=None,
            expires_at=now + rules.CODE_VALID_FOR,
        )
    )  # fmt: skip
    return FreshCode(wanted.kind, wanted.value, code, person.locale)


def try_code(name: str | None, code: str, *, now: datetime) -> int | None:
    """Count an attempt with a code and use the code up if it fits: the person's id, or ``None``."""
    person = queries.by_sign_in_name(name)
    known = queries.open_code(person.id, now) if person is not None else None
    if person is None or known is None:
        return None
    counted = session().scalar(
        update(OneTimeCode)
        .where(OneTimeCode.id == known.id, OneTimeCode.used_at.is_(None), OneTimeCode.attempts < rules.CODE_ATTEMPTS)
        .values(attempts=OneTimeCode.attempts + 1)
        .returning(OneTimeCode.id)
        .execution_options(synchronize_session=False)
    )
    fits = credentials.same(known.code_hash, credentials.hash_code(person.id, code.strip()[:20]))
    if counted is None or not fits:
        return None
    used = session().scalar(
        update(OneTimeCode)
        .where(OneTimeCode.id == known.id, OneTimeCode.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeCode.id)
        .execution_options(synchronize_session=False)
    )
    return person.id if used is not None else None


def set_password(person_id: int, password: str, *, by: Actor, now: datetime) -> Person:
    """Set a password; sessions opened before end."""
    person = _person(person_id)
    raise_if(rules.problems_with_password(password, not_like=(person.email, person.mobile, person.name)))
    person.password_hash = credentials.hash_password(password)
    person.session_version += 1
    person.failed_sign_ins, person.locked_until = 0, None
    audit.note("accounts.set-password", f"person:{person.id}", by=by, now=now)
    return person


def update_person(
    person_id: int, name: str, *, email: str | None, mobile: str | None, locale: str, by: Actor, now: datetime
) -> Person:
    """Change name, addresses and language. Raises :class:`Invalid`."""
    person = _person(person_id)
    stored_email, stored_mobile = rules.stored_email(email) or None, rules.stored_mobile(mobile) or None
    problems = rules.problems_with_person(name, email=stored_email, mobile=stored_mobile, locale=locale)
    raise_if(problems or _taken(stored_email, stored_mobile, besides=person.id))
    person.name, person.email, person.mobile, person.locale = name.strip(), stored_email, stored_mobile, locale
    _keep(person)
    audit.note("accounts.update", f"person:{person.id}", by=by, now=now)
    return person


def disable(person_id: int, *, by: Actor, now: datetime) -> Person:
    """Close an account: its sessions, codes and tokens stop working at once."""
    person = _person(person_id)
    person.state = PersonState.DISABLED
    person.session_version += 1
    audit.note("accounts.disable", f"person:{person.id}", by=by, now=now)
    return person


def enable(person_id: int, *, by: Actor, now: datetime) -> Person:
    """Open a closed account again."""
    person = _person(person_id)
    person.state = PersonState.ACTIVE
    person.failed_sign_ins, person.locked_until = 0, None
    audit.note("accounts.enable", f"person:{person.id}", by=by, now=now)
    return person


def issue_token(
    person_id: int,
    name: str,
    *,
    now: datetime,
    scopes: list[str] | None = None,
    expires_in: timedelta | None = None,
    by: Actor | None = None,
) -> tuple[str, ApiToken]:
    """A bearer token: its text, which is shown once and not kept, and its record. Raises :class:`Invalid`."""
    person = _person(person_id)
    valid_for = expires_in or rules.TOKEN_DEFAULT
    raise_if(rules.problems_with_token(name, scopes, valid_for))
    if len(queries.tokens_of(person.id, now)) >= rules.TOKENS_MOST:
        raise Invalid.single(
            "too-many-tokens",
            N_("A person may have at most %(most)s tokens."),
            most=rules.TOKENS_MOST,
            remedy=N_("Revoke one that is no longer used."),
        )
    text = credentials.new_token()
    record = ApiToken(
        person_id=person.id, name=name.strip(), token_hash=credentials.hash_token(text), created_at=now,
        scopes=sorted(set(scopes)) if scopes else None, expires_at=now + valid_for, revoked_at=None,
    )  # fmt: skip
    session().add(record)
    session().flush()
    audit.note("accounts.issue-token", f"token:{record.id}", by=by or Actor(person.id, person.name), now=now,
               detail={"name": record.name, "scopes": record.scopes})  # fmt: skip
    return text, record


def revoke_token(token_id: int, *, by: Actor, now: datetime) -> ApiToken:
    """Close one of one's own tokens. Raises :class:`NotFound` for another person's."""
    record = session().get(ApiToken, token_id)
    if record is None or record.person_id != by.id:
        raise NotFound
    record.revoked_at = record.revoked_at or now
    audit.note("accounts.revoke-token", f"token:{record.id}", by=by, now=now)
    return record


def bearer(text: str, *, now: datetime) -> tuple[int, frozenset[str] | None] | None:
    """Who holds the token and what it is limited to (``None``: all the person may); ``None`` for no valid token."""
    if not text.startswith(credentials.TOKEN_PREFIX) or len(text) > 100:
        return None
    found = queries.bearer_of(credentials.hash_token(text), now)
    if found is None:
        return None
    person_id, scopes = found
    return person_id, frozenset(scopes) if scopes is not None else None


def _person(person_id: int) -> Person:
    person = session().get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person


def _keep(person: Person) -> None:
    """Write now: a rival may have taken the address since it was looked up."""
    try:
        with session().begin_nested():
            session().add(person)
    except IntegrityError:
        raise Invalid.single(
            "taken",
            N_("This mobile number or e-mail address already has an account."),
            field="mobile",
            remedy=N_("Sign in with it, or use another one."),
        ) from None


def _taken(email: str | None, mobile: str | None, *, besides: int | None = None) -> list[Problem]:
    """Addresses that are someone else's already."""
    others = [person for person in queries.by_contact(email, mobile) if person.id != besides]
    remedy = N_("Sign in with it, or use another one.")
    problems: list[Problem] = []
    if mobile and any(person.mobile == mobile for person in others):
        problems.append(
            Problem("mobile-taken", N_("This mobile number already has an account."), "mobile", remedy=remedy)
        )
    if email and any(person.email == email for person in others):
        problems.append(
            Problem("email-taken", N_("This e-mail address already has an account."), "email", remedy=remedy)
        )
    return problems
