"""Public notices: read by everyone, objected to with name and reasons, decided once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, WrongState
from equipment_cloud.kernel.workdays import CalendarUnknown
from equipment_cloud.notices import queries, service
from equipment_cloud.notices.models import LineState, Notice, Objection
from equipment_cloud.notices.rules import NoticeOver
from tests.factories.settlement import Town, town

COLUMNS = [{"key": "firm", "label": "Applicant", "kind": "text"}, {"key": "fen", "label": "Amount", "kind": "money"}]


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def browse(client: FlaskClient, session: Session) -> Any:
    def sign_in(actor: Actor) -> Any:
        return client.sign_in(session.get(Person, actor.id))  # type: ignore[attr-defined]

    return sign_in


def posted(place: Town, *, rows: int = 3, **more: Any) -> Notice:
    lines = [(f"claim:{number}", {"firm": f"示例{number}公司", "fen": number * 100}) for number in range(1, rows + 1)]
    values: dict[str, Any] = {"working_days": 7, "by": place.city.approver, "now": place.now} | more
    return service.post("batch:1", "兑付公示", "公示如下。", COLUMNS, lines, **values)


def objected(place: Town, notice: Notice, line: int = 1) -> Objection:
    row = list(queries.lines(notice.id))[line - 1]
    return service.object_to(notice.id, row.id, "王示例", "13800000000", "该服务未发生", now=place.now)


def states(notice: Notice) -> list[str]:
    return [line.state.value for line in queries.lines(notice.id)]


def test_working_days_count_from_the_day_after_posting(place: Town) -> None:
    assert str(posted(place).closes_on) == "2026-12-02"


def test_a_period_into_a_year_without_calendar_stops_with_the_reason(place: Town) -> None:
    with pytest.raises(CalendarUnknown):
        posted(place, working_days=40)


@pytest.mark.parametrize("days", [-1, 40])
def test_a_notice_is_not_posted_for_the_future_or_the_far_past(place: Town, days: int) -> None:
    with pytest.raises(Invalid):
        posted(place, posted_on=(place.now - timedelta(days=days)).date())


def test_anyone_reads_the_notice_and_no_contact_stands_on_it(place: Town, client: FlaskClient) -> None:
    notice = posted(place)
    objected(place, notice)
    shown = client.get(f"/notices/{notice.id}").get_data(as_text=True)
    assert "示例3公司" in shown
    assert "¥3.00" in shown
    assert notice.checksum in shown
    assert "13800000000" not in shown
    assert "王示例" not in shown
    assert notice.title in client.get("/notices?state=open").get_data(as_text=True)
    assert notice.title not in client.get("/notices?state=closed").get_data(as_text=True)


def test_a_visitor_objects_and_the_line_stops(place: Town, client: FlaskClient, session: Session) -> None:
    notice = posted(place)
    line = next(queries.lines(notice.id))
    address = f"/notices/{notice.id}/lines/{line.id}/objections/new"
    assert "示例1公司" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"name": "", "contact": "", "text": ""}).status_code == 422
    data = {"name": "王示例", "contact": "13800000000", "text": "该服务未发生"}
    assert client.post(address, data=data).status_code == 303
    assert states(notice) == ["frozen", "standing", "standing"]
    told = session.query(OutboxMessage).filter(OutboxMessage.kind == "notices.objection").all()
    assert {message.person_id for message in told} == {
        place.city.reviewer.id, place.city.approver.id, place.leader.id,
    }  # fmt: skip


def test_after_the_last_day_objections_are_refused(place: Town) -> None:
    notice = posted(place)
    row = next(queries.lines(notice.id))
    last = clock.end_of(notice.closes_on)
    service.object_to(notice.id, row.id, "王", "1", "x", now=last - timedelta(seconds=1))
    with pytest.raises(NoticeOver):
        service.object_to(notice.id, row.id, "王", "1", "x", now=last)


def test_dismissed_the_line_stands_again_unless_another_objection_is_open(place: Town) -> None:
    notice = posted(place)
    first, second = objected(place, notice), objected(place, notice)
    service.decide(first.id, upheld=False, opinion="查无实据", by=place.city.reviewer, now=place.now)
    assert states(notice)[0] == LineState.FROZEN
    service.decide(second.id, upheld=False, opinion="查无实据", by=place.city.reviewer, now=place.now)
    assert states(notice)[0] == LineState.STANDING


def test_an_objection_is_decided_once_and_with_reasons(place: Town) -> None:
    objection = objected(place, posted(place))
    with pytest.raises(Invalid):
        service.decide(objection.id, upheld=True, opinion=" ", by=place.city.reviewer, now=place.now)
    service.decide(objection.id, upheld=True, opinion="查实", by=place.city.reviewer, now=place.now)
    with pytest.raises(WrongState):
        service.decide(objection.id, upheld=False, opinion="改判", by=place.city.reviewer, now=place.now)


def test_the_bureau_decides_on_the_page(place: Town, browse: Any) -> None:
    notice = posted(place)
    objection = objected(place, notice)
    page = browse(place.city.reviewer)
    assert "王示例" in page.get("/notices/objections").get_data(as_text=True)
    assert "13800000000" in page.get(f"/notices/objections/{objection.id}").get_data(as_text=True)
    here = f"/notices/objections/{objection.id}/decide"
    assert page.post(here, data={"opinion": "查实"}).status_code == 422
    assert page.post(here, data={"upheld": "1", "opinion": "查实"}).status_code == 303
    assert states(notice)[0] == LineState.STRUCK


def test_those_who_do_not_review_never_see_an_objector(place: Town, browse: Any) -> None:
    objection = objected(place, posted(place))
    for actor in (place.owner, place.city.keeper):
        assert browse(actor).get(f"/notices/objections/{objection.id}").status_code == 403
    assert browse(place.treasurer).post(f"/notices/objections/{objection.id}/decide").status_code == 403


def test_long_lists_are_paged_in_order(place: Town, client: FlaskClient) -> None:
    notice = posted(place, rows=60)
    second = client.get(f"/notices/{notice.id}?page=2").get_data(as_text=True)
    assert "示例60公司" in second
    assert "示例50公司" not in second
    assert client.get(f"/notices/{notice.id}?per_page=1000").status_code == 422
    assert client.get("/notices/" + "9" * 40).status_code == 404
