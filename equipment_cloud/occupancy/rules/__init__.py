"""Pure rules of time on an instrument: when it is open, which periods may be asked for, what is still free."""

from equipment_cloud.occupancy.rules.asking import (
    Asker,
    next_start,
    problems_with_request,
    suits,
    unwaived,
    with_next_times,
)
from equipment_cloud.occupancy.rules.free import Taken, alternatives, first_start, free_time, lowest_free
from equipment_cloud.occupancy.rules.hours import WEEKDAYS, hours_text, read_hours, read_week, week_texts
from equipment_cloud.occupancy.rules.opening import Closing, DayKind, Hours, Opening, Week, day_kind, weekday_of
from equipment_cloud.occupancy.rules.quotas import QuotaOf, QuotaPer, QuotaRule, Used, reach
from equipment_cloud.occupancy.rules.setting import ApprovalMode, RulesGiven, Setting, WeekKind
from equipment_cloud.occupancy.rules.taken import PeriodTaken
from equipment_cloud.occupancy.rules.terms import (
    MAX_YEAR,
    MIN_YEAR,
    Terms,
    aligned,
    fits,
    possible_starts,
    problems_with_period,
    problems_with_terms,
)
from equipment_cloud.occupancy.rules.words import broken

__all__ = [
    "MAX_YEAR",
    "MIN_YEAR",
    "WEEKDAYS",
    "ApprovalMode",
    "Asker",
    "Closing",
    "DayKind",
    "Hours",
    "Opening",
    "PeriodTaken",
    "QuotaOf",
    "QuotaPer",
    "QuotaRule",
    "RulesGiven",
    "Setting",
    "Taken",
    "Terms",
    "Used",
    "Week",
    "WeekKind",
    "aligned",
    "alternatives",
    "broken",
    "day_kind",
    "first_start",
    "fits",
    "free_time",
    "hours_text",
    "lowest_free",
    "next_start",
    "possible_starts",
    "problems_with_period",
    "problems_with_request",
    "problems_with_terms",
    "reach",
    "read_hours",
    "read_week",
    "suits",
    "unwaived",
    "week_texts",
    "weekday_of",
    "with_next_times",
]
