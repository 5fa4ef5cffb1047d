"""Each check of a claim blocks or warns for its own reason; periods and results are read as offices write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.settlement.rules import (
    AccountFact,
    ClaimCase,
    ContractFact,
    InvoiceFact,
    LineFact,
    LineState,
    PartyFact,
    PaymentFact,
    ReportFact,
    ResultRow,
    RowProblem,
    ServiceFact,
    Verdict,
    VoucherFact,
    checklist,
    defects_from,
    judge,
    last_period,
    plan_amount,
    problems_with_claim,
    rows_of_table,
)
from equipment_cloud.vouchers.rules import PolicyTerms, Tier

TERMS = PolicyTerms(settlement_model="institution", tiers=(Tier(None, 5000),), unit_fen=100)
SERVICE = ServiceFact(
    usage_id=7, number="U2026-000007", is_confirmed=True, began_on=date(2026, 11, 24), ended_on=date(2026, 11, 24),
    minutes=180, is_typed=False, category="instrument_use", purpose="rd", price_fen=90_000, drawn_fen=45_000,
)  # fmt: skip
INVOICE = InvoiceFact(
    id=3, number="26330000000000000003", status="normal", issued_on=date(2026, 11, 25), buyer_code="BUYER",
    seller_code="SELLER", expected_buyer="BUYER", expected_seller="SELLER", total_fen=90_000, net_fen=84_906,
    allocated_fen=90_000, used_fen=90_000,
)  # fmt: skip
PAYMENT = PaymentFact(
    id=5, slip_number="HD1", paid_on=date(2026, 11, 25), payer_name="示例塑业", payee_name="示例检测中心",
    expected_payer="示例塑业", expected_payee="示例检测中心", used_fen=45_000,
)  # fmt: skip
CASE = ClaimCase(
    today=date(2026, 11, 28),
    filed_on=date(2026, 11, 28),
    terms=TERMS,
    applicant=PartyFact(1, "示例塑业", "0574-1", "示例路1号", "330281004"),
    provider=PartyFact(2, "示例检测中心", "0574-2", "示例路2号", "330281002"),
    payee_name="示例检测中心",
    voucher=VoucherFact(date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 31)),
    services=(SERVICE,),
    contracts=(ContractFact("HT-1", date(2026, 11, 20), 500_000),),
    invoices=(INVOICE,),
    payments=(PAYMENT,),
    reports=(ReportFact("a" * 64, "BG-1"),),
    account=AccountFact("示例检测中心", date(2026, 3, 1)),
    declared_no_other_subsidy=True,
)


def found(**changes: Any) -> dict[str, str]:
    return {finding.code: finding.level.value for finding in problems_with_claim(replace(CASE, **changes))}


def service(**changes: Any) -> dict[str, Any]:
    return {"services": (replace(SERVICE, **changes),)}


def invoice(**changes: Any) -> dict[str, Any]:
    return {"invoices": (replace(INVOICE, **changes),)}


def test_a_complete_claim_has_no_findings() -> None:
    assert found() == {}
    assert {item.state for item in checklist([])} == {"present"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("no-service", {"services": ()}),
        ("not-confirmed", service(is_confirmed=False)),
        ("usage-twice", service(other_claim="C2026-0001")),
        ("before-issue", service(began_on=date(2026, 10, 31))),
        ("after-expiry", service(began_on=date(2027, 1, 1))),
        ("purpose-excluded", {"terms": replace(TERMS, purposes_excluded=frozenset({"rd"}))}),
        ("category-excluded", {"terms": replace(TERMS, categories_excluded=frozenset({"instrument_use"}))}),
        ("category-excluded", {"terms": replace(TERMS, categories_allowed=frozenset({"testing"}))}),
        ("not-listed", service(is_listed=False)),
        ("no-contract", {"contracts": ()}),
        ("no-invoice", {"invoices": ()}),
        ("invoice-status", invoice(status="red")),
        ("invoice-status", invoice(status="void")),
        ("buyer", invoice(buyer_code="OTHER")),
        ("seller", invoice(seller_code="OTHER")),
        ("seller", invoice(expected_seller=None)),
        ("over-allocated", invoice(allocated_fen=90_001)),
        ("invoice-late", invoice(issued_on=date(2027, 2, 1))),
        ("payment-short", {"payments": ()}),
        ("payment-short", {"payments": (replace(PAYMENT, used_fen=44_999),)}),
        ("report-twice", {"reports": (ReportFact("a" * 64, None, "C2026-0001"),)}),
        ("too-late", {"filed_on": date(2027, 2, 1)}),
        ("voucher-frozen", {"voucher": replace(CASE.voucher, is_frozen=True)}),
        ("nothing", service(drawn_fen=0)),
        ("other-subsidy", {"declared_no_other_subsidy": False}),
        ("own-service", {"provider": CASE.applicant}),
        ("related-excluded", {"is_related": True, "terms": replace(TERMS, related_parties_excluded=True)}),
    ],
)
def test_this_stops_a_claim(code: str, changes: dict[str, Any]) -> None:
    assert found(**changes)[code] == "block"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("round-hours", service(is_typed=True)),
        ("contract-late", {"contracts": (ContractFact("HT-1", date(2026, 11, 25), 500_000),)}),
        ("invoice-early", invoice(issued_on=date(2026, 11, 23))),
        ("price-differs", invoice(used_fen=80_000)),
        ("above-contract", {"contracts": (ContractFact("HT-1", date(2026, 11, 20), 80_000),)}),
        ("payer", {"payments": (replace(PAYMENT, payer_name="王某"),)}),
        ("payee", {"payments": (replace(PAYMENT, payee_name="示例检测二所"),)}),
        ("no-report", {"reports": ()}),
        ("account-missing", {"account": None}),
        ("account-new", {"account": AccountFact("示例检测中心", date(2026, 11, 20))}),
        ("account-name", {"account": AccountFact("示例检测中心工会", date(2026, 3, 1))}),
        ("related", {"is_related": True}),
        ("same-phone", {"provider": replace(CASE.provider, phone="05741")}),
        ("same-address", {"provider": replace(CASE.provider, address="示例路1号 ")}),
    ],
)
def test_this_needs_a_reviewers_note(code: str, changes: dict[str, Any]) -> None:
    assert found(**changes) == {code: "warn"}


def test_hours_that_are_not_round_or_were_scanned_are_no_signal() -> None:
    assert found(**service(is_typed=True, minutes=187)) == {}


def test_full_width_brackets_in_a_name_are_no_difference() -> None:
    paid = replace(PAYMENT, payer_name="示例（余姚）塑业", expected_payer="示例(余姚) 塑业")
    assert found(payments=(paid,)) == {}


def test_under_the_enterprise_model_all_must_be_paid_first() -> None:
    terms = replace(TERMS, settlement_model="enterprise")
    assert found(terms=terms) == {"payment-short": "block"}
    assert found(terms=terms, payments=(replace(PAYMENT, used_fen=90_000),)) == {}


def test_deadlines_count_to_the_end_of_the_day() -> None:
    assert found(filed_on=date(2027, 1, 31)) == {}
    assert found(**service(began_on=date(2026, 12, 31)), **invoice(issued_on=date(2027, 1, 31))) == {}


def test_a_returned_claim_is_judged_by_the_day_it_was_first_filed() -> None:
    assert found(today=date(2027, 2, 20), filed_on=date(2027, 1, 30)) == {}


def test_the_amount_is_the_least_of_papers_policy_and_draws() -> None:
    assert plan_amount(CASE).fen == 45_000
    assert plan_amount(replace(CASE, contracts=(ContractFact("HT", date(2026, 1, 1), 50_000),))).fen == 25_000
    assert plan_amount(replace(CASE, **invoice(used_fen=70_050))).fen == 35_000
    assert plan_amount(replace(CASE, **service(drawn_fen=30_000))).fen == 30_000


def test_without_tax_only_the_net_part_of_an_invoice_counts() -> None:
    terms = replace(TERMS, tax_base="exclusive")
    assert plan_amount(replace(CASE, terms=terms)).fen == 42_400


def test_tiers_and_the_cap_are_counted_on_the_whole_claim() -> None:
    yuhuan = replace(TERMS, tiers=(Tier(1_000_000, 10_000), Tier(None, 5_000)), per_claim_cap_fen=2_000_000)
    big = replace(SERVICE, price_fen=4_000_000, drawn_fen=2_500_000)
    case = replace(CASE, terms=yuhuan, services=(big,), contracts=(), invoices=(), payments=())
    amount = plan_amount(case)
    assert amount.fen == 2_000_000
    assert [line["code"] for line in amount.calculation if line["binding"]] == ["claim-cap"]


def test_exactly_one_limit_is_named_as_the_one_that_decided() -> None:
    amount = plan_amount(replace(CASE, **service(drawn_fen=30_000)))
    assert [line["code"] for line in amount.calculation if line["binding"]] == ["drawn"]


def test_a_missing_paper_is_missing_and_a_wrong_one_is_doubtful() -> None:
    states = {item.kind: item.state for item in checklist(["no-contract", "buyer", "no-report"])}
    assert (states["contract"], states["invoice"], states["report"], states["service"]) == (
        "missing", "doubtful", "missing", "present",
    )  # fmt: skip


def test_defects_are_kept_with_their_words() -> None:
    assert defects_from(["contract-pages", "另附说明"]) == [
        {"code": "contract-pages", "message": "The contract lacks pages, signatures or stamps."},
        {"code": "other", "message": "另附说明"},
    ]


@pytest.mark.parametrize(
    ("on", "length", "start", "end"),
    [
        (date(2027, 1, 1), "half_year", date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), "half_year", date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), "half_year", date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 3, 15), "month", date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 3, 1), "month", date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 11, 23), "quarter", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 6, 1), "year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_period_is_the_one_that_is_over(on: date, length: str, start: date, end: date) -> None:
    assert last_period(on, length) == (start, end)


HEAD = ["序号", "申请编号", "收款账号", "金额（元）", "支付结果", "支付日期", "凭证号", "失败原因"]


def test_a_treasury_table_is_read_row_by_row_and_its_total_is_no_row() -> None:
    rows, problems = rows_of_table(
        [
            ["余姚市创新券兑付结果"],
            HEAD,
            ["1", "C2026-0001", "'6222", "1,234.50", "成功", "2026-12-11", "GK1", ""],
            ["", "", "", "", "", "", "", ""],
            ["2", "C2026-0002", "6222", "￥45", "退汇", "", "", "账号不存在"],
            ["3", "C2026-0003", "6222", "四十", "成功", "2026-12-11", "", ""],
            ["4", "C2026-0004", "6222", "45", "在途", "", "", ""],
            ["5", "C2026-0005", "6222", "45", "成功", "2026/13/40", "", ""],
            ["6", "C2026-0006", "6222", "45", "成功", "", "", ""],
            ["七", "C2026-0007", "6222", "45", "成功", "20261211", "", ""],
            ["合计", "", "", "1279.50", "", "", "", ""],
        ]
    )
    assert [(row.row, row.position, row.amount_fen, row.result) for row in rows] == [
        (3, 1, 123_450, "paid"), (5, 2, 4_500, "bounced"),
    ]  # fmt: skip
    assert [(problem.row, problem.code) for problem in problems] == [
        (6, "not-a-number"), (7, "result"), (8, "date"), (9, "date-missing"), (10, "line-number"),
    ]  # fmt: skip


def test_a_table_without_the_needed_headings_is_refused_as_a_whole() -> None:
    with pytest.raises(Invalid):
        rows_of_table([["姓名", "电话"], ["王", "1"]])


def test_english_headings_do_as_well() -> None:
    rows, problems = rows_of_table(
        [["Line number", "Claim number", "Amount (yuan)", "Payment result", "Payment date"],
         ["1", "C2026-0001", "45", "paid", "2026-12-11"]]
    )  # fmt: skip
    assert (len(rows), problems) == (1, [])


LINES = {1: LineFact(10, 100, "C2026-0001", 4_500, LineState.PAYABLE)}
ROW = ResultRow(2, 1, "C2026-0001", 4_500, "paid", date(2026, 12, 11))


@pytest.mark.parametrize(
    ("row", "state", "expected"),
    [
        (ROW, LineState.PAYABLE, "paid"),
        (replace(ROW, result="bounced"), LineState.PAYABLE, "bounced"),
        (ROW, LineState.PAID, "unchanged"),
        (replace(ROW, result="bounced"), LineState.PAID, "returned"),
        (ROW, LineState.FROZEN, "wrong-state"),
        (ROW, LineState.STRUCK, "wrong-state"),
        (ROW, LineState.BOUNCED, "wrong-state"),
        (replace(ROW, position=2), LineState.PAYABLE, "unknown-line"),
        (replace(ROW, claim_number="C2026-0002"), LineState.PAYABLE, "other-claim"),
        (replace(ROW, amount_fen=4_501), LineState.PAYABLE, "other-amount"),
    ],
)
def test_a_result_moves_only_the_line_it_agrees_with(row: ResultRow, state: LineState, expected: str) -> None:
    verdict = judge({1: replace(LINES[1], state=state)}, row)
    assert (verdict.act if isinstance(verdict, Verdict) else verdict.code) == expected
    assert isinstance(verdict, (Verdict, RowProblem))
