"""The judgement of a period asked for: the one engine fed with what is known of the instrument and of who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from equipment_cloud.booking import rules
from equipment_cloud.booking.models import Booking, Breach, BreachPolicy
from equipment_cloud.booking.queries.estimates import Estimate, class_of, priced
from equipment_cloud.booking.queries.places import Place
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session, settled
from equipment_cloud.kernel.errors import Invalid, Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.occupancy.guards import LONGEST_DAYS
from equipment_cloud.occupancy.queries import Setting
from equipment_cloud.occupancy.rules import (
    Asker,
    PeriodTaken,
    Taken,
    Used,
    problems_with_request,
    reach,
    suits,
    with_next_times,
)
from equipment_cloud.occupancy.rules import alternatives as free_nearby
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.queries import PlanInForce
from equipment_cloud.pricing.rules import Price, price
from equipment_cloud.training import queries as training

FARTHEST = timedelta(days=3700)
MOST_COUNTED = 2_000
"""Bookings of one organisation on one instrument that quotas look at: a year has fewer half hours of one person."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything known about a period asked for: what is wrong with it, what it costs, under which rules, for whom."""

    problems: list[Problem]
    price: Price | None
    plan: PlanInForce | None
    setting: Setting | None
    asker: Asker

    def granted(self, problems: Sequence[Problem] | None = None) -> Granted:
        """What a booking is written from. Raises :class:`Invalid` with the problems (those of the judgement unless
        some were let pass).
        """
        left = self.problems if problems is None else problems
        if left or self.price is None or self.plan is None or self.setting is None:
            raise Invalid(problems=left or self.problems)
        return Granted(self.price, self.plan, self.setting, self.asker)


