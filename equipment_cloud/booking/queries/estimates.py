"""What a booking would cost, and what a voucher would pay of it, before anybody commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking import rules
from equipment_cloud.booking.models import Booking
from equipment_cloud.booking.queries.places import Place, place
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.guards import LONGEST_DAYS
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.models import CustomerClass
from equipment_cloud.pricing.queries import PlanInForce
from equipment_cloud.pricing.rules import Price, customer_class, price
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers.models import PolicyVersion, Voucher
from equipment_cloud.vouchers.queries import UsableVoucher
from equipment_cloud.vouchers.rules import Subsidy

ENTERPRISE, INSTITUTION = "enterprise", "institution"
"""Who is paid by the government: 通用 the enterprise, afterwards; 通兑 the institution, so the enterprise pays less."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Amounts in fen. ``payable_fen`` is what the customer pays the provider: under 通兑 the price less the voucher's
    share, under 通用 the whole price, of which ``voucher_fen`` comes back after settlement.

    ``reasons`` say why the voucher cannot be used; ``policy`` names the policy (``name, name_en, is_example, number``).
    """

    price_fen: int
    voucher_fen: int
    payable_fen: int
    lines: list[dict[str, Any]]
    calculation: list[dict[str, Any]] = field(default_factory=list)
    model: str | None = None
    reasons: Sequence[Problem] = ()
    policy: dict[str, Any] | None = None
    plan_id: int | None = None

    @property
    def refund_fen(self) -> int:
        """What is expected back after settlement, under 通用."""
        return self.voucher_fen if self.model == ENTERPRISE else 0

    def kept(self) -> dict[str, Any]:
        """As it is stored with the booking."""
        names = ("price_fen", "voucher_fen", "payable_fen", "lines", "calculation", "model", "policy")
        return {name: getattr(self, name) for name in names}


def estimate(
    instrument_id: int,
    period: Period,
    *,
    organisation_id: int | None,
    purpose: str,
    voucher_id: int | None = None,
    now: datetime,
) -> Estimate:
    """What the period would cost this customer; a visitor is shown the local price. Raises ``NotFound``.

    Without a price plan the price is 0 and ``reasons`` says so.
    """
    where = place(instrument_id, organisation_id)
    plan = pricing.terms_on(instrument_id, clock.today(period.starts_at))
    if plan is None or period.length > timedelta(days=LONGEST_DAYS):
        return Estimate(0, 0, 0, [], reasons=[rules.against("no-price")] if plan is None else [])
    amount = price(plan.terms, class_of(where), period)
    return priced(where, plan, amount, period=period, purpose=purpose, voucher_id=voucher_id)


def priced(
    where: Place, plan: PlanInForce, amount: Price, *, period: Period, purpose: str, voucher_id: int | None
) -> Estimate:
    """The estimate of a price already known."""
    if voucher_id is None or where.customer is None:
        return Estimate(amount.price_fen, 0, amount.price_fen, amount.lines, plan_id=plan.id)
    voucher = voucher_of(voucher_id, where.customer.id)
    if voucher is None:
        reasons = [rules.against("voucher-unknown")]
        return Estimate(amount.price_fen, 0, amount.price_fen, amount.lines, reasons=reasons, plan_id=plan.id)
    subsidy = vouchers.estimate(
        voucher,
        where.customer.id,
        where.provider.id,
        rules.MACHINE_TIME,
        purpose,
        amount.price_fen,
        clock.today(period.starts_at),
    )
    return with_subsidy(amount, subsidy, policy_of(voucher.policy_version), plan_id=plan.id)


def with_subsidy(amount: Price, subsidy: Subsidy, policy: dict[str, Any], *, plan_id: int) -> Estimate:
    """A price of which a voucher pays a share."""
    return shared(
        amount,
        subsidy.amount_fen,
        model=subsidy.settlement_model,
        calculation=subsidy.calculation,
        policy=policy,
        plan_id=plan_id,
        reasons=subsidy.reasons,
    )


def shared(
    amount: Price,
    voucher_fen: int,
    *,
    model: str | None,
    calculation: list[dict[str, Any]],
    policy: dict[str, Any],
    plan_id: int,
    reasons: Sequence[Problem] = (),
) -> Estimate:
    """An estimate from its parts: who pays what follows from the settlement model."""
    payable = amount.price_fen - voucher_fen if model == INSTITUTION else amount.price_fen
    return Estimate(
        amount.price_fen, voucher_fen, payable, amount.lines, calculation, model, reasons, policy, plan_id=plan_id
    )


def price_of_use(booking: Booking, used: Period) -> Price:
    """The price of a booking once its use is known, by the plan it was booked under."""
    plan = pricing.plan(booking.price_plan_id) if booking.price_plan_id else None
    if plan is None:
        return Price(booking.price_fen, list(booking.estimate.get("lines", [])))
    customer = customer_class(booking.organisation, booking.provider)
    return price(plan.terms, customer, booking.period, used)


def vouchers_to_choose(organisation_id: int, *, now: datetime) -> list[UsableVoucher]:
    """Vouchers the customer could name today, the first to expire first."""
    return vouchers.usable_vouchers(organisation_id, clock.today(now))


def voucher_of(voucher_id: int, organisation_id: int) -> Voucher | None:
    """The customer's own voucher, with its policy."""
    return session().scalar(
        select(Voucher)
        .where(Voucher.id == voucher_id)
        .where(Voucher.organisation_id == organisation_id)
        .options(joinedload(Voucher.policy_version).joinedload(PolicyVersion.policy))
    )


def policy_of(version: PolicyVersion) -> dict[str, Any]:
    """The policy as estimates name it."""
    policy = version.policy
    return {
        "name": policy.name,
        "name_en": policy.name_en,
        "is_example": policy.is_example,
        "number": version.number,
        "version_id": version.id,
    }


def class_of(where: Place) -> CustomerClass:
    """The customer's class; a visitor sees what a local enterprise pays."""
    if where.customer is None:
        return CustomerClass.LOCAL
    return customer_class(where.customer, where.provider)
