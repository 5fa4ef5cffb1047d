"""A unit answers: begins its return, says what changed, what is new and what is gone, and hands it in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, false, func, literal, select, update

from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import problems_with_values
from equipment_cloud.catalog.service import problems_with_unit_number
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.bulk import changed, insert_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, Problem, WrongState, raise_if
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import CampaignUnit, ReturnDefect, ReturnRow, RowSource
from equipment_cloud.survey.rules import WITH_UNIT, UnitState, problems_with_return, said_otherwise, stored
from equipment_cloud.survey.service.campaigns import check_open
from equipment_cloud.survey.service.units import check_revision, locked_unit, step

LONGEST_REASON = 255
_SNAPSHOT = (
    "unit_number", "instrument_id", "unit_id", "values", "is_touched", "source", "entered_by", "entered_by_name",
    "entered_at",
)  # fmt: skip


def begin(unit_id: int, *, by: Actor, now: datetime) -> CampaignUnit:
    """Put the catalogue's records of the unit into its return, in one statement; repeating it adds only new ones."""
    unit = answerable(unit_id, by=by)
    _take_records(unit, by=by, now=now)
    if unit.state is UnitState.NOT_STARTED:
        step(unit, UnitState.DRAFT, now=now)
        audit.note("survey.begin-return", f"campaign-unit:{unit.id}", by=by, now=now)
    return unit


def add_row(unit_id: int, unit_number: str, values: Mapping[str, Any], *, by: Actor, now: datetime) -> ReturnRow:
    """An instrument the catalogue does not know. Raises Invalid with every problem, Conflict ``number-taken``."""
    unit = begin(unit_id, by=by, now=now)
    number = unit_number.strip()
    raise_if([*problems_with_unit_number(number), *impossible(values, now=now)])
    check_number_free(unit, number)
    row = ReturnRow(
        unit_id=unit.id, unit_number=number, instrument_id=None, values=stored(said_otherwise(values, None)),
        is_touched=True, gone_reason=None, accepted_at=None, accepted_values=None, visit_key=None, visited_at=None,
        photo_id=None, **_signed(unit, by, now=now),
    )  # fmt: skip
    session().add(row)
    session().flush()
    _note("add-row", unit, row, by=by, now=now)
    return row


def save_row(
    unit_id: int,
    row_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    unit_number: str | None = None,
) -> ReturnRow:
    """What the unit says of one instrument; only a new one may still change its own number.

    ``values`` are those of the asked fields; what equals the record is no change. Raises Invalid with every problem.
    """
    unit = answerable(unit_id, by=by)
    row = queries.return_row(unit.id, row_id)
    number = (unit_number or row.unit_number).strip()
    problems = impossible({**queries.together(row), **values}, now=now)
    if row.instrument_id is None and number != row.unit_number:
        raise_if([*problems_with_unit_number(number), *problems])
        check_number_free(unit, number)
        row.unit_number = number
    raise_if(problems)
    rest = {name: value for name, value in row.values.items() if name not in values}
    row.values = {**rest, **stored(said_otherwise(values, queries.record_values(row.instrument)))}
    row.is_touched = bool(row.values) or row.instrument_id is None
    row.gone_reason = None
    for name, value in _signed(unit, by, now=now, source=row.source).items():
        setattr(row, name, value)
    session().flush()
    _note("save-row", unit, row, by=by, now=now)
    return row


