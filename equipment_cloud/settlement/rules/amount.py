"""The amount of a claim: what can be counted, the policy's arithmetic on it, and what the services drew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from equipment_cloud.kernel.errors import N_
from equipment_cloud.settlement.rules.case import ClaimCase
from equipment_cloud.vouchers.rules import SubsidyCase, plan_subsidy

Line = dict[str, Any]
"""As in ``vouchers.rules``, with ``references`` (``usage:7``) of the records a figure rests on."""


@dataclass(frozen=True, slots=True)
class Amount:
    """``fen`` to be claimed, and how it came about, line by line."""

    fen: int
    calculation: list[Line]


def plan_amount(case: ClaimCase) -> Amount:
    """``min(contract, invoices, proven payment)`` on the policy's tax base, the policy on that, never above the draws.

    A paper that is missing altogether limits nothing here: the checks refuse the claim for it, and until then the
    applicant sees what the amount will be.
    """
    base, lines = _base(case)
    subsidy = plan_subsidy(case.terms, _subsidy_case(case, base))
    own = [line for line in subsidy.calculation if line["code"] != "price"]
    by_policy = own[-1]["amount_fen"] if own else 0
    amount = max(0, min(by_policy, case.drawn_fen))
    if amount < by_policy:
        own = [{**line, "binding": False} for line in own]
    drawn = _line(
        "drawn",
        N_("Drawn from the voucher for these services"),
        amount,
        limit=case.drawn_fen,
        binding=amount < by_policy,
        references=_usages(case),
    )
    return Amount(amount, [*lines, *own, drawn])


def _base(case: ClaimCase) -> tuple[int, list[Line]]:
    """What can be counted, with the limit that bound it (none when the whole price counts)."""
    limits = list(_limits(case))
    base = min([case.price_fen, *(limit for _code, _label, limit, _references in limits)])
    lines = [_line("price", N_("Price of the confirmed services"), case.price_fen, references=_usages(case))]
    running, bound = case.price_fen, False
    for code, label, limit, references in limits:
        running = min(running, limit)
        binds = not bound and limit == base < case.price_fen
        bound = bound or binds
        lines.append(_line(code, label, running, limit=limit, binding=binds, references=references))
    return base, lines


def _limits(case: ClaimCase) -> Iterator[tuple[str, str, int, list[str]]]:
    if case.contracts:
        total = sum(contract.amount_fen for contract in case.contracts)
        yield "contract", N_("Contract total"), total, []
    if case.invoices:
        label = (
            N_("Invoices used, with tax") if case.terms.tax_base == "inclusive" else N_("Invoices used, without tax")
        )
        yield "invoices", label, case.invoiced_fen, [f"invoice:{invoice.id}" for invoice in case.invoices]
    if case.payments and case.terms.settlement_model == "enterprise":
        yield "payments", N_("Proven payment"), case.paid_fen, [f"payment:{payment.id}" for payment in case.payments]


def _subsidy_case(case: ClaimCase, base: int) -> SubsidyCase:
    """The services as one case: a claim is what tiers and the cap of a claim are counted on."""
    return SubsidyCase(
        price_fen=base,
        category=case.services[0].category if case.services else "",
        purpose=case.services[0].purpose if case.services else "",
        provider_region=case.provider.region,
        year_committed_fen=case.other_committed_fen,
    )


def _usages(case: ClaimCase) -> list[str]:
    return [f"usage:{service.usage_id}" for service in case.services]


def _line(
    code: str,
    label: str,
    amount: int,
    *,
    limit: int | None = None,
    binding: bool = False,
    references: list[str] | None = None,
) -> Line:
    return {
        "code": code,
        "label": label,
        "values": {},
        "amount_fen": amount,
        "limit_fen": limit,
        "binding": binding,
        "clause": None,
        "references": references or [],
    }
