"""What programs ask and get about free time."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from equipment_cloud.foundation.endpoint import (
    Body,
    Day,
    Identifier,
    Instant,
    Nested,
    Query,
    Several,
    Text,
    Truth,
    Whole,
)
from equipment_cloud.foundation.endpoint import Code as CodeField
from equipment_cloud.occupancy.models import ApprovalMode, QuotaOf, QuotaPer, WeekKind
from equipment_cloud.occupancy.rules import WEEKDAYS

KINDS = ("booked", "pending", "hold", "maintenance", "closed")


class AvailabilityQuery(Query):
    """From when to when: seven days from now unless told, 93 days at most."""

    from_ = Instant(data_key="from", load_default=None)
    to = Instant(load_default=None)


class PeriodShown(ma.Schema):
    """Half-open: the end is not part of it."""

    starts_at = Instant()
    ends_at = Instant()


class BusyShown(PeriodShown):
    """Why time is not free; never whose it is. ``position`` is the place's number, none for the whole instrument."""

    kind = CodeField(KINDS)
    reason = Text(allow_none=True)
    position = Whole(1, allow_none=True)


class AvailabilityShown(ma.Schema):
    """Free: at least one position within opening hours, cut to the step, lead time honoured."""

    free = Several(ma.fields.Nested(PeriodShown))
    busy = Several(ma.fields.Nested(BusyShown))


_DATED: dict[str, Any] = {
    "allow_none": True,
    "load_default": None,
    "metadata": {"description": "the day from which it holds; today unless told"},
}


def _week(**more: Any) -> dict[str, Any]:
    described = {"description": "08:30-11:30, 13:30-17:30; empty is closed"}
    return {name: Text(100, load_default="", metadata=described) for name in WEEKDAYS} | more


WeekHours: type[Body] = type("WeekHours", (Body,), _week())
"""Weekly hours, local clock; a day that is left out has none."""


_KIND = CodeField((WeekKind.OPEN, WeekKind.PEAK, WeekKind.OUTSIDE), load_default=WeekKind.OPEN)
WeekGiven: type[Body] = type("WeekGiven", (Body,), _week(kind=_KIND, valid_from=Day(**_DATED)))
"""Weekly hours from a day on: when the instrument is open, busiest, or kept for customers from outside."""


class RulesGiven(Body):
    """How the instrument may be booked; what is left out takes its default."""

    step_minutes = Whole(1, 1440, load_default=30)
    shortest_minutes = Whole(1, 43_200, load_default=60)
    longest_minutes = Whole(1, 43_200, load_default=480)
    lead_minutes = Whole(0, 43_200, load_default=0)
    horizon_days = Whole(1, 730, load_default=60)
    before_minutes = Whole(0, 720, load_default=0, metadata={"description": "kept free before each booking"})
    after_minutes = Whole(0, 720, load_default=0, metadata={"description": "kept free after each booking"})
    peak_longest_minutes = Whole(0, 43_200, load_default=0, metadata={"description": "of peak hours; 0 is no limit"})
    release_hours = Whole(0, 720, load_default=48, metadata={"description": "kept hours are everybody's before by"})
    pending_hours = Whole(1, 720, load_default=48, metadata={"description": "an unanswered request expires after"})
    remind_hours = Whole(0, 720, load_default=24, metadata={"description": "staff are reminded after; 0 never"})
    escalate_hours = Whole(0, 720, load_default=36, metadata={"description": "managers are told after; 0 never"})
    cancel_hours = Whole(0, 720, load_default=24, metadata={"description": "free cancellation until before the start"})
    approval = CodeField(ApprovalMode, load_default=ApprovalMode.APPROVE_EACH)
    needs_training = Truth(load_default=False)
    unattended = Truth(load_default=False)
    follows_workdays = Truth(load_default=True)
    valid_from = Day(**_DATED)


class SpecialDayGiven(Body):
    """A single day with hours of its own; empty hours close it."""

    on = Day(required=True)
    hours = Text(100, load_default="")
    note = Text(200, required=True)


class SpecialDayShown(ma.Schema):
    """A single day; ``hours`` is empty when it is closed."""

    id = Identifier()
    on = Day()
    hours = Text()
    note = Text()


class QuotaGiven(Body):
    """At most so many minutes of one person or organisation in a day, week, month or year."""

    of = CodeField(QuotaOf, required=True)
    per = CodeField(QuotaPer, required=True)
    most_minutes = Whole(1, 540_000, required=True)
    only_peak = Truth(load_default=False)
    valid_from = Day(**_DATED)


class QuotaShown(ma.Schema):
    """A quota; ``valid_to`` is the first day on which it no longer counts."""

    id = Identifier()
    of = CodeField(QuotaOf)
    per = CodeField(QuotaPer)
    most_minutes = Whole(1)
    only_peak = Truth()
    valid_from = Day()
    valid_to = Day(allow_none=True)


class ClosureGiven(Body):
    """From when to when the instrument is closed, and the reason people see."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    reason = Text(200, required=True)


class ClosureShown(PeriodShown):
    """A closure."""

    id = Identifier()
    reason = Text()


class OpeningShown(ma.Schema):
    """Hours, rules, quotas, single days and closures of an instrument; nobody can book while there are no ``rules``."""

    hours = Nested(WeekHours)
    peak_hours = Nested(WeekHours)
    kept_hours = Nested(WeekHours)
    rules = Nested(RulesGiven, allow_none=True)
    planned_rules = Several(Nested(RulesGiven))
    special_days = Several(Nested(SpecialDayShown))
    quotas = Several(Nested(QuotaShown))
    closures = Several(Nested(ClosureShown))
