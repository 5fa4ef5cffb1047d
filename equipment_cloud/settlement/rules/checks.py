"""The checks of a claim (domain 5.2): all findings at once, in the order of the pack."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from equipment_cloud.kernel.money import yuan_from_fen
from equipment_cloud.settlement.rules.amount import plan_amount
from equipment_cloud.settlement.rules.case import ClaimCase, InvoiceFact, PaymentFact, ServiceFact
from equipment_cloud.settlement.rules.findings import BLOCK, WARN, Found

DEVIATION_PERCENT = 10
"""How far invoices may differ from the price of the services before someone looks."""
NEW_ACCOUNT_DAYS = 30
"""How long a changed payee account is looked at twice (misdirected payments)."""


def problems_with_claim(case: ClaimCase) -> list[Found]:
    """Everything a claim is stopped for (``block``) or looked at for (``warn``)."""
    return [found for check in CHECKS for found in check(case)]


def _services(case: ClaimCase) -> Iterator[Found]:
    if not case.services:
        yield Found("no-service", BLOCK)
    for service in case.services:
        yield from _service(case, service)


def _service(case: ClaimCase, service: ServiceFact) -> Iterator[Found]:
    terms, voucher, day = case.terms, case.voucher, service.began_on.isoformat()
    allowed = terms.categories_allowed is None or service.category in terms.categories_allowed
    broken: tuple[tuple[str, bool, dict[str, object]], ...] = (
        ("not-confirmed", not service.is_confirmed, {}),
        ("usage-twice", service.other_claim is not None, {"claim": service.other_claim}),
        ("before-issue", service.began_on < voucher.issued_on, {"first": voucher.issued_on.isoformat()}),
        ("after-expiry", service.began_on > voucher.expires_on, {"last": voucher.expires_on.isoformat()}),
        ("purpose-excluded", service.purpose in terms.purposes_excluded, {}),
        ("category-excluded", service.category in terms.categories_excluded or not allowed, {}),
        ("not-listed", not service.is_listed, {}),
    )
    for code, is_broken, values in broken:
        if is_broken:
            yield Found(code, BLOCK, f"usage:{service.usage_id}", {"number": service.number, "day": day, **values})
    if service.is_typed and service.minutes and service.minutes % 60 == 0:
        values = {"number": service.number, "hours": service.minutes // 60}
        yield Found("round-hours", WARN, f"usage:{service.usage_id}", values)


def _contracts(case: ClaimCase) -> Iterator[Found]:
    if not case.contracts:
        yield Found("no-contract", BLOCK)
    if not case.services or not case.contracts:
        return
    began = min(service.began_on for service in case.services)
    first = min(case.contracts, key=lambda contract: contract.signed_on)
    if first.signed_on > began:
        values = {"number": first.number, "day": first.signed_on.isoformat(), "began": began.isoformat()}
        yield Found("contract-late", WARN, f"contract:{first.number}"[:64], values)


def _invoices(case: ClaimCase) -> Iterator[Found]:
    if not case.invoices:
        yield Found("no-invoice", BLOCK)
    for invoice in case.invoices:
        yield from _invoice(case, invoice)
    yield from _invoice_sums(case)


def _invoice(case: ClaimCase, invoice: InvoiceFact) -> Iterator[Found]:
    subject, values = f"invoice:{invoice.id}", {"number": invoice.number, "day": invoice.issued_on.isoformat()}
    if invoice.status != "normal":
        yield Found("invoice-status", BLOCK, subject, values)
    for code, found, expected in (
        ("buyer", invoice.buyer_code, invoice.expected_buyer),
        ("seller", invoice.seller_code, invoice.expected_seller),
    ):
        if found != expected:
            yield Found(code, BLOCK, subject, {**values, "found": found, "expected": expected or "—"})
    if invoice.allocated_fen > invoice.total_fen:
        yield Found("over-allocated", BLOCK, subject, values)
    if invoice.issued_on > case.voucher.redeem_by:
        yield Found("invoice-late", BLOCK, subject, {**values, "last": case.voucher.redeem_by.isoformat()})
    began = min((service.began_on for service in case.services), default=None)
    if began is not None and invoice.issued_on < began:
        yield Found("invoice-early", WARN, subject, {**values, "began": began.isoformat()})


def _invoice_sums(case: ClaimCase) -> Iterator[Found]:
    if not case.invoices:
        return
    price, used = case.price_fen, sum(invoice.used_fen for invoice in case.invoices)
    if abs(used - price) * 100 > price * DEVIATION_PERCENT:
        yield Found("price-differs", WARN, "", {"invoiced": _yuan(used), "price": _yuan(price)})
    contract = sum(contract.amount_fen for contract in case.contracts)
    if case.contracts and used > contract:
        yield Found("above-contract", WARN, "", {"invoiced": _yuan(used), "contract": _yuan(contract)})


def _payments(case: ClaimCase) -> Iterator[Found]:
    if case.paid_fen < case.payment_needed_fen:
        values = {"paid": _yuan(case.paid_fen), "needed": _yuan(case.payment_needed_fen)}
        yield Found("payment-short", BLOCK, "", values)
    for payment in case.payments:
        yield from _payment(payment)


def _payment(payment: PaymentFact) -> Iterator[Found]:
    for code, found, expected in (
        ("payer", payment.payer_name, payment.expected_payer),
        ("payee", payment.payee_name, payment.expected_payee),
    ):
        if _bare(found) != _bare(expected or ""):
            values = {"number": payment.slip_number, "found": found, "expected": expected or "—"}
            yield Found(code, WARN, f"payment:{payment.id}", values)


def _reports(case: ClaimCase) -> Iterator[Found]:
    if not case.reports:
        yield Found("no-report", WARN)
    for report in case.reports:
        if report.other_claim is not None:
            yield Found("report-twice", BLOCK, f"report:{report.sha256[:16]}", {"claim": report.other_claim})


def _account(case: ClaimCase) -> Iterator[Found]:
    account = case.account
    if account is None:
        yield Found("account-missing", WARN, "", {"payee": case.payee_name})
        return
    if (case.today - account.approved_on).days < NEW_ACCOUNT_DAYS:
        yield Found("account-new", WARN, "", {"day": account.approved_on.isoformat()})
    if _bare(account.account_name) != _bare(case.payee_name):
        yield Found("account-name", WARN, "", {"found": account.account_name, "expected": case.payee_name})


def _voucher(case: ClaimCase) -> Iterator[Found]:
    if case.filed_on > case.voucher.redeem_by:
        yield Found("too-late", BLOCK, "", {"last": case.voucher.redeem_by.isoformat()})
    if case.voucher.is_frozen:
        yield Found("voucher-frozen", BLOCK)
    if case.services and plan_amount(case).fen <= 0:
        yield Found("nothing", BLOCK)


def _parties(case: ClaimCase) -> Iterator[Found]:
    applicant, provider = case.applicant, case.provider
    if not case.declared_no_other_subsidy:
        yield Found("other-subsidy", BLOCK)
    if applicant.id == provider.id:
        yield Found("own-service", BLOCK)
        return
    if case.is_related:
        excluded = case.terms.related_parties_excluded
        yield Found("related-excluded", BLOCK) if excluded else Found("related", WARN)
    if applicant.phone and _bare(applicant.phone) == _bare(provider.phone or ""):
        yield Found("same-phone", WARN, "", {"phone": applicant.phone})
    if applicant.address and _bare(applicant.address) == _bare(provider.address or ""):
        yield Found("same-address", WARN)


CHECKS: tuple[Callable[[ClaimCase], Iterator[Found]], ...] = (
    _services,
    _contracts,
    _invoices,
    _payments,
    _reports,
    _account,
    _voucher,
    _parties,
)


def _yuan(fen: int) -> str:
    return f"¥{yuan_from_fen(fen):,}"


def _bare(text: str) -> str:
    """Text without blanks and with plain brackets, so that only what differs in substance differs."""
    return "".join(text.replace("（", "(").replace("）", ")").replace("-", "").split())
