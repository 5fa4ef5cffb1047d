"""Reads of test services and of what laboratories are accredited for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from equipment_cloud.catalog.models import (
    Accreditation,
    ServiceInstrument,
    ServiceMethod,
    ServiceState,
    TestService,
)
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation

STAFF = ("manager", "operator", "finance")


def service(service_id: int) -> TestService:
    """One test service with its owner and instruments. Raises :class:`NotFound`."""
    statement = select(TestService).where(TestService.id == service_id)
    statement = statement.options(joinedload(TestService.organisation), selectinload(TestService.instruments))
    found = session().scalar(statement)
    if found is None:
        raise NotFound
    return found


def services_of(actor: Actor, *, number: int, size: int, state: str | None = None) -> Page[TestService]:
    """Test services of the organisations where the actor works, by name."""
    statement = select(TestService).where(TestService.organisation_id.in_(actor.organisations(*STAFF)))
    if state in set(ServiceState):
        statement = statement.where(TestService.state == ServiceState(state))
    statement = statement.options(joinedload(TestService.organisation), selectinload(TestService.instruments))
    return scalars_page(statement.order_by(TestService.name, TestService.id), number=number, size=size)


def services_on(instrument_id: int) -> list[TestService]:
    """Published test services done on an instrument, by name, 100 at most."""
    statement = select(TestService).join(ServiceInstrument, ServiceInstrument.service_id == TestService.id)
    statement = statement.where(
        ServiceInstrument.instrument_id == instrument_id, TestService.state == ServiceState.PUBLISHED
    )
    return list(session().scalars(statement.order_by(TestService.name, TestService.id).limit(100)))


def accredited_on(on: date) -> ColumnElement[bool]:
    """Whether a test service is done by at least one method its laboratory is accredited for on that day."""
    covered = exists().where(ServiceMethod.service_id == TestService.id, *_covers(on))
    return covered.correlate(TestService)


def accreditations(services: Collection[TestService], on: date) -> dict[tuple[int, str], list[Accreditation]]:
    """By service and standard: the lines of the laboratory's scope that cover it on that day. One statement for all."""
    statement = (
        select(ServiceMethod.service_id, ServiceMethod.standard, Accreditation)
        .join(TestService, TestService.id == ServiceMethod.service_id)
        .join(Accreditation, and_(*_covers(on)))
        .where(ServiceMethod.service_id.in_([service.id for service in services]))
        .order_by(ServiceMethod.service_id, ServiceMethod.place, Accreditation.scheme, Accreditation.id)
    )
    found: dict[tuple[int, str], list[Accreditation]] = {}
    for service_id, standard, line in session().execute(statement):
        found.setdefault((service_id, standard), []).append(line)
    return found


def scope_managed_by(actor: Actor, *, number: int, size: int) -> Page[tuple[Accreditation, str]]:
    """Lines of the scopes of the laboratories where the actor works, with the laboratory; the last to end first."""
    statement = (
        select(Accreditation, Organisation.name)
        .join(Organisation, Organisation.id == Accreditation.organisation_id)
        .where(Accreditation.organisation_id.in_(actor.organisations(*STAFF)))
        .order_by(Accreditation.valid_to.desc(), Accreditation.standard, Accreditation.id)
    )
    return rows_page(statement, number=number, size=size)


def _covers(on: date) -> tuple[ColumnElement[bool], ...]:
    """Same laboratory, same method, on the day; a year binds only where both sides name one."""
    return (
        Accreditation.organisation_id == TestService.organisation_id,
        Accreditation.number == ServiceMethod.number,
        or_(Accreditation.edition == "", ServiceMethod.edition == "", Accreditation.edition == ServiceMethod.edition),
        Accreditation.valid_from <= on,
        Accreditation.valid_to >= on,
    )
