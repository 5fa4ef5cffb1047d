"""The list of a campaign: who is asked, who leaves it and why, who tried to reach them, what came of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Select, false, literal, select, update

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import changed, insert_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound, Problem, WrongState, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations.models import Kind, Organisation
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import Campaign, CampaignUnit, ContactKind, SurveyContact, SurveyRow
from equipment_cloud.survey.rules import UNIT_MOVES, Scope, UnitOutcome, UnitState, problems_with_outcome
from equipment_cloud.survey.service.campaigns import check_open

LONGEST_REASON = 255
LONGEST_RESULT = 2000
_COLUMNS = (
    "organisation_id", "campaign_id", "state", "due_on", "added_by", "added_at", "is_added_later", "declares_none",
    "consents", "round", "revision",
)  # fmt: skip


def add_units(code: str, scope: Scope, *, by: Actor, now: datetime) -> int:
    """Put every organisation of the scope on the list, in one statement; returns how many are new.

    Units taken off the list stay off it. Raises Invalid for an empty scope: the whole city is chosen by its towns.
    """
    permit(by is SYSTEM or policy.may_run(by))
    campaign = locked_campaign(code)
    if not scope:
        raise Invalid.single("empty-scope", N_("Choose at least one township, industry, size, tag or kind."))
    added = _enrol(campaign, queries.scope_of(campaign.id, scope), UnitState.NOT_STARTED, by=by, now=now)
    detail = {name: list(getattr(scope, name)) for name in Scope.__dataclass_fields__}
    audit.note("survey.add-units", f"campaign:{campaign.id}", by=by, now=now, detail={"added": added, **detail})
    return added


def add_unit(code: str, organisation_id: int, *, by: Actor, now: datetime) -> bool:
    """Put one organisation on the list; false when it is there already (or was taken off)."""
    permit(policy.may_run(by))
    campaign = locked_campaign(code)
    added = _enrol(campaign, _only(organisation_id), UnitState.NOT_STARTED, by=by, now=now)
    if added:
        audit.note("survey.add-unit", f"organisation:{organisation_id}", by=by, now=now, detail={"campaign": code})
    return bool(added)


def enrol_imported(campaign: Campaign, run_id: int, *, by: Actor, now: datetime) -> None:
    """The owners of an import's rows answer the campaign by table: on the list, their return begun."""
    owners = (
        select(Instrument.organisation_id)
        .join(SurveyRow, SurveyRow.instrument_id == Instrument.id)
        .where(SurveyRow.run_id == run_id)
        .distinct()
    )
    _enrol(campaign, owners, UnitState.DRAFT, by=by, now=now)
    session().execute(
        update(CampaignUnit)
        .where(CampaignUnit.campaign_id == campaign.id, CampaignUnit.state == UnitState.NOT_STARTED)
        .where(CampaignUnit.organisation_id.in_(owners))
        .values(state=UnitState.DRAFT, revision=CampaignUnit.revision + 1)
        .execution_options(synchronize_session=False)
    )


def freeze(code: str, *, by: Actor, now: datetime) -> Campaign:
    """The list is settled: from now on nobody leaves it without a reason, and who comes is marked as added later."""
    permit(policy.may_run(by))
    campaign = locked_campaign(code)
    if campaign.frozen_at is None:
        campaign.frozen_at = now
        audit.note("survey.freeze", f"campaign:{campaign.id}", by=by, now=now)
        session().flush()
    return campaign


def remove(unit_id: int, reason: str, *, by: Actor, now: datetime) -> CampaignUnit:
    """Take a unit off the list; the row stays with the reason. An accepted return keeps its unit on the list."""
    permit(policy.may_run(by))
    unit = locked_unit(unit_id)
    check_open(unit.campaign)
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise Invalid.single(
            "reason", N_("Give a reason of at most %(most)s characters; people will read it."), field="reason",
            most=LONGEST_REASON,
        )  # fmt: skip
    if unit.state is UnitState.ACCEPTED or unit.removed_at is not None:
        raise WrongState(current=unit.state.value)
    unit.removed_at, unit.removed_by, unit.removal_reason = now, by.id, text
    return _touched(unit, "remove-unit", by=by, now=now, reason=text)


def restore(unit_id: int, *, by: Actor, now: datetime) -> CampaignUnit:
    """Put a unit back on the list."""
    permit(policy.may_run(by))
    unit = locked_unit(unit_id)
    check_open(unit.campaign)
    if unit.removed_at is None:
        raise WrongState(current=unit.state.value)
    unit.removed_at = unit.removed_by = unit.removal_reason = None
    return _touched(unit, "restore-unit", by=by, now=now)


