"""Roles, size classes, names and accounts: pure decisions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel.errors import Problem
from equipment_cloud.kernel.money import FEN_PER_WAN
from equipment_cloud.organisations import rules
from equipment_cloud.organisations.rules import CheckState, Kind, Role, SizeClass

ORDER = [SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM, SizeClass.LARGE]


def size(industry: str, *, staff: int = 0, revenue_wan: float = 0, assets_wan: float = 0) -> SizeClass:
    return rules.size_class(
        industry,
        staff=staff,
        revenue_fen=int(revenue_wan * FEN_PER_WAN),
        assets_fen=int(assets_wan * FEN_PER_WAN),
    )


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("industry", "staff", "revenue_wan", "expected"),
    [
        ("industry", 1000, 40000, SizeClass.LARGE),
        ("industry", 1000, 39999, SizeClass.MEDIUM),
        ("industry", 299, 50000, SizeClass.SMALL),
        ("industry", 20, 299, SizeClass.MICRO),
        ("industry", 20, 300, SizeClass.SMALL),
        ("industry", 19, 299_999, SizeClass.MICRO),
        ("software", 10, 50, SizeClass.SMALL),
        ("software", 9, 50, SizeClass.MICRO),
        ("other", 99, 0, SizeClass.SMALL),
        ("other", 100, 0, SizeClass.MEDIUM),
        ("other", 9, 10**6, SizeClass.MICRO),
    ],
)
def test_size_is_a_cascade_on_lower_limits(industry: str, staff: int, revenue_wan: int, expected: SizeClass) -> None:
    assert size(industry, staff=staff, revenue_wan=revenue_wan) is expected


def test_industries_without_a_staff_limit_look_at_money_alone() -> None:
    assert size("construction", revenue_wan=80000, assets_wan=80000) is SizeClass.LARGE
    assert size("construction", revenue_wan=80000, assets_wan=79999) is SizeClass.MEDIUM
    assert size("leasing", staff=300, assets_wan=119_999) is SizeClass.MEDIUM


def test_a_fen_below_the_limit_is_below_the_limit() -> None:
    args = {"staff": 300, "assets_fen": 0}
    assert rules.size_class("industry", revenue_fen=2000 * FEN_PER_WAN, **args) is SizeClass.MEDIUM
    assert rules.size_class("industry", revenue_fen=2000 * FEN_PER_WAN - 1, **args) is SizeClass.SMALL


@given(
    st.sampled_from(sorted(rules.LIMITS)),
    st.tuples(st.integers(0, 3000), st.integers(0, 10**6), st.integers(0, 10**6)),
    st.tuples(st.integers(0, 500), st.integers(0, 10**5)),
)
def test_growing_never_makes_a_firm_smaller(
    industry: str, figures: tuple[int, int, int], growth: tuple[int, int]
) -> None:
    (staff, revenue, assets), (more_staff, more_money) = figures, growth
    before = size(industry, staff=staff, revenue_wan=revenue, assets_wan=assets)
    after = size(industry, staff=staff + more_staff, revenue_wan=revenue + more_money, assets_wan=assets + more_money)
    assert ORDER.index(after) >= ORDER.index(before)


def test_every_section_has_a_line_of_the_notice() -> None:
    assert {rules.default_industry(letter) for letter in "ABCDEFGHIJKLMNOPQRST"} <= set(rules.LIMITS)
    assert (rules.default_industry("C"), rules.default_industry("M"), rules.default_industry(None)) == (
        "industry", "other", "other",
    )  # fmt: skip


def test_a_years_figures_are_checked_all_at_once() -> None:
    found = rules.problems_with_profile(
        2026, industry="magic", staff=-1, revenue_fen=10**40, assets_fen=-5, this_year=2026
    )
    assert codes(found) == ["year", "industry", "staff", "revenue", "assets"]


def test_each_kind_of_organisation_gives_its_own_roles() -> None:
    assert rules.roles_of(Kind.ENTERPRISE, is_user=True, is_provider=False) == rules.ENTERPRISE_ROLES
    assert set(rules.roles_of(Kind.ENTERPRISE, is_user=True, is_provider=True)) == {
        *rules.ENTERPRISE_ROLES, *rules.PROVIDER_ROLES,
    }  # fmt: skip
    assert set(rules.roles_of(Kind.INSTITUTION, is_user=True, is_provider=True)) == {
        *rules.PROVIDER_ROLES, Role.RESEARCHER,
    }  # fmt: skip
    assert rules.roles_of(Kind.UMBRELLA, is_user=False, is_provider=True) == rules.PROVIDER_ROLES
    assert rules.roles_of(Kind.BUREAU, is_user=False, is_provider=False) == rules.BUREAU_ROLES


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("reviewer", "policy"),
        ("policy", "approver"),
        ("admin", "treasurer"),
        ("reviewer", "admin"),
        ("leader", "auditor"),
    ],
)
def test_powers_that_check_each_other_are_not_joined(role: str, held: str) -> None:
    found = rules.problems_with_grant(role, None, allowed=rules.BUREAU_ROLES, held=[held], is_self=False)
    assert codes(found) == ["role-clash"]


def test_reviewer_and_approver_may_be_one_persons_roles_on_different_claims() -> None:
    assert rules.problems_with_grant(
        "approver", None, allowed=rules.BUREAU_ROLES, held=["reviewer"], is_self=False
    ) == []  # fmt: skip


def test_nobody_gives_themselves_a_role_and_a_liaison_needs_a_township() -> None:
    found = rules.problems_with_grant("township", None, allowed=rules.BUREAU_ROLES, held=[], is_self=True)
    assert codes(found) == ["role-self", "scope-missing"]
    assert codes(rules.problems_with_grant("king", None, allowed=rules.BUREAU_ROLES, held=[], is_self=False)) == [
        "role-unknown"
    ]


def test_an_identity_is_checked_all_at_once() -> None:
    found = rules.problems_with_identity(
        "\0", name_en=None, credit_code="91330281MA2TEST121", town_is_known=False, code_needed=True
    )
    assert codes(found) == ["name", "credit-code-form", "town-unknown"]
    found = rules.problems_with_identity("示例", name_en=None, credit_code=None, town_is_known=True, code_needed=True)
    assert codes(found) == ["credit-code-missing"]


def test_names_follow_each_other_and_never_the_future() -> None:
    today, last = date(2026, 11, 23), date(2026, 1, 5)
    assert rules.problems_with_new_name("新名", today, last_change=last, today=today) == []
    assert codes(rules.problems_with_new_name("新名", last, last_change=last, today=today)) == ["out-of-order"]
    assert codes(rules.problems_with_new_name("新名", date(2026, 11, 24), last_change=last, today=today)) == ["future"]


def test_what_stands_against_vouchers_is_said_with_remedies() -> None:
    found = rules.problems_with_standing(Kind.ENTERPRISE, is_user=True, code_check=None, town_code=None)
    assert codes(found) == ["credit-code-missing", "town-missing"]
    assert all(problem.remedy for problem in found)
    assert codes(
        rules.problems_with_standing(Kind.ENTERPRISE, is_user=True, code_check=CheckState.FAILED, town_code="330281004")
    ) == ["check-digit"]
    for state in (CheckState.PASSED, CheckState.OVERRIDDEN):
        assert rules.problems_with_standing(Kind.ENTERPRISE, is_user=True, code_check=state, town_code="x") == []


@pytest.mark.parametrize(("one", "other"), [("示例（余姚）公司", "示例(余姚)公司"), ("示例 公司", "示例公司")])
def test_brackets_and_blanks_do_not_make_another_name(one: str, other: str) -> None:
    assert rules.same_name(one, other)


def test_an_account_is_checked_all_at_once() -> None:
    found = rules.problems_with_bank_account("别人", "12 34", "", "123", organisation_name="示例公司")
    assert codes(found) == ["account-name", "account-number", "bank-name", "cnaps"]
    assert (
        rules.problems_with_bank_account("示例公司", "6228480000000001", "余姚支行", None, organisation_name="示例公司")
        == []
    )
