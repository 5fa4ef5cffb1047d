"""The bureau judges a return: notes every defect, sends them all back at once, or accepts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete

from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.catalog.service import SurveyedRow
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, NotFound, Problem, SamePerson, WrongState, raise_if
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import CampaignUnit, ReturnDefect
from equipment_cloud.survey.rules import ANSWERERS, UnitOutcome, UnitState, stored, typed
from equipment_cloud.survey.service.campaigns import check_open
from equipment_cloud.survey.service.units import check_revision, locked_unit, step

LONGEST_TEXT = 1000
MOST_DAYS = 366


def note_defect(
    unit_id: int, row_id: int | None, field: str | None, reason: str, remedy: str, *, by: Actor, now: datetime
) -> ReturnDefect:
    """Keep one defect until all are sent back together: which row and field, why, what to do."""
    unit = _reviewed(unit_id, by=by)
    if row_id is not None:
        queries.return_row(unit.id, row_id)
    problems = [
        Problem(name, N_("Say in at most %(most)s characters what is wrong and what to do."), name,
                {"most": LONGEST_TEXT})
        for name, text in (("reason", reason), ("remedy", remedy))
        if not text.strip() or len(text) > LONGEST_TEXT
    ]  # fmt: skip
    if field and field not in BY_NAME:
        problems.append(Problem("unknown-field", N_("There is no such field, or it cannot be changed."), "field"))
    raise_if(problems)
    defect = ReturnDefect(
        unit_id=unit.id, round=unit.round, row_id=row_id, field=field or None, reason=reason.strip(),
        remedy=remedy.strip(), person_id=by.id, at=now,
    )  # fmt: skip
    session().add(defect)
    session().flush()
    return defect


def drop_defect(unit_id: int, defect_id: int, *, by: Actor, now: datetime) -> None:
    """Take a defect back before it was sent."""
    unit = _reviewed(unit_id, by=by)
    found = session().get(ReturnDefect, defect_id)
    if found is None or (found.unit_id, found.round) != (unit.id, unit.round):
        raise NotFound
    session().execute(delete(ReturnDefect).where(ReturnDefect.id == defect_id))
    audit.note("survey.drop-defect", f"campaign-unit:{unit.id}", by=by, now=now, detail={"reason": found.reason})


def send_back(unit_id: int, revision: int | None = None, *, due_on: date, by: Actor, now: datetime) -> CampaignUnit:
    """Send the return back with all its defects at once (一次性告知), to be corrected by ``due_on``.

    Raises Invalid without a defect or with an impossible day, Conflict (409) when somebody decided in the meantime.
    """
    unit = _reviewed(unit_id, by=by, revision=revision)
    defects = queries.defects_of(unit.id, unit.round)
    problems = []
    if not defects:
        problems.append(Problem("no-defect", N_("No defect is noted: nobody could know what to correct.")))
    if not 0 <= (due_on - clock.today(now)).days <= MOST_DAYS:
        problems.append(Problem("due-date", N_("The day lies between today and a year ahead."), "due_on"))
    raise_if(problems)
    unit.due_on, unit.decided_by, unit.decided_at = due_on, by.id, now
    step(unit, UnitState.RETURNED, now=now)
    audit.note("survey.return", f"campaign-unit:{unit.id}", by=by, now=now, detail={
        "round": unit.round,
        "defects": [{"row": item.row.unit_number if item.row else None, "field": item.field, "reason": item.reason}
                    for item in defects],
    })  # fmt: skip
    words = N_("Your return to %(campaign)s was sent back with %(count)s things to correct by %(day)s.")
    _tell(unit, words, now=now, count=len(defects), day=due_on.isoformat())
    return unit


def accept(unit_id: int, revision: int | None = None, *, by: Actor, now: datetime) -> CampaignUnit:
    """Take the return over: its rows become records of the catalogue, each knowing the return it came from.

    Raises SamePerson for who handed it in, Conflict when defects are noted or somebody decided in the meantime. Of two
    at once one wins; accepted again, nothing is doubled: rows are keyed by organisation and own number.
    """
    unit = _reviewed(unit_id, by=by, revision=revision)
    if unit.submitted_by == by.id:
        raise SamePerson
    if queries.defects_of(unit.id, unit.round):
        raise Conflict(
            N_("Defects are noted on this return."), code="has-defects",
            remedy=N_("Send it back with them, or take them away first."),
        )  # fmt: skip
    step(unit, UnitState.ACCEPTED, now=now)
    unit.decided_by = by.id
    taken = _take_over(unit, by=by, now=now)
    if unit.declares_none:
        unit.outcome = UnitOutcome.NO_EQUIPMENT
        unit.outcome_by, unit.outcome_at = unit.submitted_by, now
    session().flush()
    detail = {"round": unit.round, "records": taken}
    audit.note("survey.accept", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
    _tell(unit, N_("The bureau accepted your return to %(campaign)s."), now=now)
    return unit


def _take_over(unit: CampaignUnit, *, by: Actor, now: datetime) -> int:
    rows = queries.all_rows(unit.id)
    surveyed = [SurveyedRow(row.unit_number, typed(row.values), row.gone_reason) for row in rows]
    source = f"campaign-unit:{unit.id}"
    owner_id, consents = unit.organisation_id, unit.consents
    ids = catalog.take_over(owner_id, surveyed, consents=consents, by=by, now=now, source=source)
    for row, record_id in zip(queries.all_rows(unit.id), ids, strict=True):
        row.instrument_id, row.accepted_at = record_id, now
    session().flush()
    session().expire_all()
    for row in queries.all_rows(unit.id):
        row.accepted_values = stored(queries.record_values(row.instrument) or {})
    session().flush()
    return len(ids)


def _reviewed(unit_id: int, *, by: Actor, revision: int | None = None) -> CampaignUnit:
    unit = locked_unit(unit_id)
    permit(policy.may_review(by, unit.organisation))
    check_open(unit.campaign)
    check_revision(unit, revision)
    if unit.state is not UnitState.SUBMITTED or unit.removed_at is not None:
        raise WrongState(current=unit.state.value)
    return unit


def _tell(unit: CampaignUnit, message: str, *, now: datetime, **values: object) -> None:
    people = organisations.people_with_role(unit.organisation_id, *ANSWERERS, on=clock.today(now))
    words = {"campaign": unit.campaign.name, **values}
    outbox.post("survey.return", people, message, now=now, link=f"/survey/returns/{unit.id}", values=words)
