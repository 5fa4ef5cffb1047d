"""How one instrument may be booked, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules.opening import Opening, Week
from equipment_cloud.occupancy.rules.terms import Terms


class ApprovalMode(StrEnum):
    """Who is confirmed at once: everybody, people with a qualification (上机资格), nobody."""

    INSTANT = "instant"
    TRAINED = "trained"
    APPROVE_EACH = "approve_each"


class WeekKind(StrEnum):
    """What hours say: when the instrument is open, when it is busiest, when it is kept for outsiders; ``special`` are
    the hours of a single day.
    """

    OPEN = "open"
    PEAK = "peak"
    OUTSIDE = "outside"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class RulesGiven:
    """What a manager sets, with what most instruments have."""

    step_minutes: int = 30
    shortest_minutes: int = 60
    longest_minutes: int = 480
    lead_minutes: int = 0
    horizon_days: int = 60
    before_minutes: int = 0
    after_minutes: int = 0
    peak_longest_minutes: int = 0
    release_hours: int = 48
    pending_hours: int = 48
    remind_hours: int = 24
    escalate_hours: int = 36
    cancel_hours: int = 24
    approval: ApprovalMode = ApprovalMode.APPROVE_EACH
    needs_training: bool = False
    unattended: bool = False
    follows_workdays: bool = True

    @property
    def terms(self) -> Terms:
        """The part that hangs on nothing but the clock."""
        return Terms(
            self.step_minutes,
            self.shortest_minutes,
            self.longest_minutes,
            self.lead_minutes,
            self.horizon_days,
            self.unattended,
            self.before_minutes,
            self.after_minutes,
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """The rules in force on a day, and opening hours as far as the opening's window reaches.

    ``peak`` are the busiest hours of a week, of which a booking may have ``peak_longest`` (zero: no limit); ``kept``
    are hours only customers from outside may book until ``released_for`` before they begin (开放共享时段).
    """

    terms: Terms
    opening: Opening
    approval: ApprovalMode
    pending_for: timedelta
    cancel_for: timedelta
    peak: Week = field(default_factory=dict)
    peak_longest: timedelta = timedelta()
    kept: Week = field(default_factory=dict)
    released_for: timedelta = timedelta(hours=48)
    needs_training: bool = False
    has_quotas: bool = False

    @property
    def asks_for_training(self) -> bool:
        """Whether it matters if the person is qualified."""
        return self.needs_training or self.approval is ApprovalMode.TRAINED

    def is_instant(self, *, is_qualified: bool) -> bool:
        """Whether a booking is confirmed at once."""
        if self.approval is ApprovalMode.TRAINED:
            return is_qualified
        return self.approval is ApprovalMode.INSTANT

    def peak_in(self, window: Period) -> list[Period]:
        """Peak hours within the window."""
        return self.opening.pattern(self.peak, window) if self.peak else []

    def kept_in(self, window: Period) -> list[Period]:
        """Stretches that touch the window and are kept for customers from outside, each whole."""
        return [item for item in self.opening.stretches(self.kept, window) if item.overlaps(window)]
