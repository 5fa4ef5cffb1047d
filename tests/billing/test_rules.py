"""Papers as typed: every slip named at once, numbers in the two forms invoices have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from equipment_cloud.billing.rules import (
    InvoiceFacts,
    Part,
    PaymentFacts,
    normalised,
    problems_with_invoice,
    problems_with_parts,
    problems_with_payment,
)

TODAY = date(2026, 11, 28)
FACTS = InvoiceFacts(
    number="26330000000000000001", code=None, issued_on=date(2026, 11, 25), buyer_name="示例塑业",
    buyer_code="91330281MA2YUYA01B", seller_name="示例检测中心", seller_code="12330281419990015J", item="检测费",
    net_fen=84_906, tax_fen=5_094, total_fen=90_000,
)  # fmt: skip


def codes(**changes: object) -> list[str]:
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]
    return [problem.code for problem in problems_with_invoice(facts, today=TODAY)]


def test_a_fully_digital_invoice_is_its_number_alone() -> None:
    assert codes() == []
    assert FACTS.key == "26330000000000000001"


def test_a_paper_invoice_is_code_and_number() -> None:
    assert replace(FACTS, number="01017220", code="033001900104").key == "033001900104-01017220"
    assert replace(FACTS, number="01017220", code="3300190010").key == "3300190010-01017220"


@pytest.mark.parametrize(
    ("number", "code"),
    [("123", None), ("01017220", None), ("01017220", "12345"), ("2633000000000000000x", None), ("", "")],
)
def test_other_numbers_are_refused(number: str, code: str | None) -> None:
    assert codes(number=number, code=code) == ["invoice-number"]


def test_full_width_digits_are_read_as_digits() -> None:
    facts = normalised(
        replace(FACTS, number="２６３３００００００００００００００００", buyer_code="91330281ma2yuya01b")
    )
    assert (facts.key, facts.buyer_code) == ("26330000000000000000", "91330281MA2YUYA01B")


def test_everything_wrong_is_named_at_once() -> None:
    wrong = codes(number="1", issued_on=date(2026, 11, 29), buyer_code="X", total_fen=90_001)
    assert wrong == ["invoice-number", "in-the-future", "credit-code-form", "sum"]


@pytest.mark.parametrize("total", [0, -90_000])
def test_a_red_letter_invoice_is_not_recorded(total: int) -> None:
    assert codes(total_fen=total) == ["not-positive"]


def test_a_failing_check_digit_does_not_stop_a_paper() -> None:
    assert codes(buyer_code="911000001000044477") == []


def test_a_slip_needs_a_date_in_the_past_and_an_amount() -> None:
    facts = PaymentFacts("HD1", "甲", "乙", date(2026, 11, 29), 0)
    assert [problem.code for problem in problems_with_payment(facts, today=TODAY)] == ["in-the-future", "not-positive"]


def test_a_part_names_one_paper_once_with_an_amount() -> None:
    parts = [Part(0, invoice_id=1), Part(5, invoice_id=1), Part(5), Part(5, invoice_id=2, payment_id=2)]
    assert [problem.code for problem in problems_with_parts(parts)] == [
        "not-positive",
        "twice",
        "one-paper",
        "one-paper",
    ]
