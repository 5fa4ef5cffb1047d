"""Sealing of the audit trail: notes are chained by hash in blocks, long after the acts, so that no act waits for it.

Whoever changes, removes or adds a sealed note afterwards breaks the chain from its block on; :func:`verify` names the
block. Keep the ``head`` it reports somewhere else as well: then nobody can cut the end off unnoticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select, text, update

from equipment_cloud.foundation.audit import AuditBlock, AuditNote
from equipment_cloud.foundation.db import is_sqlite, session, transaction
from equipment_cloud.foundation.job import Job, Outcome

BLOCK_SIZE = 5_000
GENESIS = "0" * 64
_COLUMNS = (
    AuditNote.id,
    AuditNote.at,
    AuditNote.person_id,
    AuditNote.person_name,
    AuditNote.action,
    AuditNote.reference,
    AuditNote.detail,
)


@dataclass
class Verdict:
    """What a verification found: how many notes it read, the breaches, and the hash the chain ends with."""

    checked: int = 0
    breaches: list[dict[str, str]] = field(default_factory=list)
    head: str = GENESIS

    @property
    def ok(self) -> bool:
        return not self.breaches

    def as_dict(self) -> dict[str, Any]:
        return {"ok": self.ok, "checked": self.checked, "breaches": self.breaches, "head": self.head}


def seal(*, now: datetime) -> int:
    """Chain every note that is not sealed yet, one transaction a block; how many notes were sealed."""
    sealed = 0
    while count := _seal_block(now=now):
        sealed += count
        if count < BLOCK_SIZE:
            break
    return sealed


def _seal_block(*, now: datetime) -> int:
    with transaction() as current:
        if not is_sqlite():  # one sealer at a time; SQLite's write lock is that already
            current.execute(text("LOCK TABLE audit_block IN SHARE ROW EXCLUSIVE MODE"))
        unsealed = select(*_COLUMNS).where(AuditNote.block_id.is_(None)).order_by(AuditNote.id).limit(BLOCK_SIZE)
        notes = current.execute(unsealed).all()
        if not notes:
            return 0
        previous = current.scalar(select(AuditBlock.hash).order_by(AuditBlock.id.desc()).limit(1)) or GENESIS
        block = AuditBlock(
            first_note_id=notes[0].id,
            last_note_id=notes[-1].id,
            notes=len(notes),
            previous_hash=previous,
            hash=_hash(previous, notes),
            sealed_at=now,
        )
        current.add(block)
        current.flush()
        ids = [note.id for note in notes]
        current.execute(
            update(AuditNote)
            .where(AuditNote.id.in_(ids))
            .values(block_id=block.id)
            .execution_options(synchronize_session=False)
        )
        return len(notes)


def verify() -> Verdict:
    """Read the whole chain again. Breach codes: ``chain-broken``, ``notes-missing``, ``block-changed``."""
    verdict = Verdict()
    last_id = 0
    while (
        blocks := session()
        .scalars(select(AuditBlock).where(AuditBlock.id > last_id).order_by(AuditBlock.id).limit(20))
        .all()
    ):
        notes = dict(_notes_of([block.id for block in blocks]))
        for block in blocks:
            _check(block, notes.get(block.id, []), verdict)
        last_id = blocks[-1].id
    return verdict


def _check(block: AuditBlock, notes: Sequence[Row[Any]], verdict: Verdict) -> None:
    found: list[tuple[str, str]] = []
    if block.previous_hash != verdict.head:
        found.append(("chain-broken", "the block before this one was changed, removed or added"))
    if len(notes) != block.notes:
        found.append(("notes-missing", f"{block.notes} notes were sealed, {len(notes)} are there"))
    elif _hash(block.previous_hash, notes) != block.hash:
        found.append(("block-changed", f"a note from {block.first_note_id} to {block.last_note_id} was changed"))
    verdict.breaches += [{"code": code, "record": f"audit_block:{block.id}", "message": words} for code, words in found]
    verdict.checked += len(notes)
    verdict.head = block.hash


def _notes_of(block_ids: Sequence[int]) -> Iterator[tuple[int, list[Row[Any]]]]:
    rows = session().execute(
        select(AuditNote.block_id, *_COLUMNS)
        .where(AuditNote.block_id.in_(block_ids))
        .order_by(AuditNote.block_id, AuditNote.id)
    )
    for block_id, notes in groupby(rows, key=lambda row: row.block_id):
        yield block_id, list(notes)


def _hash(previous: str, notes: Sequence[Row[Any]]) -> str:
    """SHA-256 over the previous block's hash and the canonical JSON of each note, a line each."""
    digest = hashlib.sha256(previous.encode())
    for note in notes:
        values = [
            note.id,
            note.at.astimezone(UTC).isoformat(),
            note.person_id,
            note.person_name,
            note.action,
            note.reference,
            note.detail,
        ]
        line = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest.update(b"\n" + line.encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the trail is sealed: the last block, and how many notes wait."""

    last: AuditBlock | None
    waiting: int


def state() -> SealState:
    """For the page of the trail."""
    last = session().scalar(select(AuditBlock).order_by(AuditBlock.id.desc()).limit(1))
    waiting = session().scalar(select(func.count()).where(AuditNote.block_id.is_(None))) or 0
    return SealState(last, waiting)


def _run(_on: date, now: datetime) -> Outcome:
    return Outcome(done=seal(now=now))


JOB = Job("foundation.seal-audit", "* * * * *", _run)
