"""The way of a record from draft to retirement, and who may walk it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.catalog import queries, service
from equipment_cloud.catalog.jobs import pause_uncalibrated
from equipment_cloud.catalog.models import CalibrationKind, InstrumentState, ServiceState
from equipment_cloud.catalog.rules import CALIBRATION_EXPIRED, FIELDS
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from equipment_cloud.organisations.models import Kind
from tests.factories import catalog as make
from tests.factories import occupancy as people

COMPLETE: dict[str, Any] = {
    "model": "CONTURA 9/12/8", "manufacturer": "卡尔蔡司", "class_code": "030100", "original_value_fen": 86_500_000,
    "in_service_on": date(2021, 6, 1), "technical": "900 mm", "function": "尺寸测量", "service_content": "检测",
    "requirement": "预约", "town_code": "330281004", "address": "示例路1号", "contact_name": "王示例",
    "phone": "0574-62000000",
}  # fmt: skip


class Cast:
    """An institution with its people, another one's manager, and the bureau's surveyor."""

    def __init__(self, session: Session) -> None:
        self.owner = people.organisation(session, "检测中心", kind=Kind.INSTITUTION)
        self.other = people.organisation(session, "别处", kind=Kind.INSTITUTION)
        self.bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
        self.manager = people.member(session, self.owner, "manager")
        self.operator = people.member(session, self.owner, "operator")
        self.stranger = people.member(session, self.other, "manager")
        self.surveyor = people.member(session, self.bureau, "surveyor")


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


def draft(cast: Cast, now: datetime, number: str = "YY-1", **fields: Any) -> int:
    record = service.create(cast.owner.id, number, "三坐标测量机", {**COMPLETE, **fields}, by=cast.manager, now=now)
    return record.id


def published(cast: Cast, now: datetime, number: str = "YY-1", **fields: Any) -> int:
    record_id = draft(cast, now, number, **fields)
    service.submit(record_id, by=cast.manager, now=now)
    service.verify(record_id, by=cast.surveyor, now=now)
    service.consent(record_id, ["phone"], by=cast.manager, now=now)
    service.publish(record_id, by=cast.manager, now=now)
    return record_id


def finds(session: Session, text: str, kind: str = "instrument") -> list[int]:
    match = text_index.matches(kind, text)
    assert match is not None
    return list(session.scalars(select(match.c.id)))


def test_a_draft_gets_its_platform_number_and_positions(cast: Cast, now: datetime) -> None:
    record = service.create(cast.owner.id, " YY-1 ", "盐雾试验箱", {}, by=cast.manager, now=now, positions=4)
    assert record.code == f"330281-{record.id:06d}"
    assert (record.unit_number, record.state) == ("YY-1", InstrumentState.DRAFT)
    assert [place.number for place in queries.positions(record.id)] == [1, 2, 3, 4]


def test_a_number_is_taken_once_in_a_unit_and_free_in_another(cast: Cast, now: datetime) -> None:
    draft(cast, now)
    with pytest.raises(Conflict) as caught:
        draft(cast, now)
    assert caught.value.problem_code == "number-taken"
    service.create(cast.other.id, "YY-1", "别的", {}, by=cast.stranger, now=now)


def test_all_impossible_values_are_refused_at_once(cast: Cast, now: datetime) -> None:
    bad = {
        "in_service_on": date(2030, 1, 1), "acquired_on": date(2031, 1, 1), "run_hours": 9000, "service_hours": 9001,
        "class_code": "123456", "town_code": "1", "email": "x", "postcode": "12", "name_en": "a\0b", "kind": "odd",
        "subjects": list("abcde"), "original_value_fen": -1, "nonsense": 1, "model": "m" * 256,
    }  # fmt: skip
    with pytest.raises(Invalid) as caught:
        service.create(cast.owner.id, "", "", bad, by=cast.manager, now=now, positions=0)
    named = {problem.field for problem in caught.value.problems}
    assert named >= {*bad, "unit_number", "name", "positions"}


def test_submission_lists_every_missing_field(cast: Cast, now: datetime) -> None:
    record = service.create(cast.owner.id, "YY-1", "机", {}, by=cast.manager, now=now)
    with pytest.raises(Invalid) as caught:
        service.submit(record.id, by=cast.manager, now=now)
    missing = {problem.field for problem in caught.value.problems}
    assert missing == {item.name for item in FIELDS if item.is_needed} - {"name", "share_mode", "mode"}


def test_the_whole_way_into_the_catalogue(session: Session, cast: Cast, now: datetime) -> None:
    record_id = draft(cast, now)
    with pytest.raises(WrongState):
        service.publish(record_id, by=cast.manager, now=now)
    service.submit(record_id, by=cast.manager, now=now)
    service.verify(record_id, by=cast.surveyor, now=now)
    with pytest.raises(Conflict) as caught:
        service.publish(record_id, by=cast.manager, now=now)
    assert caught.value.problem_code == "no-consent"
    assert finds(session, "三坐标") == []
    service.consent(record_id, ["phone"], by=cast.manager, now=now)
    record = service.publish(record_id, by=cast.manager, now=now)
    assert record.state is InstrumentState.PUBLISHED
    assert record.public_fields == ["phone"]
    assert finds(session, "三坐标") == finds(session, "szb") == finds(session, "contura 9128") == [record_id]
    assert finds(session, "900 mm") == [], "what the owner does not show cannot be searched"
    told = session.scalars(select(OutboxMessage.person_id)).all()
    assert cast.manager.id in told
    acts = [note.action for note in queries.history(record_id, number=1, size=20).items]
    assert acts == ["catalog.publish", "catalog.consent", "catalog.verify", "catalog.submit", "catalog.create"]


def test_the_bureau_sends_back_with_reasons_and_the_owner_sees_them(cast: Cast, now: datetime) -> None:
    record_id = draft(cast, now)
    service.submit(record_id, by=cast.manager, now=now)
    with pytest.raises(Invalid):
        service.send_back(record_id, "  ", by=cast.surveyor, now=now)
    record = service.send_back(record_id, "型号不全；缺制造商", by=cast.surveyor, now=now)
    assert (record.state, record.return_reason) == (InstrumentState.DRAFT, "型号不全；缺制造商")
    assert queries.sent_back(cast.manager) == [record]
    assert service.submit(record_id, by=cast.manager, now=now).return_reason is None


def test_a_change_of_core_facts_asks_for_another_look_without_leaving_the_catalogue(cast: Cast, now: datetime) -> None:
    record_id = published(cast, now)
    service.update(record_id, {"requirement": "提前三天"}, by=cast.manager, now=now)
    assert queries.awaiting_verification(number=1, size=20).total == 0
    record = service.update(record_id, {"model": "PRISMO"}, by=cast.manager, now=now)
    assert record.state is InstrumentState.PUBLISHED
    assert [item.id for item in queries.awaiting_verification(number=1, size=20).items] == [record_id]
    service.verify(record_id, by=cast.surveyor, now=now)
    assert queries.awaiting_verification(number=1, size=20).total == 0


def test_a_stale_revision_and_an_emptied_needed_field_are_refused(cast: Cast, now: datetime) -> None:
    record_id = published(cast, now)
    revision = queries.instrument(record_id).revision
    service.update(record_id, {"fee_note": "300"}, revision, by=cast.manager, now=now)
    with pytest.raises(Conflict):
        service.update(record_id, {"fee_note": "400"}, revision, by=cast.manager, now=now)
    with pytest.raises(Invalid):
        service.update(record_id, {"address": None}, by=cast.manager, now=now)
    with pytest.raises(Invalid):
        service.update(record_id, {"unit_number": "other"}, by=cast.manager, now=now)


@pytest.mark.parametrize("who", ["stranger", "operator", "surveyor"])
def test_nobody_but_the_manager_edits_submits_agrees_and_retires(cast: Cast, now: datetime, who: str) -> None:
    record_id = draft(cast, now)
    by: Actor = getattr(cast, who)
    for act in (
        lambda: service.update(record_id, {"fee_note": "1"}, by=by, now=now),
        lambda: service.submit(record_id, by=by, now=now),
        lambda: service.consent(record_id, [], by=by, now=now),
        lambda: service.retire(record_id, "x", by=by, now=now),
        lambda: service.set_positions(record_id, 2, by=by, now=now),
        lambda: service.create(cast.owner.id, "Z", "z", {}, by=by, now=now),
    ):
        with pytest.raises(Forbidden):
            act()


def test_only_a_surveyor_who_does_not_work_there_verifies(session: Session, cast: Cast, now: datetime) -> None:
    record_id = draft(cast, now)
    service.submit(record_id, by=cast.manager, now=now)
    both = Actor(cast.surveyor.id, "x", (*cast.surveyor.grants, *cast.operator.grants))
    for by in (cast.manager, both):
        with pytest.raises(Forbidden):
            service.verify(record_id, by=by, now=now)


def test_an_umbrella_that_lists_on_behalf_edits(session: Session, cast: Cast, now: datetime) -> None:
    record = service.create(cast.owner.id, "U-1", "机", COMPLETE, by=cast.stranger, now=now, listed_by_id=cast.other.id)
    service.update(record.id, {"fee_note": "面议"}, by=cast.stranger, now=now)
    assert queries.managed_by(cast.stranger, number=1, size=20).total == 1


def test_the_operator_pauses_and_resumes(session: Session, cast: Cast, now: datetime) -> None:
    record_id = published(cast, now)
    assert service.pause(record_id, "主轴异响", by=cast.operator, now=now).state is InstrumentState.PAUSED
    assert finds(session, "三坐标") == []
    assert queries.visible_to(None, record_id).pause_reason == "主轴异响"
    service.resume(record_id, by=cast.operator, now=now)
    assert finds(session, "三坐标") == [record_id]


def test_the_clock_pauses_what_is_not_calibrated_and_a_new_record_lifts_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    today = date(2026, 11, 23)
    record_id = published(cast, now)
    service.record_calibration(
        record_id, CalibrationKind.CALIBRATION, today - timedelta(days=365), today, by=cast.operator, now=now
    )
    service.update(record_id, {"calibration_required": True}, by=cast.manager, now=now)
    session.commit()
    assert pause_uncalibrated(today, now).done == 0, "the last day counts"
    assert pause_uncalibrated(today + timedelta(days=1), now).done == 1
    assert pause_uncalibrated(today + timedelta(days=1), now).done == 0
    assert queries.instrument(record_id).pause_reason == CALIBRATION_EXPIRED
    later = now + timedelta(days=2)
    with pytest.raises(Conflict):
        service.resume(record_id, by=cast.manager, now=later)
    service.record_calibration(
        record_id, CalibrationKind.CALIBRATION, today, today + timedelta(days=365), by=cast.operator, now=later
    )
    assert queries.instrument(record_id).state is InstrumentState.PUBLISHED


def test_a_retired_record_stays_as_it_is(cast: Cast, now: datetime) -> None:
    record_id = published(cast, now)
    service.retire(record_id, "报废", by=cast.manager, now=now)
    with pytest.raises(WrongState):
        service.update(record_id, {"fee_note": "1"}, by=cast.manager, now=now)
    with pytest.raises(NotFound):
        queries.visible_to(cast.stranger, record_id)
    assert queries.visible_to(cast.manager, record_id).id == record_id


def test_positions_are_only_added(cast: Cast, now: datetime) -> None:
    record_id = draft(cast, now)
    assert len(service.set_positions(record_id, 3, by=cast.manager, now=now)) == 3
    with pytest.raises(Invalid):
        service.set_positions(record_id, 2, by=cast.manager, now=now)


def test_a_secret_or_unshared_instrument_is_never_published(cast: Cast, now: datetime) -> None:
    record_id = draft(cast, now, is_secret=True)
    service.submit(record_id, by=cast.manager, now=now)
    service.verify(record_id, by=cast.surveyor, now=now)
    service.consent(record_id, [], by=cast.manager, now=now)
    with pytest.raises(Conflict) as caught:
        service.publish(record_id, by=cast.manager, now=now)
    assert caught.value.problem_code == "secret"


def test_a_test_service_is_offered_and_withdrawn(session: Session, cast: Cast, now: datetime) -> None:
    values = {
        "name": "中性盐雾试验", "category": "030100", "method_standards": ["GB/T 2423.17"], "unit": "24 h",
        "price_fen": 24_000, "turnaround_days": 5,
    }  # fmt: skip
    idle = draft(cast, now)
    record = service.create_service(cast.owner.id, values, [idle], by=cast.manager, now=now)
    with pytest.raises(Conflict):
        service.publish_service(record.id, by=cast.manager, now=now)
    service.update_service(record.id, values, [published(cast, now, "YY-2")], by=cast.manager, now=now)
    assert service.publish_service(record.id, by=cast.manager, now=now).state is ServiceState.PUBLISHED
    assert finds(session, "GBT2423.17", "service") == finds(session, "盐雾", "service") == [record.id]
    service.withdraw_service(record.id, by=cast.manager, now=now)
    assert finds(session, "盐雾", "service") == []
    with pytest.raises(Forbidden):
        service.publish_service(record.id, by=cast.operator, now=now)
    with pytest.raises(Invalid) as caught:
        service.create_service(cast.owner.id, {"price_fen": -1}, [10**9 % 1000], by=cast.manager, now=now)
    assert len(caught.value.problems) >= 4


def test_everything_public_can_be_indexed_anew(session: Session, cast: Cast, now: datetime) -> None:
    published(cast, now)
    make.test_service(cast.owner)
    text_index.clear("instrument")
    assert service.reindex() == 2
    assert finds(session, "三坐标") != []