@dataclass(frozen=True, slots=True)
class Granted:
    """A period that breaks no rule: its price, the plan it was taken from, the rules it was asked under."""

    price: Price
    plan: PlanInForce
    setting: Setting
    asker: Asker

    @property
    def is_instant(self) -> bool:
        """Whether nobody needs to approve it."""
        return self.setting.is_instant(is_qualified=self.asker.is_qualified)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a customer sees before committing: the estimate if there is a price, every rule that says no, and where the
    time is only taken, free ones nearby.
    """

    estimate: Estimate | None
    problems: list[Problem]
    nearby: list[Period]


def judge(
    where: Place,
    period: Period,
    *,
    purpose: str,
    person_id: int | None,
    besides: int | None = None,
    asked_at: datetime | None = None,
    now: datetime,
) -> Judgement:
    """All broken rules but occupancy and the voucher's own, with the price. At most seven statements.

    ``person_id`` is who would use the time; ``besides`` a booking that does not count because it is the one judged, and
    ``asked_at`` when it was asked for.
    """
    setting = occupancy.setting(where.instrument_id, _window(period, now), on=_day(period, now))
    problems = rules.problems_with_offer(where.offer, purpose, ends_on=_last_day(period))
    asker = Asker()
    if setting is None:
        problems.append(rules.against("no-terms"))
    else:
        asker = asker_of(where, setting, period, person_id, besides=besides, now=now)
        problems += problems_with_request(
            period.starts_at, period.ends_at, setting=setting, asker=asker, asked_at=asked_at, now=now
        )
    if period.length > timedelta(days=LONGEST_DAYS):
        return Judgement(problems, None, None, setting, asker)
    plan = pricing.terms_on(where.instrument_id, clock.today(period.starts_at))
    if plan is None:
        problems.append(rules.against("no-price"))
        return Judgement(problems, None, None, setting, asker)
    return Judgement(problems, price(plan.terms, class_of(where), period), plan, setting, asker)


def explained(
    found: Judgement, problems: Sequence[Problem], where: Place, period: Period, *, besides: str | None, now: datetime
) -> list[Problem]:
    """The problems with the next time at which this person could have the instrument; one statement more."""
    if found.setting is None or not problems:
        return list(problems)
    taken = taken_around(where, found.setting, besides=besides)
    return with_next_times(problems, period, setting=found.setting, asker=found.asker, taken=taken, now=now)


def taken_around(where: Place, setting: Setting, *, besides: str | None = None) -> Taken:
    """Taken time as far as the setting's window reaches, but for one reference's own."""
    rows = occupancy.held([where.instrument_id], setting.opening.window)
    return occupancy.taken_of(
        row._replace(starts_at=None, ends_at=None) if besides and row.reference == besides else row for row in rows
    )


def preview(
    where: Place, period: Period, *, purpose: str, voucher_id: int | None, person_id: int, now: datetime
) -> Preview:
    """The judgement a request would get now, without a lock. A purpose not chosen yet is not held against anybody."""
    found = judge(where, period, purpose=purpose, person_id=person_id, now=now)
    problems = [problem for problem in found.problems if purpose or problem.code != "purpose"]
    nearby: list[Period] = []
    if found.setting is not None and where.position_ids:
        taken = taken_around(where, found.setting)
        if not taken.free_positions(found.setting.terms.padded(period)):
            nearby = [] if problems else nearby_of(found.setting, found.asker, taken, period, now=now)
            problems.append(PeriodTaken.problem())
        problems = with_next_times(
            problems, period, setting=found.setting, asker=found.asker, taken=taken, now=now
        )  # fmt: skip
    given = None
    if found.plan is not None and found.price is not None:
        given = priced(where, found.plan, found.price, period=period, purpose=purpose, voucher_id=voucher_id)
    return Preview(given, problems, nearby)


def nearby_of(setting: Setting, asker: Asker, taken: Taken, period: Period, *, now: datetime) -> list[Period]:
    """Up to five free periods of the same length that this person could book."""
    return free_nearby(
        setting.terms,
        setting.opening,
        taken,
        wanted=period,
        window=setting.opening.window,
        allowed=lambda other: suits(other, setting=setting, asker=asker, now=now),
        now=now,
    )


def asker_of(
    where: Place,
    setting: Setting,
    period: Period,
    person_id: int | None,
    *,
    besides: int | None = None,
    now: datetime,
) -> Asker:
    """What the engine needs to know of who asks; a visitor is an outsider with nothing against them."""
    if person_id is None:
        return Asker()
    is_qualified = True
    if setting.asks_for_training:
        is_qualified = training.is_qualified(person_id, where.instrument_id, _day(period, now))
    quotas = occupancy.quota_rules(where.instrument_id, _day(period, now)) if setting.has_quotas else []
    window = reach(quotas, _reached(period, setting), setting.opening.zone) if quotas else None
    customer_id = where.customer.id if where.customer else None
    used = _used(where.instrument_id, customer_id, person_id, window, besides) if window else []
    points, limit, end_at = _points(where.provider.id, person_id, now)
    return Asker(
        is_inside=customer_id == where.provider.id,
        is_qualified=is_qualified,
        quotas=quotas,
        used=used,
        points=points,
        points_limit=limit,
        points_end_at=end_at,
    )


def _reached(period: Period, setting: Setting) -> Period:
    """The period, and the time in which a later one is looked for."""
    if period.length > timedelta(days=LONGEST_DAYS):
        return setting.opening.window
    return Period(period.starts_at, max(period.ends_at, setting.opening.window.ends_at))


def _used(
    instrument_id: int, organisation_id: int | None, person_id: int, window: Period, besides: int | None
) -> list[Used]:
    """Bookings of the organisation or the person that count in the window."""
    rows = settled().execute(
        select(Booking.starts_at, Booking.ends_at, Booking.person_id)
        .where(Booking.instrument_id == instrument_id)
        .where((Booking.organisation_id == organisation_id) | (Booking.person_id == person_id))
        .where(Booking.state.in_(rules.COUNTED), Booking.id != (besides or 0))
        .where(Booking.starts_at < window.ends_at)
        .where(Booking.starts_at > window.starts_at - occupancy.LONGEST, Booking.ends_at > window.starts_at)
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_COUNTED)
    )
    return [Used(Period(starts_at, ends_at), found == person_id) for starts_at, ends_at, found in rows]


def _points(provider_id: int, person_id: int, now: datetime) -> tuple[int, int, datetime | None]:
    """Points that count now, how many are too many (0: no limit), and when the next of them are forgotten."""
    today = clock.today(now)
    row = session().execute(
        select(BreachPolicy.limit_points, func.coalesce(func.sum(Breach.points), 0), func.min(Breach.ends_at))
        .outerjoin(
            Breach,
            (Breach.provider_id == BreachPolicy.provider_id)
            & (Breach.person_id == person_id)
            & (Breach.ends_at > now)
            & Breach.state.in_(rules.COUNTING),
        )
        .where(BreachPolicy.provider_id == provider_id, BreachPolicy.valid_from <= today)
        .where(BreachPolicy.valid_to.is_(None) | (BreachPolicy.valid_to > today))
        .group_by(BreachPolicy.id, BreachPolicy.limit_points)
    ).first()  # fmt: skip
    return (int(row[1]), row[0], row[2]) if row else (0, 0, None)


def _window(period: Period, now: datetime) -> Period:
    """What must be known to judge the period and to suggest a later one; an absurd period is judged without it."""
    if not _is_sane(period, now):
        return Period(now, now + occupancy.SUGGEST_FOR)
    end = min(period.ends_at, period.starts_at + timedelta(days=LONGEST_DAYS))
    return Period(period.starts_at - timedelta(days=1), end + occupancy.SUGGEST_FOR)


def _day(period: Period, now: datetime) -> date:
    """The day whose rules count: the period's first."""
    return clock.today(period.starts_at if _is_sane(period, now) else now)


def _is_sane(period: Period, now: datetime) -> bool:
    return now - FARTHEST < period.starts_at < now + FARTHEST


def _last_day(period: Period) -> date:
    return clock.today(period.ends_at - timedelta(seconds=1))
