"""Every write of time: :mod:`occupations` owns who holds what, :mod:`opening` how an instrument may be booked."""

from equipment_cloud.occupancy.service.occupations import (
    claim,
    ensure_calendars,
    extend,
    free_position,
    lock,
    make_firm,
    move,
    occupy,
    record,
    release,
    release_all,
    shorten,
)
from equipment_cloud.occupancy.service.opening import (
    add_quota,
    close,
    drop_special_day,
    end_quota,
    reopen,
    set_opening,
    set_rules,
    set_special_day,
)

__all__ = [
    "add_quota",
    "claim",
    "close",
    "drop_special_day",
    "end_quota",
    "ensure_calendars",
    "extend",
    "free_position",
    "lock",
    "make_firm",
    "move",
    "occupy",
    "record",
    "release",
    "release_all",
    "reopen",
    "set_opening",
    "set_rules",
    "set_special_day",
    "shorten",
]
