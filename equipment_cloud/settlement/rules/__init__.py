"""Pure rules of settlement: states, checks of a claim, its amount, periods of batches, results of payments."""

from __future__ import annotations

from equipment_cloud.settlement.rules.amount import Amount, plan_amount
from equipment_cloud.settlement.rules.case import (
    AccountFact,
    ClaimCase,
    ContractFact,
    InvoiceFact,
    PartyFact,
    PaymentFact,
    ReportFact,
    ServiceFact,
    VoucherFact,
)
from equipment_cloud.settlement.rules.checklist import DEFECTS, Item, checklist, defects_from
from equipment_cloud.settlement.rules.checks import problems_with_claim
from equipment_cloud.settlement.rules.findings import Found, remedy_of
from equipment_cloud.settlement.rules.periods import last_period
from equipment_cloud.settlement.rules.results import LineFact, ResultRow, RowProblem, Verdict, judge, rows_of_table
from equipment_cloud.settlement.rules.states import (
    CLAIM_MOVES,
    DEFAULT_STEPS,
    LIVE,
    STEP_WORDS,
    BatchState,
    ClaimState,
    Level,
    LineState,
    PaperKind,
    Stage,
)

__all__ = [
    "CLAIM_MOVES",
    "DEFAULT_STEPS",
    "DEFECTS",
    "LIVE",
    "STEP_WORDS",
    "AccountFact",
    "Amount",
    "BatchState",
    "ClaimCase",
    "ClaimState",
    "ContractFact",
    "Found",
    "InvoiceFact",
    "Item",
    "Level",
    "LineFact",
    "LineState",
    "PaperKind",
    "PartyFact",
    "PaymentFact",
    "ReportFact",
    "ResultRow",
    "RowProblem",
    "ServiceFact",
    "Stage",
    "Verdict",
    "VoucherFact",
    "checklist",
    "defects_from",
    "judge",
    "last_period",
    "plan_amount",
    "problems_with_claim",
    "remedy_of",
    "rows_of_table",
]