def log_contact(
    unit_id: int,
    kind: ContactKind,
    result: str,
    *,
    by: Actor,
    now: datetime,
    with_whom: str | None = None,
    next_on: date | None = None,
) -> SurveyContact:
    """Write down a call, visit, message or letter. Raises Invalid with all that is wrong."""
    unit = locked_unit(unit_id)
    permit(policy.may_chase(by, unit.organisation))
    text, today = result.strip(), clock.today(now)
    problems = []
    if not text or len(text) > LONGEST_RESULT:
        problems.append(
            Problem("result", N_("Say in at most %(most)s characters what came of it."), "result",
                    {"most": LONGEST_RESULT})
        )  # fmt: skip
    if next_on is not None and not 0 <= (next_on - today).days <= 366:
        problems.append(Problem("next-day", N_("The next day lies between today and a year ahead."), "next_on"))
    raise_if(problems)
    contact = SurveyContact(
        unit_id=unit.id, kind=kind, with_whom=(with_whom or "").strip()[:64] or None, result=text, next_on=next_on,
        person_id=by.id, person_name=by.name, at=now,
    )  # fmt: skip
    session().add(contact)
    session().flush()
    audit.note("survey.contact", f"campaign-unit:{unit.id}", by=by, now=now, detail={"kind": kind.value})
    return contact


def settle_outcome(
    unit_id: int, outcome: UnitOutcome | None, note: str, revision: int | None = None, *, by: Actor, now: datetime
) -> CampaignUnit:
    """Say what came of a unit that gives no list, or (``None``) that it may answer after all.

    Raises Invalid with all that speaks against it, Conflict when somebody acted in the meantime.
    """
    unit = locked_unit(unit_id)
    permit(policy.may_chase(by, unit.organisation))
    check_open(unit.campaign)
    check_revision(unit, revision)
    if outcome is not None:
        raise_if(problems_with_outcome(outcome, note, unit.state, queries.tries_of(unit.id)))
    unit.outcome, unit.outcome_note = outcome, (note.strip()[:255] or None) if outcome else None
    unit.outcome_by, unit.outcome_at = (by.id, now) if outcome else (None, None)
    said = outcome.value if outcome else None
    return _touched(unit, "outcome", by=by, now=now, outcome=said, note=note.strip()[:255])


def locked_campaign(code: str) -> Campaign:
    """The open campaign under its lock. Raises NotFound, WrongState."""
    statement = select(Campaign).where(Campaign.code == code).with_for_update()
    found = session().scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    check_open(found)
    return found


def locked_unit(unit_id: int) -> CampaignUnit:
    """The unit under its lock, read anew. Raises :class:`NotFound`."""
    session().flush()
    found = session().get(CampaignUnit, unit_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def check_revision(unit: CampaignUnit, revision: int | None) -> None:
    """Raise Conflict (409) when the step was decided on an older state of the unit."""
    if revision is not None and revision != unit.revision:
        raise Conflict


def step(unit: CampaignUnit, target: UnitState, *, now: datetime) -> None:
    """Move a unit on by compare-and-set: of two who act at once, one wins and the other is refused (409)."""
    source, revision = unit.state, unit.revision
    move(UNIT_MOVES, source, target)
    session().flush()
    done = session().execute(
        update(CampaignUnit)
        .where(CampaignUnit.id == unit.id, CampaignUnit.state == source, CampaignUnit.revision == revision)
        .values(
            state=target, revision=revision + 1, decided_at=now if target is UnitState.ACCEPTED else unit.decided_at
        )
        .execution_options(synchronize_session=False)
    )
    if changed(done) != 1:
        raise Conflict
    session().refresh(unit)


def _touched(unit: CampaignUnit, act: str, *, by: Actor, now: datetime, **detail: object) -> CampaignUnit:
    unit.revision += 1
    audit.note(f"survey.{act}", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
    session().flush()
    return unit


def _only(organisation_id: int) -> Select[int]:
    return select(Organisation.id).where(Organisation.id == organisation_id, Organisation.kind != Kind.BUREAU)


def _enrol(campaign: Campaign, owners: Select[int], state: UnitState, *, by: Actor, now: datetime) -> int:
    session().flush()
    found = owners.subquery()
    columns = CampaignUnit.__table__.c
    fixed = (
        literal(campaign.id), literal(state, columns.state.type), literal(campaign.due_on, columns.due_on.type),
        literal(by.id), literal(now, columns.added_at.type), literal(campaign.frozen_at is not None),
        false(), false(), literal(0), literal(1),
    )  # fmt: skip
    return insert_missing(CampaignUnit, _COLUMNS, select(found.c[0], *fixed).where(found.c[0].is_not(None)))