def mark_gone(unit_id: int, row_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """The unit no longer has it. A row that was new anyway is dropped; one of the catalogue stays with the reason."""
    unit = answerable(unit_id, by=by)
    row = queries.return_row(unit.id, row_id)
    if row.instrument_id is None:
        _note("drop-row", unit, row, by=by, now=now)
        session().execute(delete(ReturnDefect).where(ReturnDefect.row_id == row.id))
        session().delete(row)
        session().flush()
        return
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise Invalid.single(
            "reason", N_("Say where it went: scrapped, sold, moved."), field="gone_reason"
        )  # fmt: skip
    row.gone_reason = text
    session().flush()
    _note("mark-gone", unit, row, by=by, now=now, reason=text)


def confirm_rows(unit_id: int, *, by: Actor, now: datetime, note: str | None = None) -> int:
    """The firm stands by what others entered for it; how many rows.

    The bureau's side may write down a confirmation it was given, saying how (``note``).
    """
    unit = answerable(unit_id, by=by)
    if not policy.may_answer(by, unit.organisation) and not (note or "").strip():
        raise Invalid.single("note", N_("Say who of the unit confirmed it, and how."), field="confirmed_note")
    done = session().execute(
        update(ReturnRow)
        .where(ReturnRow.unit_id == unit.id, queries.unconfirmed())
        .values(confirmed_by=by.id, confirmed_by_name=by.name, confirmed_at=now,
                confirmed_note=(note or "").strip()[:255] or None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    session().expire_all()
    number = changed(done)
    audit.note("survey.confirm-rows", f"campaign-unit:{unit_id}", by=by, now=now, detail={"rows": number, "note": note})
    return number


def submit(
    unit_id: int,
    revision: int | None = None,
    *,
    by: Actor,
    now: datetime,
    declares_none: bool = False,
    consents: bool = False,
) -> CampaignUnit:
    """Hand the return in. Raises Invalid with everything that is still missing, Conflict when somebody acted before.

    ``consents`` counts only from the unit itself: publication is the owner's to agree to.
    """
    unit = answerable(unit_id, by=by)
    check_revision(unit, revision)
    is_own = policy.may_answer(by, unit.organisation)
    if not declares_none:
        _take_records(unit, by=by, now=now)
    rows = queries.all_rows(unit.id)
    problems = problems_with_return(queries.as_said(rows), unit.campaign.form, declares_none=declares_none)
    if declares_none and not is_own:
        problems.append(
            Problem("not-yours", N_("Only the unit itself says that it has none."), "declares_none",
                    remedy=N_("Write down “no equipment” as the outcome."))
        )  # fmt: skip
    raise_if(problems)
    unit.declares_none, unit.consents = declares_none, consents and is_own
    unit.outcome = unit.outcome_note = unit.outcome_by = unit.outcome_at = None
    unit.submitted_by, unit.submitted_at, unit.round = by.id, now, unit.round + 1
    step(unit, UnitState.SUBMITTED, now=now)
    detail = {"rows": len(rows), "none": declares_none, "consents": unit.consents, "round": unit.round}
    audit.note("survey.submit-return", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
    return unit


def answerable(unit_id: int, *, by: Actor) -> CampaignUnit:
    """The unit under its lock, if this person may fill in its return and it is the unit's turn."""
    unit = locked_unit(unit_id)
    permit(policy.may_fill_in(by, unit.organisation))
    check_open(unit.campaign)
    if unit.removed_at is not None or unit.state not in WITH_UNIT:
        raise WrongState(
            N_("This return was handed in; it can be changed when the bureau sends it back."),
            remedy=N_("Call the bureau if something is wrong."),
        )
    return unit


def impossible(values: Mapping[str, Any], *, now: datetime) -> list[Problem]:
    """All values that cannot be true."""
    towns = {region.code for region in reference.towns()}
    return problems_with_values(values, today=clock.today(now), towns=towns, classes=reference.class_names())


def check_number_free(unit: CampaignUnit, number: str) -> None:
    """Raise Conflict when the unit's return or its records have the number already."""
    taken = session().scalar(
        select(func.count()).where(ReturnRow.unit_id == unit.id, ReturnRow.unit_number == number)
    ) or session().scalar(
        select(func.count()).where(Instrument.organisation_id == unit.organisation_id, Instrument.unit_number == number)
    )
    if taken:
        raise Conflict(
            N_("This organisation already has an instrument with the number %(number)s."),
            code="number-taken", remedy=N_("Open that record, or use another number."), number=number,
        )  # fmt: skip


def _take_records(unit: CampaignUnit, *, by: Actor, now: datetime) -> None:
    columns = ReturnRow.__table__.c
    fixed = (
        literal(unit.id), literal({}, columns["values"].type), false(),
        literal(RowSource.CATALOGUE, columns.source.type), literal(by.id), literal(by.name),
        literal(now, columns.entered_at.type),
    )  # fmt: skip
    records = select(Instrument.unit_number, Instrument.id, *fixed).where(
        Instrument.organisation_id == unit.organisation_id, Instrument.state != InstrumentState.RETIRED
    )
    insert_missing(ReturnRow, _SNAPSHOT, records)


def _signed(unit: CampaignUnit, by: Actor, *, now: datetime, source: RowSource | None = None) -> dict[str, Any]:
    """Who wrote a row, and whether that is the firm's own word."""
    is_own = policy.may_answer(by, unit.organisation)
    written = RowSource.UNIT if is_own else RowSource.BUREAU
    return {
        "source": source if source is RowSource.VISIT else written,
        "entered_by": by.id,
        "entered_by_name": by.name,
        "entered_at": now,
        "confirmed_by": by.id if is_own else None,
        "confirmed_by_name": by.name if is_own else None,
        "confirmed_at": now if is_own else None,
        "confirmed_note": None,
    }


def _note(act: str, unit: CampaignUnit, row: ReturnRow, *, by: Actor, now: datetime, **more: Any) -> None:
    detail = {"number": row.unit_number, "values": dict(row.values), **more}
    audit.note(f"survey.{act}", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
