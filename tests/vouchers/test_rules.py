"""The arithmetic of subsidies: worked examples, a neighbour's real rules, and what must hold for any policy."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel.errors import WrongState
from equipment_cloud.kernel.states import move
from equipment_cloud.vouchers.rules import (
    MOVES,
    Candidate,
    PolicyTerms,
    Subsidy,
    SubsidyCase,
    Tier,
    VoucherState,
    expires_on,
    governing,
    plan_draw,
    plan_subsidy,
    problems_with_application,
    problems_with_terms,
    redeem_by,
    state_for_balances,
    terms_of,
)
from equipment_cloud.vouchers.rules.terms import RegionRate
from tests.factories.vouchers import YUHUAN, document

HALF = terms_of(document())
YUAN = 100


def case(price_fen: int = 400_000, **changes: object) -> SubsidyCase:
    values: dict[str, object] = {"price_fen": price_fen, "category": "instrument_use", "purpose": "rd"}
    return SubsidyCase(**(values | changes))  # type: ignore[arg-type]


def limits(subsidy: Subsidy) -> dict[str, int]:
    return {line["code"]: line["limit_fen"] for line in subsidy.calculation if line["limit_fen"] is not None}


def binding(subsidy: Subsidy) -> list[str]:
    return [line["code"] for line in subsidy.calculation if line["binding"]]


def codes(subsidy: Subsidy) -> set[str]:
    return {reason.code for reason in subsidy.reasons}


@pytest.mark.parametrize(("price", "by_rate"), [(8_000, 8_000), (30_000, 20_000), (60_000, 35_000)])
def test_the_neighbours_tiers_cover_ten_thousand_in_full_and_half_of_the_rest(price: int, by_rate: int) -> None:
    subsidy = plan_subsidy(terms_of(YUHUAN), case(price * YUAN))
    share = next(line for line in subsidy.calculation if line["code"] == "share")
    assert share["amount_fen"] == by_rate * YUAN


@pytest.mark.parametrize(("price", "amount"), [(8_000, 8_000), (30_000, 20_000), (60_000, 20_000)])
def test_the_neighbours_cap_for_one_claim_is_twenty_thousand(price: int, amount: int) -> None:
    assert plan_subsidy(terms_of(YUHUAN), case(price * YUAN)).amount_fen == amount * YUAN


def test_the_neighbours_published_figures_stand_in_the_same_shape(corpus: Path) -> None:
    path = corpus / "voucher" / "yuhuan-2023-rules.json"
    if not path.exists():
        pytest.skip("the corpus has no voucher/yuhuan-2023-rules.json")
    published, terms = json.loads(path.read_text(encoding="utf-8")), terms_of(YUHUAN)
    assert terms.per_claim_cap_fen == published["single_claim_limit_cny"] * YUAN
    assert terms.max_held_fen == published["max_held_cny"] * YUAN
    assert terms.per_enterprise_year_cap_fen == published["annual_claim_limit_cny"] * YUAN
    assert terms.tiers[0] == Tier(published["full_offset_up_to_cny"] * YUAN, 10_000)
    assert terms.tiers[1] == Tier(None, int(published["offset_ratio_above"] * 10_000))
    assert terms.validity_months == published["validity_months"]
    assert terms.sample_rate_bp == int(published["spot_check_min_ratio_per_year"] * 10_000)


def test_the_neighbours_yearly_and_held_limits_bind_when_little_is_left() -> None:
    terms = terms_of(YUHUAN)
    assert binding(plan_subsidy(terms, case(3_000_000, year_committed_fen=9_400_000))) == ["year-cap"]
    assert plan_subsidy(terms, case(3_000_000, year_committed_fen=9_400_000)).amount_fen == 600_000
    assert plan_subsidy(terms, case(3_000_000, held_fen=4_500_000)).amount_fen == 500_000


def test_each_limit_stands_with_its_value_and_one_of_them_binds() -> None:
    terms = terms_of(document(per_claim_cap_fen=300_000, per_enterprise_year_cap_fen=1_000_000))
    subsidy = plan_subsidy(terms, case(500_000, year_committed_fen=840_000, available_fen=200_000))
    assert limits(subsidy) == {"share": 250_000, "claim-cap": 300_000, "year-cap": 160_000, "available": 200_000}
    assert binding(subsidy) == ["year-cap"]
    assert subsidy.amount_fen == 160_000


def test_the_first_of_equal_limits_binds() -> None:
    subsidy = plan_subsidy(terms_of(document(per_claim_cap_fen=200_000)), case(400_000, available_fen=200_000))
    assert binding(subsidy) == ["share"]


def test_amounts_are_cut_down_to_the_unit() -> None:
    assert plan_subsidy(HALF, case(33_333)).amount_fen == 16_600


def test_a_line_names_the_clause_it_rests_on() -> None:
    tier = next(line for line in plan_subsidy(HALF, case()).calculation if line["code"] == "tier-1")
    assert tier["clause"] == "第一条"


def test_the_longest_matching_region_has_its_own_rate() -> None:
    terms = PolicyTerms(
        settlement_model="institution", tiers=(Tier(None, 1_000),),
        region_rates=(RegionRate("33", 3_000), RegionRate("330281", 5_000)),
    )  # fmt: skip
    rates = {region: plan_subsidy(terms, case(100_000, provider_region=region)).amount_fen for region in
             ("330281001", "330201", "440300", None)}  # fmt: skip
    assert rates == {"330281001": 50_000, "330201": 30_000, "440300": 10_000, None: 10_000}


def test_every_reason_is_told_at_once_and_the_amount_is_nothing() -> None:
    terms = terms_of(document(categories_excluded=["testing"], related_parties_excluded=True, provider_regions=["33"]))
    subsidy = plan_subsidy(
        terms,
        case(
            purpose="certification", category="testing", is_own_service=True, is_related=True, provider_region="110000",
            service_on=date(2027, 1, 1), expires_on=date(2026, 12, 31), available_fen=0,
        ),
    )  # fmt: skip
    assert codes(subsidy) == {
        "purpose-excluded", "category-excluded", "own-service", "related-party", "provider-region", "voucher-expired",
        "not-enough",
    }  # fmt: skip
    assert subsidy.amount_fen == 0
    assert all(reason.remedy for reason in subsidy.reasons)


def test_a_category_that_is_not_on_the_list_is_refused() -> None:
    terms = terms_of(document(categories_allowed=["testing"]))
    assert codes(plan_subsidy(terms, case())) == {"category-excluded"}


def test_services_before_the_issue_are_not_supported_and_the_last_day_is_inclusive() -> None:
    dates = {"valid_from": date(2026, 6, 1), "expires_on": date(2026, 12, 31)}
    assert codes(plan_subsidy(HALF, case(service_on=date(2026, 5, 31), **dates))) == {"before-issue"}
    assert plan_subsidy(HALF, case(service_on=date(2026, 12, 31), **dates)).is_eligible
    assert plan_subsidy(HALF, case(service_on=date(2026, 6, 1), **dates)).is_eligible


def test_both_an_empty_voucher_and_a_used_up_year_are_told() -> None:
    terms = terms_of(document(per_enterprise_year_cap_fen=500_000))
    spent = plan_subsidy(terms, case(available_fen=0, year_committed_fen=500_000))
    assert codes(spent) == {"not-enough", "year-cap-reached"}


def test_a_share_below_the_unit_is_too_small() -> None:
    assert codes(plan_subsidy(HALF, case(150))) == {"too-small"}


def test_nothing_to_pay_is_nothing_to_subsidise() -> None:
    assert codes(plan_subsidy(HALF, case(0))) == {"no-price"}


def test_a_draw_follows_the_price_in_the_end_but_never_passes_the_hold() -> None:
    assert plan_draw(HALF, case(60_000), held_fen=50_000) == 30_000
    assert plan_draw(HALF, case(900_000), held_fen=50_000) == 50_000
    assert plan_draw(HALF, case(0), held_fen=50_000) == 0
    assert plan_draw(terms_of(document(per_claim_cap_fen=20_000)), case(90_000), held_fen=50_000) == 20_000


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [("2026-11-23", 3, "2027-02-23"), ("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"),
     ("2026-01-31", 1, "2026-02-28"), ("2026-12-31", 12, "2027-12-31")],
)  # fmt: skip
def test_months_end_on_the_corresponding_day(issued: str, months: int, last: str) -> None:
    terms = terms_of(document(validity={"months": months}))
    assert expires_on(terms, date.fromisoformat(issued)) == date.fromisoformat(last)


def test_a_voucher_of_the_year_ends_with_it_and_is_claimed_a_month_later() -> None:
    last = expires_on(HALF, date(2026, 3, 1))
    assert (last, redeem_by(HALF, last)) == (date(2026, 12, 31), date(2027, 1, 31))


def test_an_application_is_told_everything_that_is_wrong_with_it() -> None:
    terms = terms_of(document(per_enterprise_year_cap_fen=100_000, max_held_fen=150_000))
    found = problems_with_application(terms, requested_fen=120_050, outstanding_fen=50_000)
    assert {problem.code for problem in found} == {"unit", "year-cap", "max-held"}
    assert [p.code for p in problems_with_application(HALF, requested_fen=0, outstanding_fen=0)] == ["amount"]
    assert problems_with_application(terms, requested_fen=100_000, outstanding_fen=50_000) == []


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ([10, 20], "tiers-open"),
        ([None, None], "tiers-open"),
        ([20, 10, None], "tiers-order"),
        ([10, 10, None], "tiers-order"),
    ],
)
def test_tiers_must_rise_and_the_last_be_open(bounds: list[int | None], code: str) -> None:
    terms = PolicyTerms("institution", tuple(Tier(bound, 5_000) for bound in bounds))
    assert [problem.code for problem in problems_with_terms(terms)] == [code]


@pytest.mark.parametrize(
    ("transition", "ordered", "service", "expected"),
    [("issue", "2026-12-01", "2026-12-01", 1), ("filing", "2026-12-01", "2026-12-01", 1),
     ("order", "2026-06-30", "2026-12-01", 1), ("order", "2026-07-01", "2026-12-01", 2),
     ("service", "2026-06-01", "2026-06-30", 1), ("service", "2026-06-01", "2026-07-01", 2)],
)  # fmt: skip
def test_a_new_version_reaches_older_vouchers_as_its_transition_says(
    transition: str, ordered: str, service: str, expected: int
) -> None:
    versions = [Candidate(1, 1, date(2026, 1, 1), "issue"), Candidate(2, 2, date(2026, 7, 1), transition)]
    found = governing(
        versions, own_id=1, ordered_on=date.fromisoformat(ordered), service_on=date.fromisoformat(service)
    )
    assert found == expected


def test_an_older_version_never_takes_over_a_newer_voucher() -> None:
    versions = [Candidate(1, 1, date(2026, 1, 1), "service"), Candidate(2, 2, date(2026, 7, 1), "issue")]
    assert governing(versions, own_id=2, ordered_on=date(2026, 8, 1), service_on=date(2026, 8, 1)) == 2


def test_a_voucher_is_exhausted_when_nothing_is_left_and_issued_when_money_returns() -> None:
    assert state_for_balances(VoucherState.ISSUED, available_fen=0, held_fen=0) is VoucherState.EXHAUSTED
    assert state_for_balances(VoucherState.ISSUED, available_fen=0, held_fen=1) is VoucherState.ISSUED
    assert state_for_balances(VoucherState.EXHAUSTED, available_fen=1, held_fen=0) is VoucherState.ISSUED
    assert state_for_balances(VoucherState.FROZEN, available_fen=0, held_fen=0) is VoucherState.FROZEN


def test_nothing_leads_out_of_an_end_state() -> None:
    for end in (VoucherState.EXPIRED, VoucherState.RETURNED, VoucherState.REFUSED):
        with pytest.raises(WrongState):
            move(MOVES, end, VoucherState.ISSUED)


money = st.integers(0, 10**12)
caps = st.none() | st.integers(1, 10**12)


@st.composite
def any_terms(draw: st.DrawFn) -> PolicyTerms:
    bounds = sorted(draw(st.sets(st.integers(1, 10**10), max_size=4)))
    rates = draw(st.lists(st.integers(0, 10_000), min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    return PolicyTerms(
        settlement_model=draw(st.sampled_from(["enterprise", "institution"])),
        tiers=tuple(Tier(bound, rate) for bound, rate in zip([*bounds, None], rates, strict=True)),
        unit_fen=draw(st.sampled_from([1, 100, 10_000])), per_claim_cap_fen=draw(caps),
        per_enterprise_year_cap_fen=draw(caps), max_held_fen=draw(caps),
    )  # fmt: skip


@st.composite
def any_case(draw: st.DrawFn) -> SubsidyCase:
    return case(
        draw(money),
        available_fen=draw(st.none() | money),
        year_committed_fen=draw(money),
        held_fen=draw(st.none() | money),
    )


@given(any_terms(), any_case())
def test_no_subsidy_is_above_a_limit_the_price_or_below_nothing(terms: PolicyTerms, of: SubsidyCase) -> None:
    subsidy = plan_subsidy(terms, of)
    assert 0 <= subsidy.amount_fen <= of.price_fen
    assert all(subsidy.amount_fen <= limit for limit in limits(subsidy).values())
    assert subsidy.amount_fen % terms.unit_fen == 0
    assert len(binding(subsidy)) == 1
    assert (subsidy.amount_fen > 0) == subsidy.is_eligible


@given(any_terms(), any_case(), st.integers(0, 10**10))
def test_a_higher_price_never_lowers_the_subsidy(terms: PolicyTerms, of: SubsidyCase, more: int) -> None:
    dearer = case(
        of.price_fen + more,
        available_fen=of.available_fen,
        year_committed_fen=of.year_committed_fen,
        held_fen=of.held_fen,
    )
    assert plan_subsidy(terms, of).amount_fen <= plan_subsidy(terms, dearer).amount_fen


@given(any_terms(), any_case())
def test_the_same_case_has_the_same_answer(terms: PolicyTerms, of: SubsidyCase) -> None:
    assert plan_subsidy(terms, of) == plan_subsidy(terms, of)


@given(any_terms(), any_case(), money)
def test_a_draw_is_never_above_hold_price_or_cap(terms: PolicyTerms, of: SubsidyCase, held: int) -> None:
    drawn = plan_draw(terms, of, held_fen=held)
    assert 0 <= drawn <= min(held, of.price_fen, terms.per_claim_cap_fen or held)
