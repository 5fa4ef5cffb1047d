"""A claim as the checks see it: plain facts, gathered by a query, judged without looking anything up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from equipment_cloud.vouchers.rules import PolicyTerms


@dataclass(frozen=True, slots=True)
class PartyFact:
    """An organisation as it stands today."""

    id: int
    name: str
    phone: str | None = None
    address: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherFact:
    """The voucher's dates, all inclusive; ``is_frozen`` also for one given back."""

    issued_on: date
    expires_on: date
    redeem_by: date
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """A proof of service: one usage. ``began_on`` and ``ended_on`` are local days; amounts in fen."""

    usage_id: int
    number: str
    is_confirmed: bool
    began_on: date
    ended_on: date
    minutes: int
    is_typed: bool
    """The hours were typed or filled in, not scanned on site or measured."""
    category: str
    purpose: str
    price_fen: int
    drawn_fen: int
    other_claim: str | None = None
    """Number of another living claim that holds the same usage."""
    is_listed: bool = True
    """The provider stood on the register of carriers for this category on that day."""


@dataclass(frozen=True, slots=True)
class ContractFact:
    """A contract of the same pair."""

    number: str
    signed_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class InvoiceFact:
    """An invoice with the part used here; ``expected_*`` are the parties' codes on the invoice's date."""

    id: int
    number: str
    status: str
    issued_on: date
    buyer_code: str
    seller_code: str
    expected_buyer: str | None
    expected_seller: str | None
    total_fen: int
    net_fen: int
    allocated_fen: int
    """Of the whole paper, this claim included."""
    used_fen: int

    def counted_fen(self, tax_base: str) -> int:
        """The part used here, on the policy's tax base."""
        return self.used_fen if tax_base == "inclusive" else self.used_fen * self.net_fen // self.total_fen


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A bank slip with the part used here; ``expected_*`` are the parties' names on the day of payment."""

    id: int
    slip_number: str
    paid_on: date
    payer_name: str
    payee_name: str
    expected_payer: str | None
    expected_payee: str | None
    used_fen: int


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A report file; ``other_claim`` is the number of another living claim with the same bytes or number."""

    sha256: str
    number: str | None
    other_claim: str | None = None


@dataclass(frozen=True, slots=True)
class AccountFact:
    """The payee's approved account."""

    account_name: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """Everything a claim is judged by. ``today`` is the business date of the judgement, ``filed_on`` that of filing."""

    today: date
    filed_on: date
    terms: PolicyTerms
    applicant: PartyFact
    provider: PartyFact
    payee_name: str
    voucher: VoucherFact
    services: tuple[ServiceFact, ...] = ()
    contracts: tuple[ContractFact, ...] = ()
    invoices: tuple[InvoiceFact, ...] = ()
    payments: tuple[PaymentFact, ...] = ()
    reports: tuple[ReportFact, ...] = ()
    account: AccountFact | None = None
    is_related: bool = False
    declared_no_other_subsidy: bool = False
    other_committed_fen: int = 0
    """What the enterprise committed in the service year besides this claim."""

    @property
    def price_fen(self) -> int:
        return sum(service.price_fen for service in self.services)

    @property
    def drawn_fen(self) -> int:
        return sum(service.drawn_fen for service in self.services)

    @property
    def invoiced_fen(self) -> int:
        return sum(invoice.counted_fen(self.terms.tax_base) for invoice in self.invoices)

    @property
    def paid_fen(self) -> int:
        return sum(payment.used_fen for payment in self.payments)

    @property
    def payment_needed_fen(self) -> int:
        """What proof of payment must show: all under 通用, the own share under 通兑."""
        own_share = max(0, self.price_fen - self.drawn_fen)
        return self.price_fen if self.terms.settlement_model == "enterprise" else own_share
