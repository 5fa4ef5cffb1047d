"""What settlement moves: approve, cut, restore, pay, bounce; and what the clock takes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.vouchers import jobs, ledger, queries, service
from equipment_cloud.vouchers.models import AccountKind, Voucher, VoucherState
from equipment_cloud.vouchers.queries import Balances, PoolFigures
from equipment_cloud.vouchers.rules import Act
from equipment_cloud.vouchers.service.claims import NotPayable
from tests.factories.vouchers import City, city

PLANNED = 10_000_000


@pytest.fixture
def town(session: Session, now: datetime) -> City:
    return city(session, now, planned_fen=PLANNED)


def drawn(town: City, amount_fen: int = 200_000, price_fen: int = 100_000) -> Voucher:
    """A voucher with half the price drawn."""
    voucher = town.voucher(amount_fen)
    reference = f"booking:{voucher.id}"
    town.hold(voucher, price_fen, reference)
    service.draw(reference, price_fen=price_fen, by=town.researcher, now=town.now)
    return voucher


def left(voucher: Voucher) -> Balances:
    return queries.balances([voucher.id])[voucher.id]


def figures(town: City) -> PoolFigures:
    return queries.pool_figures([town.pool.id])[town.pool.id]


def committed(town: City, year: int = 2026) -> int:
    row = queries.year_of(town.enterprise.id, town.version.policy_id, year)
    return row.committed_fen if row is not None else 0


def clean() -> bool:
    return ledger.verify()["breaches"] == []


def test_an_approved_claim_becomes_payable_and_a_cut_returns_to_the_voucher(town: City) -> None:
    voucher = drawn(town)
    service.approve_claim(3, voucher.id, 50_000, 30_000, by=town.approver, now=town.now)
    assert left(voucher) == Balances(170_000, 0, 0)
    assert figures(town).payable_fen == 30_000
    assert committed(town) == 30_000
    assert clean()


def test_a_cut_after_the_last_day_goes_to_the_pool(town: City) -> None:
    voucher = drawn(town)
    late = town.now + timedelta(days=50)
    service.approve_claim(3, voucher.id, 50_000, 30_000, by=town.approver, now=late)
    assert left(voucher) == Balances(150_000, 0, 0)
    assert figures(town).free_fen == PLANNED - 200_000 + 20_000
    assert clean()


def test_a_rejected_claim_gives_everything_back(town: City) -> None:
    voucher = drawn(town)
    service.approve_claim(3, voucher.id, 50_000, 0, by=town.approver, now=town.now)
    assert left(voucher) == Balances(200_000, 0, 0)
    assert committed(town) == 0
    assert clean()


def test_review_never_raises_an_amount(town: City) -> None:
    voucher = drawn(town)
    with pytest.raises(Invalid):
        service.approve_claim(3, voucher.id, 50_000, 50_001, by=town.approver, now=town.now)


def test_a_claim_is_approved_once(town: City) -> None:
    voucher = town.voucher(200_000)
    town.hold(voucher, 200_000)
    service.draw("booking:1", price_fen=200_000, by=town.researcher, now=town.now)
    service.approve_claim(3, voucher.id, 50_000, 50_000, by=town.approver, now=town.now)
    with pytest.raises(service.AlreadyMoved):
        service.approve_claim(3, voucher.id, 50_000, 50_000, by=town.approver, now=town.now)


def test_nothing_undrawn_can_be_claimed(town: City) -> None:
    voucher = drawn(town)
    with pytest.raises(service.NotEnough):
        service.approve_claim(3, voucher.id, 60_000, 60_000, by=town.approver, now=town.now)


def test_a_cut_frees_the_year_of_the_service_it_names(session: Session, now: datetime) -> None:
    town = city(session, now, validity={"months": 6}, per_enterprise_year_cap_fen=1_000_000)
    voucher = town.voucher(500_000)
    town.hold(voucher, 100_000, "booking:1")
    town.hold(voucher, 100_000, "booking:2", service_on=date(2027, 1, 8))
    for reference in ("booking:1", "booking:2"):
        service.draw(reference, price_fen=100_000, by=town.researcher, now=now)
    service.approve_claim(3, voucher.id, 50_000, 40_000, references=["booking:1"], by=town.approver, now=now)
    assert (committed(town), committed(town, 2027)) == (40_000, 50_000)
    service.approve_claim(4, voucher.id, 50_000, 45_000, by=town.approver, now=now)
    assert (committed(town), committed(town, 2027)) == (40_000, 45_000)
    assert clean()


def test_an_upheld_objection_takes_the_claim_out_of_payment(town: City) -> None:
    voucher = drawn(town)
    service.approve_claim(3, voucher.id, 50_000, 50_000, by=town.approver, now=town.now)
    service.restore_claim(3, voucher.id, 50_000, by=town.approver, now=town.now)
    assert left(voucher) == Balances(200_000, 0, 0)
    assert (figures(town).payable_fen, committed(town)) == (0, 0)
    assert clean()


def test_claims_are_paid_as_a_set_and_a_bounced_one_can_be_paid_again(town: City) -> None:
    vouchers = [drawn(town) for _number in range(3)]
    for claim_id, voucher in enumerate(vouchers, start=1):
        service.approve_claim(claim_id, voucher.id, 50_000, 50_000, by=town.approver, now=town.now)
    rows = [(claim_id, town.pool.id, 50_000) for claim_id in (1, 2, 3)]
    assert service.pay_claims(rows, cause_prefix="pay:batch:1", by=town.approver, now=town.now) == 3
    assert (figures(town).paid_fen, figures(town).payable_fen) == (150_000, 0)
    service.bounce_claim(2, 50_000, cause="bounce:result:9", by=town.approver, now=town.now)
    assert (figures(town).paid_fen, figures(town).payable_fen) == (100_000, 50_000)
    again = [(2, town.pool.id, 50_000)]
    assert service.pay_claims(again, cause_prefix="pay:batch:2", by=town.approver, now=town.now) == 1
    assert clean()


@pytest.mark.parametrize(
    "rows", [[(1, 0, 50_000), (1, 0, 50_000)], [(1, 0, 50_001)], [(99, 0, 100)]], ids=["twice", "too much", "unknown"]
)
def test_a_list_with_one_wrong_line_pays_nothing(town: City, rows: list[tuple[int, int, int]]) -> None:
    service.approve_claim(1, drawn(town).id, 50_000, 50_000, by=town.approver, now=town.now)
    listed = [(claim_id, town.pool.id, fen) for claim_id, _pool, fen in rows]
    with town.session.begin_nested() as attempt:
        with pytest.raises(NotPayable):
            service.pay_claims(listed, cause_prefix="pay:batch:1", by=town.approver, now=town.now)
        attempt.rollback()
    assert (figures(town).paid_fen, figures(town).payable_fen) == (0, 50_000)
    assert clean()


def test_a_repeated_payment_of_the_same_batch_pays_nothing_twice(town: City) -> None:
    voucher = drawn(town, 400_000, 200_000)
    service.approve_claim(1, voucher.id, 100_000, 100_000, by=town.approver, now=town.now)
    rows = [(1, town.pool.id, 50_000)]
    service.pay_claims(rows, cause_prefix="pay:batch:1", by=town.approver, now=town.now)
    with town.session.begin_nested() as attempt:
        with pytest.raises(NotPayable):
            service.pay_claims(rows, cause_prefix="pay:batch:1", by=town.approver, now=town.now)
        attempt.rollback()
    assert figures(town).paid_fen == 50_000


def test_many_rows_move_in_few_statements(town: City, statements: list[str]) -> None:
    owner = ledger.pool_owner(town.pool.id)
    ends = (ledger.account(AccountKind.POOL_FREE, owner), ledger.account(AccountKind.APPROPRIATION, owner))
    statements.clear()
    rows = [(*ends, 7, f"withdraw:test:{number}", owner) for number in range(2_500)]
    assert ledger.transfer_many(rows, act=Act.WITHDRAW, by=town.keeper, now=town.now) == 2_500
    assert len(statements) <= 3
    assert figures(town).free_fen == PLANNED - 17_500
    assert clean()


def test_expired_vouchers_give_back_what_is_available_and_keep_what_is_held(town: City) -> None:
    used, idle, early = town.voucher(300_000), town.voucher(200_000), drawn(town, 100_000, 200_000)
    town.hold(used, 100_000)
    town.session.commit()
    outcome = jobs.expire_unused(date(2027, 1, 1), town.now + timedelta(days=40))
    town.session.expire_all()
    assert outcome.done == 3
    assert {each.state for each in (used, idle, early)} == {VoucherState.EXPIRED}
    assert (left(used), left(idle)) == (Balances(0, 50_000, 0), Balances(0, 0, 0))
    assert left(early) == Balances(0, 0, 100_000)
    assert clean()
    assert jobs.expire_unused(date(2027, 1, 1), town.now + timedelta(days=40)).done == 0


def test_the_last_day_itself_is_still_good(town: City) -> None:
    voucher = town.voucher()
    town.session.commit()
    assert jobs.expire_unused(date(2026, 12, 31), town.now).done == 0
    assert voucher.state is VoucherState.ISSUED


def test_reminders_come_thirty_seven_and_one_day_before_and_once(town: City) -> None:
    drawn(town)
    town.session.commit()
    for day, told in ((date(2026, 12, 1), 1), (date(2026, 12, 2), 0), (date(2026, 12, 24), 1), (date(2026, 12, 30), 1),
                      (date(2027, 1, 1), 1), (date(2027, 1, 30), 1)):  # fmt: skip
        assert jobs.remind_expiring(day, town.now).done == told, day
        assert jobs.remind_expiring(day, town.now).done == 0
    kinds = list(town.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.kind == "vouchers.expiring")))
    assert len(kinds) == 5


def test_the_nightly_proof_says_how_much_it_looked_at(town: City) -> None:
    drawn(town)
    outcome = jobs.verify_ledger(date(2026, 11, 24), town.now)
    assert outcome.done > 5
    assert outcome.failures == []
