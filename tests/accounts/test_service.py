"""Accounts, passwords, codes and tokens."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts import queries, rules, service
from equipment_cloud.accounts.models import OneTimeCode, Person, PersonState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.kernel.errors import Invalid, NotFound
from tests.factories.accounts import PASSWORD, person

MINUTE = timedelta(minutes=1)


def let_in(name: str, password: str, *, now: datetime) -> bool:
    """What the door does, in one transaction."""
    attempt = service.begin_attempt(name, now=now)
    if not service.attempt_fits(attempt, password) or attempt.person_id is None:
        return False
    service.admit(attempt.person_id, now=now)
    return True


def actor(who: Person) -> Actor:
    return Actor(who.id, who.name)


def test_a_person_signs_in_by_mobile_or_by_email(session: Session, now: datetime) -> None:
    person(session, password=PASSWORD, mobile="138 0000 0001", email="One@People.example")
    assert let_in("13800000001", PASSWORD, now=now)
    assert let_in("one@people.EXAMPLE", PASSWORD, now=now)
    assert not let_in("one@people.example", PASSWORD + "!", now=now)


def test_no_password_is_kept_in_clear(session: Session, now: datetime) -> None:
    who = person(session, password=PASSWORD)
    assert who.password_hash is not None
    assert who.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("password", ["", "\0", "x" * 100_000, "\ud800"])
def test_odd_passwords_are_simply_wrong(session: Session, now: datetime, password: str) -> None:
    who = person(session, password=PASSWORD)
    assert not let_in(str(who.email), password, now=now)


def test_after_five_failures_even_the_right_password_waits_fifteen_minutes(session: Session, now: datetime) -> None:
    who = person(session, password=PASSWORD)
    name = str(who.email)
    for _ in range(5):
        assert not let_in(name, "wrong", now=now)
    assert not let_in(name, PASSWORD, now=now)
    assert not let_in(name, PASSWORD, now=now + 14 * MINUTE)
    assert let_in(name, PASSWORD, now=now + 15 * MINUTE)


def test_a_success_forgets_earlier_failures(session: Session, now: datetime) -> None:
    name = str(person(session, password=PASSWORD).email)
    for _ in range(2):
        for _ in range(4):
            assert not let_in(name, "wrong", now=now)
        assert let_in(name, PASSWORD, now=now)


def test_after_a_lock_there_are_five_attempts_again(session: Session, now: datetime) -> None:
    name = str(person(session, password=PASSWORD).email)
    for _ in range(5):
        let_in(name, "wrong", now=now)
    later = now + 16 * MINUTE
    for _ in range(4):
        assert not let_in(name, "wrong", now=later)
    assert let_in(name, PASSWORD, now=later)


def test_guesses_sent_at_once_count_before_any_is_compared(session: Session, now: datetime) -> None:
    name = str(person(session, password=PASSWORD).email)
    attempts = [service.begin_attempt(name, now=now) for _ in range(8)]
    allowed = [attempt for attempt in attempts if service.attempt_fits(attempt, PASSWORD)]
    assert len(allowed) == 5


def test_nobody_and_the_wrong_password_cost_the_same_work(session: Session, now: datetime) -> None:
    assert service.begin_attempt("nobody@people.example", now=now) == service.Attempt(None, None)
    assert not service.attempt_fits(service.Attempt(None, None), PASSWORD)


def test_a_closed_account_lets_nobody_in_and_ends_sessions_and_tokens(session: Session, now: datetime) -> None:
    who, admin = person(session, password=PASSWORD), actor(person(session))
    text, _token = service.issue_token(who.id, "导入", now=now)
    version = who.session_version
    service.disable(who.id, by=admin, now=now)
    session.flush()
    assert not let_in(str(who.email), PASSWORD, now=now)
    assert service.bearer(text, now=now) is None
    assert (who.state, who.session_version) == (PersonState.DISABLED, version + 1)
    service.enable(who.id, by=admin, now=now)
    session.flush()
    assert let_in(str(who.email), PASSWORD, now=now)


def test_a_code_opens_the_account_once(session: Session, now: datetime) -> None:
    who = person(session, mobile="13800000002")
    fresh = service.make_code("13800000002", now=now)
    assert fresh is not None
    assert (fresh.channel, fresh.address, len(fresh.code)) == ("mobile", "13800000002", 6)
    session.flush()
    assert service.try_code("13800000002", f" {fresh.code} ", now=now + MINUTE) == who.id
    assert service.try_code("13800000002", fresh.code, now=now + MINUTE) is None


def test_a_code_is_kept_only_as_a_hash_and_ends_after_five_minutes(session: Session, now: datetime) -> None:
    person(session, mobile="13800000003")
    fresh = service.make_code("13800000003", now=now)
    assert fresh is not None
    session.flush()
    kept = session.scalars(select(OneTimeCode)).one()
    assert fresh.code not in kept.code_hash
    assert service.try_code("13800000003", fresh.code, now=now + 5 * MINUTE) is None


def test_five_wrong_codes_use_the_code_up(session: Session, now: datetime) -> None:
    person(session, mobile="13800000004")
    fresh = service.make_code("13800000004", now=now)
    assert fresh is not None
    session.flush()
    wrong = "000000" if fresh.code != "000000" else "111111"
    for _ in range(5):
        assert service.try_code("13800000004", wrong, now=now) is None
        session.expire_all()
    assert service.try_code("13800000004", fresh.code, now=now) is None


def test_a_code_signs_in_while_the_password_is_locked(session: Session, now: datetime) -> None:
    who = person(session, mobile="13800000005", password=PASSWORD)
    for _ in range(5):
        let_in("13800000005", "wrong", now=now)
    fresh = service.make_code("13800000005", now=now)
    assert fresh is not None
    session.flush()
    assert service.try_code("13800000005", fresh.code, now=now) == who.id


def test_codes_come_at_most_once_a_minute_and_ten_a_day(session: Session, now: datetime) -> None:
    person(session, mobile="13800000006")
    made = []
    for second in range(0, 1200, 30):
        made.append(service.make_code("13800000006", now=now + timedelta(seconds=second)) is not None)
        session.flush()
    assert made[:4] == [True, False, True, False]
    assert sum(made) == 10
    assert service.make_code("13800000006", now=now + timedelta(days=1, minutes=1)) is not None
    assert service.make_code("13899999999", now=now) is None


def test_an_address_belongs_to_one_person(session: Session, now: datetime) -> None:
    person(session, mobile="13800000007", email="seven@people.example")
    with pytest.raises(Invalid) as refused:
        service.create_person("另一人", email="SEVEN@people.example", mobile="138-0000-0007", password=None, now=now)
    assert {problem.code for problem in refused.value.problems} == {"mobile-taken", "email-taken"}


def test_one_may_keep_ones_own_addresses_when_changing_the_rest(session: Session, now: datetime) -> None:
    who = person(session, mobile="13800000008")
    service.update_person(who.id, "新名", email=who.email, mobile="13800000008", locale="en", by=actor(who), now=now)
    assert (who.name, who.locale) == ("新名", "en")


def test_a_new_password_ends_other_sessions_and_is_noted_without_being_told(session: Session, now: datetime) -> None:
    who = person(session, password=PASSWORD)
    version = who.session_version
    service.set_password(who.id, "another-long-secret", by=actor(who), now=now)
    session.flush()
    assert who.session_version == version + 1
    assert let_in(str(who.email), "another-long-secret", now=now)
    note = session.scalars(select(AuditNote).where(AuditNote.action == "accounts.set-password")).one()
    assert "another-long-secret" not in str(note.detail)


def test_a_token_opens_until_it_ends_or_is_revoked(session: Session, now: datetime) -> None:
    who = person(session)
    text, token = service.issue_token(
        who.id, "程序", scopes=["usage:write", "read"], expires_in=timedelta(hours=1), now=now
    )
    assert text not in token.token_hash
    assert service.bearer(text, now=now) == (who.id, frozenset({"usage:write", "read"}))
    assert service.bearer(text, now=now + timedelta(hours=1)) is None
    service.revoke_token(token.id, by=actor(who), now=now)
    session.flush()
    assert service.bearer(text, now=now) is None
    assert queries.tokens_of(who.id, now) == []


def test_a_token_holds_thirty_days_and_everything_unless_limited(session: Session, now: datetime) -> None:
    who = person(session)
    text, token = service.issue_token(who.id, "程序", now=now)
    assert token.expires_at == now + timedelta(days=30)
    assert service.bearer(text, now=now) == (who.id, None)


def test_nobody_revokes_anothers_token(session: Session, now: datetime) -> None:
    _text, token = service.issue_token(person(session).id, "程序", now=now)
    with pytest.raises(NotFound):
        service.revoke_token(token.id, by=actor(person(session)), now=now)


@pytest.mark.parametrize("text", ["", "ec_", "ec_" + "x" * 40, "ec_" + "x" * 5000, "Bearer", "ec_\u4e2d"])
def test_what_is_no_token_opens_nothing(session: Session, now: datetime, text: str) -> None:
    assert service.bearer(text, now=now) is None


def test_a_person_has_at_most_fifty_tokens(session: Session, now: datetime) -> None:
    who = person(session)
    for _ in range(rules.TOKENS_MOST):
        service.issue_token(who.id, "程序", now=now)
    with pytest.raises(Invalid):
        service.issue_token(who.id, "程序", now=now)
