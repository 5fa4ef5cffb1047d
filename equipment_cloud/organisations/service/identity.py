"""Who an organisation is: registration, sign-up, dated names and credit codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import SYSTEM, Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Problem, raise_if
from equipment_cloud.kernel.identifiers import normalise_credit_code, problems_with_credit_code
from equipment_cloud.organisations import queries, rules
from equipment_cloud.organisations.models import (
    CheckState,
    CreditCode,
    Kind,
    Organisation,
    OrganisationName,
    Standing,
)
from equipment_cloud.organisations.service.record import locked, note
from equipment_cloud.reference import queries as reference


class CodeKnown(Invalid):
    """The credit code belongs to an organisation that is here already (422, field ``credit_code``)."""

    code = "credit-code-known"

    def __init__(self) -> None:
        super().__init__(
            problems=[
                Problem(
                    "credit-code-known",
                    N_("An organisation with this credit code is registered already."),
                    "credit_code",
                    remedy=N_("Ask the person in charge there to invite you; if nobody can, call the platform desk."),
                )
            ]
        )


def register(
    kind: Kind,
    name: str,
    credit_code: str | None,
    town_code: str | None,
    *,
    now: datetime,
    name_en: str | None = None,
    is_user: bool = True,
    is_provider: bool | None = None,
    industry_code: str | None = None,
    address: str | None = None,
    contact_name: str | None = None,
    phone: str | None = None,
    introduction: str | None = None,
    is_verified: bool = True,
    is_example: bool = False,
    valid_from: date | None = None,
    by: Actor | None = None,
) -> Organisation:
    """Enter an organisation; its name and code hold from ``valid_from`` (today by default).

    A code whose check digit fails is taken with :attr:`CheckState.FAILED`. Raises :class:`Invalid` with everything else
    that is wrong, and :class:`CodeKnown`. Without a code only an unverified organisation may be entered.
    """
    code = normalise_credit_code(credit_code) if credit_code else None
    problems = rules.problems_with_identity(
        name,
        name_en=name_en,
        credit_code=code,
        town_is_known=town_code is None or reference.is_town(town_code),
        code_needed=is_verified and kind != Kind.BUREAU,
    )
    raise_if(problems)
    record = Organisation(
        kind=kind, name=name.strip(), name_en=name_en, credit_code=code,
        code_check=rules.check_state(problems) if code else None, is_user=is_user,
        is_provider=kind in (Kind.INSTITUTION, Kind.UMBRELLA) if is_provider is None else is_provider,
        town_code=town_code, address=address, industry_code=industry_code, contact_name=contact_name, phone=phone,
        introduction=introduction, is_verified=is_verified, is_example=is_example, standing=Standing.NONE,
        standing_note=None, standing_decided_by=None, standing_decided_at=None, created_at=now, revision=1,
    )  # fmt: skip
    _keep(record, valid_from or clock.today(now))
    note("register", record.id, by=by or SYSTEM, now=now, name=record.name, credit_code=code)
    return record


def rename(organisation_id: int, name: str, valid_from: date, *, by: Actor, now: datetime) -> Organisation:
    """Enter a newly registered name; papers of before keep the old one. Raises :class:`Invalid`."""
    record, today = locked(organisation_id), clock.today(now)
    current = queries.name_row_on(record.id, today)
    last_change = current.valid_from if current else None
    raise_if(rules.problems_with_new_name(name, valid_from, last_change=last_change, today=today))
    if current is not None:
        current.valid_to = valid_from
    session().add(OrganisationName(organisation_id=record.id, name=name.strip(), valid_from=valid_from, valid_to=None))
    note("rename", record.id, by=by, now=now, before=record.name, after=name.strip(), valid_from=valid_from.isoformat())
    record.name = name.strip()
    record.revision += 1
    return record


def change_credit_code(
    organisation_id: int, credit_code: str, valid_from: date, *, by: Actor, now: datetime
) -> Organisation:
    """Enter another credit code from a date on (or the first one). Raises :class:`Invalid`, :class:`CodeKnown`."""
    record, today = locked(organisation_id), clock.today(now)
    code = normalise_credit_code(credit_code)
    current = queries.code_row_on(record.id, today)
    problems = problems_with_credit_code(code)
    if valid_from > today or (current is not None and valid_from <= current.valid_from):
        problems.append(
            Problem(
                "out-of-order",
                N_("The date lies in the future or before the present code began."),
                "valid_from",
                remedy=N_("Give the date on the new licence."),
            )
        )
    raise_if(problems)
    _check_unknown(code)
    if current is not None:
        current.valid_to = valid_from
    state = rules.check_state(problems)
    session().add(
        CreditCode(
            organisation_id=record.id, code=code, valid_from=valid_from, valid_to=None, check=state,
            override_reason=None, override_by=None,
        )
    )  # fmt: skip
    note("change-credit-code", record.id, by=by, now=now, before=record.credit_code, after=code)
    record.credit_code, record.code_check = code, state
    record.revision += 1
    _flush_code()
    return record


def override_code_check(organisation_id: int, reason: str, *, by: Actor, now: datetime) -> Organisation:
    """Accept a code whose check digit fails, after comparing it with the licence. Raises :class:`Invalid`."""
    record = locked(organisation_id)
    row = queries.code_row_on(record.id, clock.today(now))
    if row is None or row.check != CheckState.FAILED:
        raise NotFound
    if not reason.strip() or len(reason) > 255:
        raise Invalid.single("reason", N_("Say what the licence shows, in at most 255 characters."), field="reason")
    row.check, row.override_reason, row.override_by = CheckState.OVERRIDDEN, reason.strip(), by.id
    record.code_check = CheckState.OVERRIDDEN
    record.revision += 1
    note("override-code-check", record.id, by=by, now=now, code=row.code, reason=reason.strip())
    return record


def _keep(record: Organisation, valid_from: date) -> None:
    """Write the organisation with its first dated name and code."""
    if record.credit_code is not None:
        _check_unknown(record.credit_code)
    try:
        with session().begin_nested():
            session().add(record)
    except IntegrityError:
        raise CodeKnown from None
    session().add(OrganisationName(organisation_id=record.id, name=record.name, valid_from=valid_from, valid_to=None))
    if record.credit_code is not None and record.code_check is not None:
        session().add(
            CreditCode(
                organisation_id=record.id, code=record.credit_code, valid_from=valid_from, valid_to=None,
                check=record.code_check, override_reason=None, override_by=None,
            )
        )  # fmt: skip
    session().flush()


def _check_unknown(code: str) -> None:
    if queries.by_credit_code(code) is not None:
        raise CodeKnown


def _flush_code() -> None:
    """Write now: a rival may have entered the same code since it was looked up."""
    try:
        session().flush()
    except IntegrityError:
        raise CodeKnown from None
