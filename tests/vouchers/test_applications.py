"""From application to issue: two people, one pool, every rule told at once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.organisations.models import Standing
from equipment_cloud.vouchers import ledger, queries, service
from equipment_cloud.vouchers.models import Voucher, VoucherState
from equipment_cloud.vouchers.queries import Balances
from equipment_cloud.vouchers.service.safekeeping import StillHeld
from tests.factories.occupancy import member
from tests.factories.vouchers import City, city


@pytest.fixture
def town(session: Session, now: datetime) -> City:
    return city(session, now)


def draft(town: City, amount_fen: int = 1_000_000) -> Voucher:
    policy_id = town.version.policy_id
    return service.apply(town.enterprise.id, policy_id, amount_fen, "试制", by=town.researcher, now=town.now)


def submitted(town: City, amount_fen: int = 1_000_000) -> Voucher:
    return service.submit(draft(town, amount_fen).id, by=town.researcher, now=town.now)


def reviewed(town: City, amount_fen: int = 1_000_000) -> Voucher:
    return service.review(submitted(town, amount_fen).id, "齐全", by=town.reviewer, now=town.now)


def codes(refusal: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_an_application_goes_by_two_people_to_a_voucher(town: City) -> None:
    voucher = town.voucher(1_000_000)
    assert voucher.state is VoucherState.ISSUED
    assert voucher.number == f"YY2026-{voucher.id:04d}"
    assert (voucher.expires_on, voucher.redeem_by) == (date(2026, 12, 31), date(2027, 1, 31))
    assert (voucher.reviewed_by, voucher.approved_by) == (town.reviewer.id, town.approver.id)
    assert [step.act for step in queries.steps_of(voucher.id)] == ["submit", "review", "issue"]
    assert queries.balances([voucher.id])[voucher.id] == Balances(1_000_000, 0, 0)
    assert queries.pool_figures([town.pool.id])[town.pool.id].free_fen == 9_000_000
    assert ledger.verify()["ok"]


def test_each_step_tells_the_next_person(town: City) -> None:
    voucher = town.voucher()
    town.session.flush()
    kinds = town.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.link == f"/vouchers/{voucher.id}"))
    assert set(kinds) == {"vouchers.submitted", "vouchers.reviewed", "vouchers.issued"}


def test_the_same_person_cannot_review_and_approve(town: City, now: datetime) -> None:
    both = member(town.session, town.bureau, "reviewer", "approver")
    voucher = service.review(submitted(town).id, "齐全", by=both, now=now)
    with pytest.raises(SamePerson) as refusal:
        service.issue(voucher.id, by=both, now=now)
    assert (refusal.value.status, refusal.value.problem_code) == (403, "same-person")


def test_an_applicant_of_the_bureau_decides_nothing_about_it(town: City, now: datetime) -> None:
    with pytest.raises(SamePerson):
        service.review(submitted(town).id, "齐全", by=town.researcher, now=now)
    with pytest.raises(SamePerson):
        service.issue(reviewed(town).id, by=town.researcher, now=now)


def test_steps_follow_each_other(town: City, now: datetime) -> None:
    row = draft(town)
    for act in (
        lambda: service.review(row.id, "", by=town.reviewer, now=now),
        lambda: service.issue(row.id, by=town.approver, now=now),
        lambda: service.freeze(row.id, "?", by=town.approver, now=now),
        lambda: service.unfreeze(row.id, "?", by=town.approver, now=now),
        lambda: service.give_back(row.id, by=town.researcher, now=now),
    ):
        with pytest.raises(WrongState):
            act()


def test_issuing_twice_issues_once(town: City, now: datetime) -> None:
    voucher = town.voucher(1_000_000)
    service.issue(voucher.id, by=town.approver, now=now)
    assert queries.balances([voucher.id])[voucher.id].available_fen == 1_000_000
    with pytest.raises(WrongState):
        service.issue(voucher.id, by=town.keeper, now=now)


def test_the_approver_may_lower_the_amount_but_not_raise_it(town: City, now: datetime) -> None:
    row = reviewed(town, 1_000_000)
    with pytest.raises(Invalid):
        service.issue(row.id, amount_fen=1_000_100, by=town.approver, now=now)
    assert service.issue(row.id, amount_fen=400_000, by=town.approver, now=now).issued_fen == 400_000


def test_a_pool_is_never_overdrawn(session: Session, now: datetime) -> None:
    town = city(session, now, planned_fen=1_500_000)
    town.voucher(1_000_000)
    second = reviewed(town, 600_000)
    with session.begin_nested() as attempt:
        with pytest.raises(service.PoolExhausted) as refusal:
            service.issue(second.id, by=town.approver, now=now)
        attempt.rollback()
    assert refusal.value.status == 409
    assert refusal.value.values == {"year": 2026, "free": "¥5,000.00"}
    assert service.issue(second.id, amount_fen=500_000, by=town.approver, now=now).issued_fen == 500_000
    assert ledger.verify()["ok"]


def test_what_is_sent_back_names_every_defect_and_can_be_mended(town: City, now: datetime) -> None:
    row = submitted(town)
    service.send_back(row.id, "请补正", defects=["缺营业执照", "用途不清"], by=town.reviewer, now=now)
    assert queries.steps_of(row.id)[-1].defects == ["缺营业执照", "用途不清"]
    service.change(row.id, requested_fen=500_000, purpose="新品试制", by=town.researcher, now=now)
    assert service.submit(row.id, by=town.researcher, now=now).state is VoucherState.SUBMITTED
    assert row.reviewed_by is None


def test_the_approver_may_send_back_what_was_reviewed(town: City, now: datetime) -> None:
    row = service.send_back(reviewed(town).id, "金额不清", by=town.approver, now=now)
    assert row.state is VoucherState.SENT_BACK


def test_a_refusal_needs_a_reason(town: City, now: datetime) -> None:
    row = submitted(town)
    with pytest.raises(Invalid):
        service.refuse(row.id, "  ", by=town.reviewer, now=now)
    assert service.refuse(row.id, "不符合条件", by=town.reviewer, now=now).state is VoucherState.REFUSED


def test_an_application_is_told_every_rule_it_breaks(session: Session, now: datetime) -> None:
    town = city(session, now, per_enterprise_year_cap_fen=500_000, max_held_fen=400_000)
    with pytest.raises(Invalid) as refusal:
        draft(town, 600_050)
    assert codes(refusal) == {"unit", "year-cap", "max-held"}


def test_what_is_held_already_counts_when_the_next_is_issued(session: Session, now: datetime) -> None:
    town = city(session, now, max_held_fen=700_000)
    first, second = reviewed(town, 400_000), reviewed(town, 400_000)
    service.issue(first.id, by=town.approver, now=now)
    with pytest.raises(Invalid) as refusal:
        service.issue(second.id, by=town.approver, now=now)
    assert codes(refusal) == {"max-held"}


def test_only_organisations_with_standing_submit(town: City, now: datetime) -> None:
    row = draft(town)
    town.enterprise.standing = Standing.REQUESTED
    town.session.flush()
    with pytest.raises(Invalid) as refusal:
        service.submit(row.id, by=town.researcher, now=now)
    assert codes(refusal) == {"no-standing"}


def test_without_a_pool_or_policy_nothing_can_be_applied_for(town: City, now: datetime) -> None:
    next_year = now.replace(year=2027)
    with pytest.raises(service.NoPool):
        service.apply(town.enterprise.id, town.version.policy_id, 100, "试制", by=town.researcher, now=next_year)
    with pytest.raises(Invalid):
        service.apply(
            town.enterprise.id, town.version.policy_id, 100, "试制", by=town.researcher, now=now.replace(year=2025)
        )
    with pytest.raises(NotFound):
        service.apply(404_404, town.version.policy_id, 100, "试制", by=town.researcher, now=now)


def test_a_frozen_voucher_can_be_let_go_again(town: City, now: datetime) -> None:
    voucher = town.voucher()
    service.freeze(voucher.id, "核查", by=town.approver, now=now)
    assert voucher.state is VoucherState.FROZEN
    assert service.unfreeze(voucher.id, "核查完毕", by=town.approver, now=now).state is VoucherState.ISSUED


def test_what_is_given_back_returns_to_the_pool_unless_orders_hold_it(town: City, now: datetime) -> None:
    voucher = town.voucher()
    town.hold(voucher)
    with pytest.raises(StillHeld):
        service.give_back(voucher.id, by=town.researcher, now=now)
    service.draw("booking:1", price_fen=100_000, by=town.researcher, now=now)
    service.give_back(voucher.id, "用不完", by=town.researcher, now=now)
    assert voucher.state is VoucherState.RETURNED
    assert queries.balances([voucher.id])[voucher.id] == Balances(0, 0, 50_000)
    assert queries.pool_figures([town.pool.id])[town.pool.id].free_fen == 9_950_000
    assert ledger.verify()["ok"]


def test_strangers_do_not_see_a_voucher(town: City) -> None:
    voucher = town.voucher()
    stranger = member(town.session, town.provider, "manager")
    for actor in (town.researcher, town.reviewer, town.approver, town.keeper):
        assert queries.voucher_for(actor, voucher.id).id == voucher.id
    with pytest.raises(NotFound):
        queries.voucher_for(stranger, voucher.id)
    assert queries.vouchers_page(stranger, number=1, size=20).total == 0
    assert queries.vouchers_page(town.researcher, number=1, size=20).total == 1
