"""Price arithmetic (收费): whole fen, whole minutes, every amount explained by lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.period import Period

LOCAL_PREFIX = "330281"
"""Region code of Yuyao: an enterprise registered there is local."""


class CustomerClass(StrEnum):
    """own staff (本单位), local enterprises (余姚企业), others outside (外地)."""

    INTERNAL = "internal"
    LOCAL = "local"
    OUTSIDE = "outside"


class Basis(StrEnum):
    """What is charged: booked time, used time, or the longer of the two (孰长)."""

    BOOKED = "booked"
    USED = "used"
    LONGER = "longer"


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """The values of a price plan. ``rates`` are fen per hour; a class without a rate of its own pays the highest."""

    basis: Basis
    minimum_minutes: int
    setup_fen: int
    rates: Mapping[CustomerClass, int]

    def rate_for(self, customer: CustomerClass) -> int:
        return self.rates.get(customer, max(self.rates.values()))


@dataclass(frozen=True, slots=True)
class Price:
    """An amount and the lines that add up to it: ``label`` (message id), ``quantity``, ``unit``, ``unit_price_fen``,
    ``amount_fen``; a line of time also says its ``minutes``.
    """

    price_fen: int
    lines: list[dict[str, Any]] = field(default_factory=list)


def price(plan: PlanTerms, customer: CustomerClass, booked: Period | None, used: Period | None = None) -> Price:
    """The price of booked time, and of used time once it is known. One of both must be given."""
    minutes = _charged_minutes(plan.basis, booked, used)
    charged = max(minutes, plan.minimum_minutes)
    label = N_("Machine time, minimum charge") if charged > minutes else N_("Machine time")
    rate = plan.rate_for(customer)
    lines = [_line(label, _hours(charged), "hour", rate, (charged * rate * 2 + 60) // 120, minutes=charged)]
    if plan.setup_fen:
        lines.append(_line(N_("Set-up fee"), 1, "time", plan.setup_fen, plan.setup_fen))
    return Price(sum(line["amount_fen"] for line in lines), lines)


class Party(Protocol):
    """What the class of a customer depends on; an organisation will do. ``town_code`` is its registered address's."""

    @property
    def id(self) -> int: ...
    @property
    def town_code(self) -> str | None: ...


def customer_class(organisation: Party, provider: Party) -> CustomerClass:
    """Own staff, an enterprise registered in the city, or anyone else."""
    if organisation.id == provider.id:
        return CustomerClass.INTERNAL
    is_local = (organisation.town_code or "").startswith(LOCAL_PREFIX)
    return CustomerClass.LOCAL if is_local else CustomerClass.OUTSIDE


def problems_with_plan(terms: PlanTerms) -> list[Problem]:
    """All that is wrong with terms somebody sets."""
    if terms.rates:
        return []
    message = N_("A price plan needs a price per hour for at least one class of customers.")
    return [Problem("no-rate", message, "local_fen", remedy=N_("Enter 0 for time that is free of charge."))]


def _charged_minutes(basis: Basis, booked: Period | None, used: Period | None) -> int:
    """Before the use is known the booked time is charged on every basis; a walk-in has only used time."""
    minutes = {Basis.BOOKED: booked, Basis.USED: used}
    if booked is None and used is None:
        raise ValueError("a price needs booked or used time")
    if basis is Basis.LONGER:
        return max(period.minutes for period in (booked, used) if period)
    chosen = minutes[basis] or booked or used
    return chosen.minutes if chosen else 0


def _hours(minutes: int) -> int | float:
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 2)


def _line(label: str, quantity: float, unit: str, unit_price_fen: int, amount_fen: int, **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "quantity": quantity,
        "unit": unit,
        "unit_price_fen": unit_price_fen,
        "amount_fen": amount_fen,
        **more,
    }
