"""A place in the world for tests of time: people, a provider, an enterprise, an instrument with positions and hours."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person, PersonState
from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode, Position, ShareMode
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.occupancy.models import BookingRules, Calendar, OpeningHours, WeekKind
from equipment_cloud.occupancy.rules import RulesGiven
from equipment_cloud.organisations.models import Kind, Membership, Organisation, Standing

START = datetime.fromisoformat("2026-01-05T00:00:00+00:00")
_serial = count(1)


def person(session: Session, name: str = "示例人员") -> Person:
    """A person with an address of their own and no password."""
    row = Person(
        name=name, email=f"p{next(_serial)}@{name.encode().hex()[:12]}.example", mobile=None, password_hash=None,
        locale="zh_CN", state=PersonState.ACTIVE, failed_sign_ins=0, locked_until=None, session_version=1,
        created_at=START,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def organisation(
    session: Session, name: str, *, kind: Kind = Kind.ENTERPRISE, town_code: str = "330281004"
) -> Organisation:
    """An organisation in Yuyao; an institution is a provider too."""
    row = Organisation(
        kind=kind, name=f"示例{name}", name_en=None, credit_code=None, code_check=None, is_user=True,
        is_provider=kind is Kind.INSTITUTION, town_code=town_code, address=None, industry_code=None, contact_name=None,
        phone="0574-62700000", introduction=None, is_verified=True, is_example=True, standing=Standing.APPROVED,
        standing_note=None, standing_decided_by=None, standing_decided_at=None, created_at=START, revision=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def member(session: Session, at: Organisation, *roles: str, name: str = "示例人员") -> Actor:
    """A person who holds the roles at an organisation, as services see one."""
    row = person(session, name)
    join(session, row, at, *roles)
    return Actor(row.id, row.name, tuple(Grant(at.id, role) for role in roles))


def join(session: Session, who: Person | Actor, at: Organisation, *roles: str) -> None:
    """Further roles of a person."""
    values = {"person_id": who.id, "organisation_id": at.id, "valid_from": date(2026, 1, 1)}
    session.add_all(Membership(**values, role=role, scope=None, ended_on=None) for role in roles)
    session.flush()


def instrument(session: Session, owner: Organisation, *, positions: int = 1, **fields: Any) -> Instrument:
    """A published instrument with so many positions and their calendars, but neither hours nor rules."""
    number = next(_serial)
    values: dict[str, Any] = {
        "code": f"330281-9{number:05d}", "organisation_id": owner.id, "listed_by_id": None,
        "unit_number": f"T-{number}",
        "state": InstrumentState.PUBLISHED, "name": "三坐标测量机", "name_en": "Coordinate measuring machine",
        "model": "CONTURA 9/12/8", "manufacturer": "蔡司", "subjects": [], "funds": [],
        "share_mode": ShareMode.EXTERNAL,
        "mode": Mode.BOTH, "customs_supervised": False, "is_secret": False, "calibration_required": False, "extra": {},
        "public_fields": [], "consented_at": START, "published_at": START, "created_at": START, "updated_at": START,
        "revision": 1, "phone": "0574-62711111", "town_code": "330281004",
    } | fields  # fmt: skip
    row = Instrument(**values)
    session.add(row)
    session.flush()
    places = [Position(instrument_id=row.id, number=index, label=f"{index} 号位") for index in range(1, positions + 1)]
    session.add_all(places)
    session.flush()
    session.add_all(Calendar(position_id=place.id, revision=0) for place in places)
    session.flush()
    return row


def opened(
    session: Session, row: Instrument, *, hours: str = "08:30-17:00", days: range = range(5), **rules: Any
) -> None:
    """Opening hours on those weekdays and booking rules: half hours, one to eight hours, approval of each request."""
    opens, closes = (time.fromisoformat(part.replace("24:00", "00:00")) for part in hours.split("-"))
    dates = {"instrument_id": row.id, "valid_from": date(2026, 1, 1), "valid_to": None}
    session.add_all(OpeningHours(kind=WeekKind.OPEN, weekday=day, opens=opens, closes=closes, **dates) for day in days)
    values = asdict(RulesGiven()) | {"valid_from": date(2026, 1, 1), "valid_to": None} | rules
    session.add(BookingRules(instrument_id=row.id, **values))
    session.flush()


def position_ids(session: Session, row: Instrument) -> list[int]:
    """The instrument's positions, lowest first."""
    session.refresh(row, ["positions"])
    return [place.id for place in row.positions]
