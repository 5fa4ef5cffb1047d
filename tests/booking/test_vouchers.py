"""A booking and the voucher behind it: shown before commitment, held, given back, never half."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.booking import jobs, queries, service
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.foundation import clock
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.models import ApprovalMode, Occupation
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers.models import Hold, HoldState
from equipment_cloud.vouchers.queries import Balances
from equipment_cloud.vouchers.service import NotEnough
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import hours
from tests.factories.vouchers import City, city

NINE_HUNDRED, HALF = 90_000, 45_000


class Desk:
    """The voucher city with a bookable instrument at its carrier."""

    def __init__(self, session: Session, town: City, **rules: Any) -> None:
        self.session, self.town, self.now = session, town, town.now
        self.machine = places.instrument(session, town.provider)
        places.opened(session, self.machine, approval=ApprovalMode.INSTANT, **rules)
        self.manager = places.member(session, town.provider, "manager")
        make.priced(session, self.machine, by=self.manager)
        self.machine_id, self.enterprise_id = self.machine.id, town.enterprise.id

    def book(self, voucher_id: int | None, period: Period | None = None, **changes: Any) -> Booking:
        values: dict[str, Any] = {"purpose": "rd", "by": self.town.researcher, "now": self.now} | changes
        return service.request(
            self.machine_id, period or hours(0, 3), organisation_id=self.enterprise_id, voucher_id=voucher_id, **values
        )

    def estimate(self, voucher_id: int, **changes: Any) -> queries.Estimate:
        values: dict[str, Any] = {"purpose": "rd", "now": self.now} | changes
        return queries.estimate(
            self.machine_id, hours(0, 3), organisation_id=self.enterprise_id, voucher_id=voucher_id, **values
        )


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, city(session, now))


def left(voucher_id: int) -> Balances:
    return vouchers.balances([voucher_id])[voucher_id]


def test_the_estimate_shows_the_share_and_what_is_left_to_pay(desk: Desk) -> None:
    voucher = desk.town.voucher()
    found = desk.estimate(voucher.id)
    assert (found.price_fen, found.voucher_fen, found.payable_fen) == (NINE_HUNDRED, HALF, HALF)
    assert (found.model, found.refund_fen, list(found.reasons)) == ("institution", 0, [])
    assert found.policy is not None
    assert found.policy["is_example"]
    assert left(voucher.id).held_fen == 0, "nothing is held by looking"


def test_where_the_enterprise_is_paid_back_it_pays_the_whole_price_first(session: Session, now: datetime) -> None:
    desk = Desk(session, city(session, now, settlement_model="enterprise"))
    found = desk.estimate(desk.town.voucher().id)
    assert (found.payable_fen, found.refund_fen) == (NINE_HUNDRED, HALF)


def test_the_share_is_held_when_the_booking_is_made_and_kept_with_it(desk: Desk) -> None:
    voucher = desk.town.voucher()
    booking = desk.book(voucher.id)
    assert (booking.voucher_id, booking.voucher_fen) == (voucher.id, HALF)
    assert left(voucher.id) == Balances(1_000_000 - HALF, HALF, 0)
    assert booking.estimate["payable_fen"] == HALF
    assert any(line["binding"] for line in booking.estimate["calculation"])
    assert ledger.verify()["ok"]


def test_a_purpose_the_policy_excludes_is_refused_and_nothing_is_written(desk: Desk) -> None:
    voucher = desk.town.voucher()
    desk.session.commit()
    assert [reason.code for reason in desk.estimate(voucher.id, purpose="certification").reasons] == [
        "purpose-excluded"
    ]
    with pytest.raises(Invalid) as refused, desk.session.begin_nested():
        desk.book(voucher.id, purpose="certification")
    assert [problem.code for problem in refused.value.problems] == ["purpose-excluded"]
    for model in (Booking, Occupation, Hold):
        assert desk.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_vouchers_reasons_stand_beside_the_other_broken_rules(desk: Desk) -> None:
    voucher = desk.town.voucher()
    with pytest.raises(Invalid) as refused:
        desk.book(voucher.id, hours(-3, 0), purpose="certification")
    assert [problem.code for problem in refused.value.problems] == ["closed-hours", "purpose-excluded"]


def test_anothers_voucher_is_unknown(desk: Desk, session: Session) -> None:
    voucher = desk.town.voucher()
    other = places.member(session, places.organisation(session, "光学"), "researcher")
    with pytest.raises(Invalid) as refused:
        service.request(
            desk.machine_id, hours(0, 3), organisation_id=other.organisations()[0], voucher_id=voucher.id, purpose="rd",
            by=other, now=desk.now,
        )  # fmt: skip
    assert [problem.code for problem in refused.value.problems] == ["voucher-unknown"]


def test_money_that_ran_out_is_a_conflict(desk: Desk) -> None:
    voucher = desk.town.voucher(HALF)
    desk.book(voucher.id)
    with pytest.raises(NotEnough):
        desk.book(voucher.id, hours(4, 7))


@pytest.mark.parametrize("act", ["cancel", "revoke", "decline", "expire", "no-show"])
def test_the_share_goes_back_however_the_booking_ends(session: Session, now: datetime, act: str) -> None:
    desk = Desk(session, city(session, now))
    voucher = desk.town.voucher()
    rules = session.scalars(select(places.BookingRules).filter_by(instrument_id=desk.machine_id)).one()
    rules.approval = ApprovalMode.INSTANT if act in {"cancel", "revoke", "no-show"} else ApprovalMode.APPROVE_EACH
    booking = desk.book(voucher.id)
    later = booking.ends_at + timedelta(days=2)
    session.commit()
    acts = {
        "cancel": lambda: service.cancel(booking.id, by=desk.town.researcher, now=now),
        "revoke": lambda: service.cancel(booking.id, "故障", by=desk.manager, now=now),
        "decline": lambda: service.decline(booking.id, "故障", by=desk.manager, now=now),
        "expire": lambda: jobs.expire_pending(clock.today(later), later),
        "no-show": lambda: jobs.mark_no_shows(clock.today(later), later),
    }
    acts[act]()
    assert booking.state not in (BookingState.REQUESTED, BookingState.APPROVED)
    assert left(voucher.id) == Balances(1_000_000, 0, 0)
    assert session.scalars(select(Hold.state)).all() == [HoldState.RELEASED]
    assert ledger.verify()["ok"]


def test_a_moved_booking_holds_its_share_anew(desk: Desk) -> None:
    voucher = desk.town.voucher()
    booking = desk.book(voucher.id)
    moved = service.reschedule(booking.id, hours(24, 26), by=desk.town.researcher, now=desk.now)
    assert (moved.price_fen, moved.voucher_fen) == (60_000, 30_000)
    assert left(voucher.id) == Balances(1_000_000 - 30_000, 30_000, 0)
    assert ledger.verify()["ok"]
