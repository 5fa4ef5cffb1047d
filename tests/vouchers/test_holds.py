"""Voucher money set aside, drawn and released; every reason against it told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations.models import Relation, Standing
from equipment_cloud.vouchers import ledger, queries, service
from equipment_cloud.vouchers.models import HoldState, VoucherState
from equipment_cloud.vouchers.queries import Balances
from tests.factories.carriers import carrier
from tests.factories.occupancy import organisation
from tests.factories.vouchers import City, city, document


@pytest.fixture
def town(session: Session, now: datetime) -> City:
    return city(session, now)


def left(voucher: Any) -> Balances:
    return queries.balances([voucher.id])[voucher.id]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def is_clean() -> bool:
    return ledger.verify()["breaches"] == []


def test_a_hold_sets_the_share_aside_and_remembers_the_arithmetic(town: City) -> None:
    voucher = town.voucher(1_000_000)
    hold = town.hold(voucher, 100_000)
    assert hold.amount_fen == 50_000
    assert left(voucher) == Balances(950_000, 50_000, 0)
    assert hold.policy_version_id == town.version.id
    assert [line["code"] for line in hold.calculation if line["binding"]] == ["share"]
    assert is_clean()


def test_a_draw_takes_the_share_of_the_price_in_the_end_and_frees_the_rest(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher, 100_000)
    assert service.draw("booking:1", price_fen=80_000, by=town.researcher, now=town.now) == 40_000
    assert left(voucher) == Balances(960_000, 0, 40_000)
    year = queries.year_of(town.enterprise.id, town.version.policy_id, 2026)
    assert year is not None
    assert year.committed_fen == 40_000
    assert is_clean()


def test_a_draw_is_never_above_the_hold(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher, 100_000)
    assert service.draw("booking:1", price_fen=900_000, by=town.researcher, now=town.now) == 50_000
    assert is_clean()


def test_a_second_draw_changes_nothing(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher)
    first = service.draw("booking:1", price_fen=100_000, by=town.researcher, now=town.now)
    assert service.draw("booking:1", price_fen=20_000, by=town.researcher, now=town.now) == first
    assert left(voucher).drawn_fen == first


def test_a_free_service_in_the_end_releases_everything(town: City) -> None:
    voucher = town.voucher()
    hold = town.hold(voucher)
    assert service.draw("booking:1", price_fen=0, by=town.researcher, now=town.now) == 0
    assert hold.state is HoldState.RELEASED
    assert left(voucher) == Balances(1_000_000, 0, 0)
    assert is_clean()


def test_a_release_gives_everything_back_once(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher)
    assert service.release("booking:1", by=town.researcher, now=town.now) == 50_000
    assert service.release("booking:1", by=town.researcher, now=town.now) == 0
    assert left(voucher) == Balances(1_000_000, 0, 0)
    assert is_clean()


def test_what_was_never_held_neither_draws_nor_releases(town: City) -> None:
    assert service.draw("booking:404", price_fen=100, by=town.researcher, now=town.now) == 0
    assert service.release("booking:404", by=town.researcher, now=town.now) == 0


def test_a_thing_holds_once_and_again_after_a_release(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher)
    with pytest.raises(service.AlreadyHeld):
        town.hold(voucher)
    service.release("booking:1", by=town.researcher, now=town.now)
    assert town.hold(voucher).amount_fen == 50_000
    assert is_clean()


def test_the_last_of_a_voucher_covers_a_part_and_then_nothing_is_left(town: City) -> None:
    voucher = town.voucher(70_000)
    town.hold(voucher, 100_000, "booking:1")
    assert town.hold(voucher, 100_000, "booking:2").amount_fen == 20_000
    with pytest.raises(service.NotEnough) as refusal:
        town.hold(voucher, 100_000, "booking:3")
    assert codes(refusal) == {"not-enough"}
    assert refusal.value.status == 409
    assert is_clean()


def test_a_used_up_voucher_is_exhausted_and_revives_when_money_returns(town: City) -> None:
    voucher = town.voucher(50_000)
    town.hold(voucher)
    service.draw("booking:1", price_fen=100_000, by=town.researcher, now=town.now)
    assert voucher.state is VoucherState.EXHAUSTED
    service.approve_claim(7, voucher.id, 50_000, 30_000, by=town.approver, now=town.now)
    assert voucher.state is VoucherState.ISSUED
    assert left(voucher) == Balances(20_000, 0, 0)
    assert is_clean()


def test_every_reason_is_told_at_once(session: Session, now: datetime) -> None:
    town = city(session, now, provider_regions=["33"])
    voucher = town.voucher()
    service.freeze(voucher.id, "核查中", by=town.approver, now=now)
    town.enterprise.standing = Standing.REFUSED
    stranger = organisation(session, "外地机构", town_code="110000")
    session.flush()
    with pytest.raises(service.VoucherRefused) as refusal:
        town.hold(voucher, provider_id=stranger.id, purpose="certification", service_on=date(2027, 1, 5))
    assert codes(refusal) == {
        "voucher-state", "no-standing", "not-a-carrier", "provider-region", "purpose-excluded", "voucher-expired",
    }  # fmt: skip
    assert all(problem.remedy for problem in refusal.value.problems)
    assert left(voucher) == Balances(1_000_000, 0, 0)


def test_a_service_after_the_last_day_is_refused_as_expired(town: City) -> None:
    with pytest.raises(service.VoucherExpired) as refusal:
        town.hold(town.voucher(), service_on=date(2027, 1, 1))
    assert refusal.value.problem_code == "voucher-expired"


def test_an_enterprise_cannot_pay_itself(town: City) -> None:
    carrier(town.session, town.enterprise)
    with pytest.raises(service.VoucherRefused) as refusal:
        town.hold(town.voucher(), provider_id=town.enterprise.id)
    assert codes(refusal) == {"own-service"}


def test_related_parties_are_refused_where_the_policy_says_so(session: Session, now: datetime) -> None:
    town = city(session, now, related_parties_excluded=True)
    session.add(
        Relation(organisation_id=town.provider.id, other_id=town.enterprise.id, kind="shareholder", source="示例",
                 as_of=date(2026, 1, 1))
    )  # fmt: skip
    with pytest.raises(service.VoucherRefused) as refusal:
        town.hold(town.voucher())
    assert codes(refusal) == {"related-party"}


def test_only_listed_categories_of_a_carrier_on_its_dates_draw_vouchers(session: Session, now: datetime) -> None:
    town = city(session, now)
    voucher, other = town.voucher(), organisation(session, "新机构")
    carrier(session, other, categories=["testing"], valid_to=date(2026, 11, 29))
    for category, day in (("instrument_use", date(2026, 11, 28)), ("testing", date(2026, 11, 30))):
        with pytest.raises(service.VoucherRefused) as refusal:
            town.hold(voucher, provider_id=other.id, category=category, service_on=day)
        assert codes(refusal) == {"not-a-carrier"}
    assert town.hold(voucher, provider_id=other.id, category="testing", service_on=date(2026, 11, 29)).amount_fen


def test_an_unconfirmed_or_suspended_carrier_draws_nothing(session: Session, now: datetime) -> None:
    town = city(session, now)
    voucher = town.voucher()
    for fields in ({"confirmed_by": None, "confirmed_at": None}, {"suspended_from": date(2026, 11, 30)}):
        other = organisation(session, f"机构{len(fields)}")
        carrier(session, other, **fields)
        with pytest.raises(service.VoucherRefused):
            town.hold(voucher, provider_id=other.id)


def test_the_yearly_cap_counts_the_year_of_the_service(session: Session, now: datetime) -> None:
    town = city(session, now, per_enterprise_year_cap_fen=70_000, validity={"months": 6})
    voucher = town.voucher(70_000)
    other = town.voucher(70_000)
    assert town.hold(voucher, 100_000, "booking:1").amount_fen == 50_000
    assert town.hold(other, 100_000, "booking:2").amount_fen == 20_000
    with pytest.raises(service.NotEnough) as refusal:
        town.hold(other, 100_000, "booking:3")
    assert codes(refusal) == {"year-cap-reached"}
    assert town.hold(other, 100_000, "booking:4", service_on=date(2027, 1, 4)).amount_fen == 50_000
    assert is_clean()


def test_a_lower_cap_of_a_later_version_leaves_no_room_but_breaks_nothing(session: Session, now: datetime) -> None:
    town = city(session, now, per_enterprise_year_cap_fen=500_000)
    voucher = town.voucher(500_000)
    town.hold(voucher, 200_000)
    later = document(version=2, valid_from="2026-11-23", per_enterprise_year_cap_fen=60_000, transition="order")
    service.publish_document(later, by=town.keeper, now=now)
    with pytest.raises(service.NotEnough):
        town.hold(voucher, 100_000, "booking:2")
    service.release("booking:1", by=town.researcher, now=now)
    assert town.hold(voucher, 900_000, "booking:3").amount_fen == 60_000
    assert is_clean()


def test_the_version_that_governed_the_hold_governs_the_draw(session: Session, now: datetime) -> None:
    town = city(session, now)
    voucher = town.voucher()
    old = town.hold(voucher, 100_000, "booking:1")
    quarter = [{"up_to_fen": None, "rate_bp": 2_500}]
    newer = service.publish_document(
        document(version=2, valid_from="2026-11-24", tiers=quarter, transition="order"), by=town.keeper, now=now
    )
    new = town.hold(voucher, 100_000, "booking:2", now=now + timedelta(days=1))
    assert (old.policy_version_id, new.policy_version_id) == (town.version.id, newer.id)
    assert new.amount_fen == 25_000
    assert service.draw("booking:1", price_fen=100_000, by=town.researcher, now=now) == 50_000


def test_what_returns_to_an_expired_voucher_goes_to_the_pool(town: City) -> None:
    voucher = town.voucher(100_000)
    town.hold(voucher, 100_000)
    later = town.now + timedelta(days=60)
    service.expire_due(date(2027, 1, 1), later)
    town.session.refresh(voucher)
    assert voucher.state is VoucherState.EXPIRED
    assert left(voucher) == Balances(0, 50_000, 0)
    assert service.draw("booking:1", price_fen=60_000, by=town.researcher, now=later) == 30_000
    figures = queries.pool_figures([town.pool.id])[town.pool.id]
    assert (figures.free_fen, figures.drawn_fen) == (9_970_000, 30_000)
    assert is_clean()


def test_a_frozen_voucher_still_draws_and_releases_what_it_held(town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher, 100_000, "booking:1")
    town.hold(voucher, 100_000, "booking:2")
    service.freeze(voucher.id, "核查", by=town.approver, now=town.now)
    assert service.draw("booking:1", price_fen=100_000, by=town.researcher, now=town.now) == 50_000
    assert service.release("booking:2", by=town.researcher, now=town.now) == 50_000
    assert voucher.state is VoucherState.FROZEN
    assert is_clean()


def test_an_estimate_says_what_the_hold_will_do(town: City) -> None:
    voucher = town.voucher(30_000)
    asked = (town.enterprise.id, town.provider.id, "instrument_use", "rd", 100_000, date(2026, 11, 30))
    estimated = queries.estimate(voucher, *asked)
    assert estimated.amount_fen == town.hold(voucher, 100_000).amount_fen == 30_000
    assert estimated.settlement_model == "institution"


def test_a_visitor_is_told_what_the_policy_would_pay_at_most(town: City) -> None:
    found = queries.estimate(None, None, town.provider.id, "instrument_use", "rd", 100_000, date(2026, 11, 30))
    assert (found.amount_fen, found.reasons, found.policy_version_id) == (50_000, [], town.version.id)


def test_without_a_policy_in_force_nothing_is_estimated(town: City) -> None:
    found = queries.estimate(None, None, town.provider.id, "instrument_use", "rd", 100_000, date(2025, 12, 31))
    assert [reason.code for reason in found.reasons] == ["no-policy"]


def test_a_provider_of_unknown_town_is_refused_where_the_region_decides(session: Session, now: datetime) -> None:
    town = city(session, now, provider_regions=["33"])
    town.provider.town_code = None
    session.flush()
    with pytest.raises(service.VoucherRefused) as refusal:
        town.hold(town.voucher())
    assert codes(refusal) == {"region-unknown"}
    town.provider.credit_code = "12330281MB00000000"
    session.flush()
    assert town.hold(town.voucher(), reference="booking:9").amount_fen == 50_000


@pytest.mark.parametrize("model", ["enterprise", "institution"])
def test_both_settlement_models_hold_and_draw_alike(session: Session, now: datetime, model: str) -> None:
    town = city(session, now, settlement_model=model)
    voucher = town.voucher()
    town.hold(voucher)
    assert service.draw("booking:1", price_fen=100_000, by=town.researcher, now=now) == 50_000
    usable = queries.usable_vouchers(town.enterprise.id, date(2026, 11, 30))
    assert [each.settlement_model for each in usable] == [model]
    assert replace(usable[0]).available_fen == 950_000
