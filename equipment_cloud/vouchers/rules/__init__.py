"""Pure rules of vouchers: policy terms, the arithmetic of a subsidy, dates, states and the acts of the ledger."""

from __future__ import annotations

from equipment_cloud.vouchers.rules.acts import Act, accounts_of
from equipment_cloud.vouchers.rules.applying import problems_with_application
from equipment_cloud.vouchers.rules.dates import expires_on, redeem_by
from equipment_cloud.vouchers.rules.states import (
    MOVES,
    AccountKind,
    HoldState,
    VersionState,
    VoucherState,
    is_spendable,
    state_for_balances,
)
from equipment_cloud.vouchers.rules.subsidy import Subsidy, SubsidyCase, plan_draw, plan_subsidy
from equipment_cloud.vouchers.rules.terms import PolicyTerms, Tier, problems_with_terms, terms_of
from equipment_cloud.vouchers.rules.transition import Candidate, governing

__all__ = [
    "MOVES",
    "AccountKind",
    "Act",
    "Candidate",
    "HoldState",
    "PolicyTerms",
    "Subsidy",
    "SubsidyCase",
    "Tier",
    "VersionState",
    "VoucherState",
    "accounts_of",
    "expires_on",
    "governing",
    "is_spendable",
    "plan_draw",
    "plan_subsidy",
    "problems_with_application",
    "problems_with_terms",
    "redeem_by",
    "state_for_balances",
    "terms_of",
]
