"""The trail is chained by hash; whoever tampers with a sealed note is found."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from equipment_cloud.foundation import audit, guards, sealing
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.audit import AuditBlock, AuditNote
from equipment_cloud.foundation.db import transaction


def write(count: int, *, now: datetime) -> None:
    with transaction():
        for number in range(count):
            audit.note("try.act", f"thing:{number}", by=SYSTEM, now=now, detail={"名": "值", "n": [number, None, 1.5]})


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BLOCK_SIZE", 10)


@pytest.fixture
def unguarded(session: Session) -> None:
    """The database with its guards taken away, as an intruder with all rights would."""
    with transaction() as current:
        guards.remove(current.connection())


def codes() -> list[str]:
    return [breach["code"] for breach in sealing.verify().breaches]


@pytest.mark.usefixtures("small_blocks")
def test_every_note_is_sealed_once_in_blocks_of_bounded_size(session: Session, now: datetime) -> None:
    write(23, now=now)
    assert sealing.seal(now=now) == 23
    assert [block.notes for block in session.scalars(select(AuditBlock).order_by(AuditBlock.id))] == [10, 10, 3]
    assert sealing.seal(now=now) == 0
    verdict = sealing.verify()
    assert (verdict.ok, verdict.checked) == (True, 23)
    assert sealing.state().waiting == 0


@pytest.mark.usefixtures("session")
def test_an_empty_trail_verifies(now: datetime) -> None:
    assert sealing.seal(now=now) == 0
    assert sealing.verify().as_dict() == {"ok": True, "checked": 0, "breaches": [], "head": sealing.GENESIS}


@pytest.mark.usefixtures("small_blocks", "unguarded")
def test_a_changed_note_breaks_its_block(session: Session, now: datetime) -> None:
    write(23, now=now)
    sealing.seal(now=now)
    with transaction() as current:
        current.execute(text("UPDATE audit_note SET person_name = 'someone else' WHERE reference = 'thing:12'"))
    verdict = sealing.verify()
    second = session.scalars(select(AuditBlock.id).order_by(AuditBlock.id)).all()[1]
    assert [(breach["code"], breach["record"]) for breach in verdict.breaches] == [
        ("block-changed", f"audit_block:{second}")
    ]  # fmt: skip


@pytest.mark.usefixtures("session", "small_blocks", "unguarded")
def test_a_removed_note_is_missed(now: datetime) -> None:
    write(12, now=now)
    sealing.seal(now=now)
    with transaction() as current:
        current.execute(text("DELETE FROM audit_note WHERE reference = 'thing:3'"))
    assert codes() == ["notes-missing"]


@pytest.mark.usefixtures("session", "small_blocks", "unguarded")
def test_a_removed_block_breaks_the_chain(now: datetime) -> None:
    write(23, now=now)
    sealing.seal(now=now)
    with transaction() as current:
        first = current.scalar(select(AuditBlock.id).order_by(AuditBlock.id))
        current.execute(text("DELETE FROM audit_note WHERE block_id = :block"), {"block": first})
        current.execute(text("DELETE FROM audit_block WHERE id = :block"), {"block": first})
    assert codes() == ["chain-broken"]


@pytest.mark.usefixtures("session", "small_blocks", "unguarded")
def test_a_block_hashed_anew_still_breaks_the_next(now: datetime) -> None:
    write(23, now=now)
    sealing.seal(now=now)
    with transaction() as current:
        current.execute(text("UPDATE audit_note SET action = 'try.other' WHERE reference = 'thing:2'"))
        first = current.scalars(select(AuditBlock).order_by(AuditBlock.id)).first()
        assert first is not None
        notes = current.execute(
            select(*sealing._COLUMNS).where(AuditNote.block_id == first.id).order_by(AuditNote.id)
        ).all()
        current.execute(
            text("UPDATE audit_block SET hash = :hash WHERE id = :id"),
            {"hash": sealing._hash(first.previous_hash, notes), "id": first.id},
        )
    assert codes() == ["chain-broken"]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_note SET person_name = 'x'",
        "UPDATE audit_note SET detail = '{}'",
        "UPDATE audit_note SET block_id = NULL",
        "DELETE FROM audit_note",
        "UPDATE audit_block SET notes = 1",
        "DELETE FROM audit_block",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_trail(now: datetime, statement: str) -> None:
    write(3, now=now)
    sealing.seal(now=now)
    with pytest.raises(DBAPIError, match=guards.FROZEN), transaction() as current:
        current.execute(text(statement))
    assert sealing.verify().ok


@pytest.mark.usefixtures("session")
def test_guards_may_be_installed_twice(now: datetime) -> None:
    with transaction() as current:
        guards.install(current.connection())
        guards.install(current.connection())
    write(1, now=now)
    with pytest.raises(DBAPIError, match=guards.FROZEN), transaction() as current:
        current.execute(text("DELETE FROM audit_note"))
