"""Who is asked, how far they are, who tried to reach them, and what the rates are divided by."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.foundation.access import SYSTEM, Actor, Grant
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.kernel.errors import Conflict, Forbidden, Invalid, WrongState
from equipment_cloud.organisations import service as organisations
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.models import Campaign, CampaignUnit, ContactKind
from equipment_cloud.survey.queries import Sight
from equipment_cloud.survey.rules import Coverage, Scope, UnitOutcome, UnitState
from tests.conftest import Client
from tests.factories import campaigns as city
from tests.factories import organisations as units

DUE = date(2026, 12, 31)
FENGSHAN = "330281002"


@pytest.fixture
def surveyor(session: Session) -> Actor:
    return city.surveyor(session)


@pytest.fixture
def campaign(session: Session, surveyor: Actor, now: datetime) -> Campaign:
    return service.open_campaign("2026", "普查", DUE, by=surveyor, now=now)


def listed(session: Session, campaign: Campaign) -> set[str]:
    rows = queries.board(campaign.id, Sight(today=DUE), number=1, size=100).items
    return {row.organisation.name for row in rows}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (Scope(towns=(FENGSHAN,)), {"模具厂"}),
        (Scope(industries=("M",)), {"检测所"}),
        (Scope(sizes=("micro",)), {"小店"}),
        (Scope(tags=("专精特新",)), {"模具厂", "小店"}),
        (Scope(kinds=("institution",)), {"检测所"}),
        (Scope(towns=(FENGSHAN,), kinds=("institution",)), set()),
        (Scope(towns=(FENGSHAN, units.YANGMING)), {"模具厂", "小店", "检测所"}),
    ],
)
def test_a_scope_chooses_by_town_industry_size_tag_and_kind(
    session: Session, now: datetime, campaign: Campaign, scope: Scope, names: set[str]
) -> None:
    surveyor = city.surveyor(session)
    mould = units.organisation(session, name="模具厂", town_code=FENGSHAN, industry_code="C")
    shop = units.organisation(session, name="小店", industry_code="C")
    units.organisation(session, Kind.INSTITUTION, name="检测所", industry_code="M")
    for record in (mould, shop):
        organisations.set_tags(record.id, ["专精特新"], by=surveyor, now=now)
    for year, staff in ((2024, 400), (2025, 3)):
        city.profile(session, shop, year, "large" if staff > 300 else "micro")
    assert queries.preview(campaign.id, scope).new == len(names)
    assert service.add_units("2026", scope, by=surveyor, now=now) == len(names)
    assert listed(session, campaign) == names
    assert service.add_units("2026", scope, by=surveyor, now=now) == 0


def test_the_bureau_itself_is_never_asked(session: Session, campaign: Campaign, surveyor: Actor, now: datetime) -> None:
    scope = Scope(towns=(units.YANGMING,))
    assert service.add_units("2026", scope, by=surveyor, now=now) == 0


def test_units_are_added_in_a_few_statements_however_many(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime, statements: list[str]
) -> None:
    city.firms(session, 30)
    statements.clear()
    assert service.add_units("2026", Scope(towns=(FENGSHAN,)), by=surveyor, now=now) == 30
    assert len(statements) <= 6


def test_who_comes_after_the_list_is_frozen_is_marked_and_who_was_taken_off_stays_off(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    city.firms(session, 2)
    scope = Scope(towns=(FENGSHAN,))
    service.add_units("2026", scope, by=surveyor, now=now)
    service.freeze("2026", by=surveyor, now=now)
    first = city.only_units(session)[0]
    with pytest.raises(Invalid):
        service.remove(first.id, "  ", by=surveyor, now=now)
    service.remove(first.id, "并入另一家单位", by=surveyor, now=now)
    city.firms(session, 1)
    assert service.add_units("2026", scope, by=surveyor, now=now) == 1
    assert [unit.is_added_later for unit in city.only_units(session)] == [False, False, True]
    assert len(listed(session, campaign)) == 2
    assert session.scalar(select(AuditNote.detail).where(AuditNote.action == "survey.remove-unit")) == {
        "reason": "并入另一家单位"
    }
    service.restore(first.id, by=surveyor, now=now)
    assert len(listed(session, campaign)) == 3


def test_an_import_puts_its_owners_on_the_list_with_their_return_begun(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    unit = city.asked(session, campaign, surveyor, now)
    city.import_one(session, campaign, unit.organisation, now=now, by=surveyor)
    session.expire_all()
    assert [row.state for row in city.only_units(session)] == [UnitState.DRAFT]


def test_a_late_unit_comes_first_and_is_counted(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    city.firms(session, 3)
    service.add_units("2026", Scope(towns=(FENGSHAN,)), by=surveyor, now=now)
    rows = city.only_units(session)
    rows[2].due_on = DUE - timedelta(days=40)
    rows[0].due_on = DUE - timedelta(days=50)
    rows[0].state = UnitState.SUBMITTED
    session.flush()
    today = DUE - timedelta(days=30)
    page = queries.board(campaign.id, Sight(today=today), number=1, size=10)
    assert next((row.unit.id, row.days_late) for row in page.items) == (rows[2].id, 10)
    assert [row.is_late for row in page.items] == [True, False, False]
    late = queries.board(campaign.id, Sight(today=today, view="late"), number=1, size=10)
    assert [row.unit.id for row in late.items] == [rows[2].id]
    assert queries.coverage_by(campaign.id, "town", today=today)[FENGSHAN].late == 1


def test_rates_name_their_denominator() -> None:
    whole = Coverage()
    whole.add("accepted", None, 3)
    whole.add("submitted", None, 1)
    whole.add("not_started", None, 2, is_late=True)
    whole.add("not_started", "no_equipment", 1)
    whole.add("draft", "refused", 1)
    whole.add("not_started", "unreachable", 1)
    whole.add("not_started", "closed_down", 1)
    assert (whole.listed, whole.liable, whole.answered, whole.covered, whole.late) == (10, 9, 5, 4, 2)
    assert (whole.answered_bp, whole.covered_bp) == (5555, 4444)
    assert Coverage().covered_bp is None


def test_nobody_is_called_unreachable_without_a_try(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    unit = city.asked(session, campaign, surveyor, now)
    with pytest.raises(Invalid) as refused:
        service.settle_outcome(unit.id, UnitOutcome.UNREACHABLE, "", by=surveyor, now=now)
    assert {problem.code for problem in refused.value.problems} == {"note", "no-contact"}
    service.log_contact(unit.id, ContactKind.PHONE, "无人接听", by=surveyor, now=now)
    service.settle_outcome(unit.id, UnitOutcome.UNREACHABLE, "三次无人接听", by=surveyor, now=now)
    assert unit.outcome is UnitOutcome.UNREACHABLE


def test_of_two_who_settle_one_unit_at_once_one_is_refused(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    unit = city.asked(session, campaign, surveyor, now)
    seen = unit.revision
    service.settle_outcome(unit.id, UnitOutcome.CLOSED_DOWN, "已注销", seen, by=surveyor, now=now)
    with pytest.raises(Conflict):
        service.settle_outcome(unit.id, UnitOutcome.NO_EQUIPMENT, "无", seen, by=surveyor, now=now)


def test_a_liaison_reaches_only_the_own_township(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    unit = city.asked(session, campaign, surveyor, now)
    own = Actor(90, "乡联", (Grant(1, "township", FENGSHAN),))
    other = Actor(91, "别乡", (Grant(1, "township", units.YANGMING),))
    with pytest.raises(Forbidden):
        service.log_contact(unit.id, ContactKind.VISIT, "到访", by=other, now=now)
    with pytest.raises(Forbidden):
        service.add_units("2026", Scope(towns=(FENGSHAN,)), by=own, now=now)
    with pytest.raises(Invalid) as refused:
        service.log_contact(unit.id, ContactKind.VISIT, " ", by=own, now=now, next_on=date(2020, 1, 1))
    assert len(refused.value.problems) == 2


def test_a_closed_campaign_takes_no_unit(session: Session, campaign: Campaign, surveyor: Actor, now: datetime) -> None:
    service.close_campaign("2026", by=surveyor, now=now)
    with pytest.raises(WrongState):
        service.add_units("2026", Scope(towns=(FENGSHAN,)), by=SYSTEM, now=now)


def test_pages_choose_preview_add_freeze_and_chase(client: Client, session: Session, campaign: Campaign) -> None:
    city.firms(session, 3)
    client.sign_in(city.sign_in_as(session, "surveyor"))
    preview = client.get(f"/survey/2026/scope?towns={FENGSHAN}")
    assert "将新增 3 家单位" in preview.text
    assert client.post("/survey/2026/scope", data={"towns": FENGSHAN}).status_code == 303
    assert client.post("/survey/2026/freeze").status_code == 303
    board = client.get("/survey/2026").text
    assert "示例厂" in board
    unit = city.only_units(session)[0]
    page = f"/survey/units/{unit.id}"
    assert client.post(f"{page}/contacts", data={"kind": "phone", "result": ""}).status_code == 422
    said = {"kind": "phone", "result": "下周填", "next_on": "2026-11-23"}
    assert client.post(f"{page}/contacts", data=said).status_code == 303
    assert "下周填" in client.get(page).text
    assert "再次联系" in client.get("/desk").text
    stale = {"outcome": "closed_down", "note": "注销", "revision": "99"}
    assert client.post(f"{page}/outcome", data=stale).status_code == 409
    assert client.post(f"{page}/outcome", data=stale | {"revision": str(unit.revision)}).status_code == 303
    assert "停业/注销" in client.get("/survey/2026?view=closed_down").text
    coverage = client.get("/survey/2026/coverage")
    assert coverage.status_code == 200
    assert client.get("/survey/2026/board.csv").data.decode("utf-8-sig").count("\n") == 4
    assert client.get("/survey/2026/board.xlsx").data.startswith(b"PK")
    assert client.post(f"{page}/remove", data={"reason": "不在范围"}).status_code == 303
    assert client.post(f"{page}/restore").status_code == 303


def test_a_liaison_sees_and_exports_only_the_own_units(client: Client, session: Session, campaign: Campaign) -> None:
    mine, other = city.firms(session, 1)[0], units.organisation(session, name="外镇厂")
    scope = Scope(towns=(FENGSHAN, units.YANGMING))
    service.add_units("2026", scope, by=SYSTEM, now=datetime.fromisoformat("2026-11-23T02:00:00+00:00"))
    liaison = city.sign_in_as(session, "township", scope=FENGSHAN)
    client.sign_in(liaison)
    for path in ("/survey/2026", "/survey/2026/board.csv", "/survey/2026/coverage"):
        text = client.get(path).text
        assert other.name not in text, path
    assert mine.name in client.get("/survey/2026").text
    foreign = session.scalars(select(CampaignUnit).where(CampaignUnit.organisation_id == other.id)).one()
    assert client.get(f"/survey/units/{foreign.id}").status_code == 404
    assert client.post(f"/survey/units/{foreign.id}/contacts", data={}).status_code == 404
    assert client.get("/survey/2026/scope").status_code == 403
    assert client.post("/survey/2026/freeze").status_code == 403
    own = session.scalars(select(CampaignUnit).where(CampaignUnit.organisation_id == mine.id)).one()
    assert client.post(f"/survey/units/{own.id}/remove", data={"reason": "x"}).status_code == 403
    said = {"kind": "visit", "result": "已走访"}
    assert client.post(f"/survey/units/{own.id}/contacts", data=said).status_code == 303


def test_the_list_is_free_of_repeats_by_constraint(
    session: Session, campaign: Campaign, surveyor: Actor, now: datetime
) -> None:
    unit = city.asked(session, campaign, surveyor, now)
    for _again in range(2):
        service.add_unit("2026", unit.organisation_id, by=surveyor, now=now)
    assert session.scalar(select(func.count()).select_from(CampaignUnit)) == 1
