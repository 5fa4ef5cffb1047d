"""Records that may be one machine: found by the clock, kept apart or merged by the bureau."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from equipment_cloud.catalog import policy, queries
from equipment_cloud.catalog.models import DuplicatePair, Instrument, InstrumentState, PairState
from equipment_cloud.catalog.rules import MOVES, like_pairs
from equipment_cloud.catalog.service.records import locked, touch
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.bulk import chunks
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, WrongState
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations

LONGEST_NOTE = 255


def find_duplicates(*, now: datetime) -> int:
    """Keep every new pair, drop open ones that are alike no more; what was decided stays. How many are new."""
    found = {(pair.first_id, pair.second_id): pair for pair in like_pairs(queries.live_identities())}
    known = queries.known_pairs()
    new = [
        {"first_id": pair.first_id, "second_id": pair.second_id, "likeness": pair.likeness, "score": pair.score,
         "state": PairState.OPEN, "found_at": now}
        for key, pair in found.items()
        if key not in known
    ]  # fmt: skip
    for part in chunks(new):
        session().execute(insert(DuplicatePair), part)
    old = [pair_id for key, (pair_id, state) in known.items() if state is PairState.OPEN and key not in found]
    for ids in chunks(old, 500):
        session().execute(delete(DuplicatePair).where(DuplicatePair.id.in_(ids)))
    return len(new)


def merge(pair_id: int, keep_id: int, *, by: Actor, now: datetime, note: str | None = None) -> Instrument:
    """The other record of the pair points to ``keep_id`` and is retired; both stay, and so does all that names them.

    Bookings, usage and papers of the retired record stay with it. Returns the record that is kept.
    """
    pair = _open(pair_id, by)
    if keep_id not in {pair.first_id, pair.second_id}:
        raise NotFound
    records = [locked(record_id) for record_id in (pair.first_id, pair.second_id)]
    kept, repeat = records if records[0].id == keep_id else records[::-1]
    if kept.state is InstrumentState.RETIRED:
        raise WrongState(current=kept.state.value)
    before = repeat.state
    if before is InstrumentState.SUBMITTED:
        repeat.state = move(MOVES, before, InstrumentState.DRAFT)
    repeat.state = move(MOVES, repeat.state, InstrumentState.RETIRED)
    repeat.merged_into_id = kept.id
    touch(repeat, now=now)
    session().execute(update(Instrument).where(Instrument.merged_into_id == repeat.id).values(merged_into_id=kept.id))
    detail = {"into": kept.code, "from": before.value, "to": repeat.state.value, "pair": pair.id}
    audit.note("catalog.merge", f"instrument:{repeat.id}", by=by, now=now, detail=detail)
    _decide(pair, PairState.MERGED, note, by=by, now=now)
    _close_other_pairs(repeat.id)
    _tell(kept, repeat, now=now)
    return kept


def keep_both(pair_id: int, note: str, *, by: Actor, now: datetime) -> DuplicatePair:
    """They are two machines; the pair is not shown again."""
    pair = _open(pair_id, by)
    if not note.strip():
        raise Invalid.single("note", N_("Say how they differ; the next person will ask."), field="note")
    _decide(pair, PairState.KEPT, note, by=by, now=now)
    audit.note("catalog.keep-both", f"instrument:{pair.first_id}", by=by, now=now,
               detail={"other": pair.second_id, "note": pair.note})  # fmt: skip
    return pair


def _open(pair_id: int, by: Actor) -> DuplicatePair:
    """The pair under its lock, still open, and the person one who may decide it."""
    pair = session().scalar(
        select(DuplicatePair)
        .where(DuplicatePair.id == pair_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if pair is None:
        raise NotFound
    permit(policy.may_decide_pair(by, pair))
    if pair.state is not PairState.OPEN:
        raise WrongState(current=pair.state.value)
    return pair


def _decide(pair: DuplicatePair, state: PairState, note: str | None, *, by: Actor, now: datetime) -> None:
    text = (note or "").strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid.single("note", N_("At most %(most)s characters can be kept here."), field="note",
                             most=LONGEST_NOTE)  # fmt: skip
    pair.state, pair.decided_by, pair.decided_at, pair.note = state, by.id, now, text or None
    session().flush()


def _close_other_pairs(record_id: int) -> None:
    """A retired record is nobody's repeat any more."""
    others = (DuplicatePair.first_id == record_id) | (DuplicatePair.second_id == record_id)
    session().execute(delete(DuplicatePair).where(others, DuplicatePair.state == PairState.OPEN))


def _tell(kept: Instrument, repeat: Instrument, *, now: datetime) -> None:
    message = N_("%(name)s (%(code)s) proved to be the same machine as %(kept)s and was merged into it.")
    values = {"name": repeat.name, "code": repeat.code, "kept": kept.code}
    for record in (repeat, kept):
        people = organisations.people_with_role(record.organisation_id, "manager", on=clock.today(now))
        outbox.post("catalog.record", people, message, now=now, link=f"/my-instruments/{record.id}", values=values)
