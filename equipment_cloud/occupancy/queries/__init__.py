"""What is known about time on instruments. Set-based throughout: the number of statements never grows with the rows."""

from equipment_cloud.occupancy.queries.dated import (
    closures_of,
    hours_change_on,
    hours_of,
    quotas_of,
    rules_before,
    rules_of,
    rules_to_come,
    special_days_of,
)
from equipment_cloud.occupancy.queries.free import (
    Availability,
    Busy,
    availability,
    closed,
    kind_seen,
    next_free,
    stretch,
)
from equipment_cloud.occupancy.queries.held import (
    LONGEST,
    Held,
    busy,
    held,
    occupation_of,
    taken_by_instrument,
    taken_of,
)
from equipment_cloud.occupancy.queries.search import free_between
from equipment_cloud.occupancy.queries.settings import (
    SUGGEST_FOR,
    in_force,
    open_periods,
    quota_rules,
    setting,
    settings,
)
from equipment_cloud.occupancy.rules import Setting

__all__ = [
    "LONGEST",
    "SUGGEST_FOR",
    "Availability",
    "Busy",
    "Held",
    "Setting",
    "availability",
    "busy",
    "closed",
    "closures_of",
    "free_between",
    "held",
    "hours_change_on",
    "hours_of",
    "in_force",
    "kind_seen",
    "next_free",
    "occupation_of",
    "open_periods",
    "quota_rules",
    "quotas_of",
    "rules_before",
    "rules_of",
    "rules_to_come",
    "setting",
    "settings",
    "special_days_of",
    "stretch",
    "taken_by_instrument",
    "taken_of",
]
