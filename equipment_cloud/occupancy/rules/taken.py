"""The refusal of a race lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equipment_cloud.kernel.errors import N_, Conflict, Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules.words import ONLY_YOU


class PeriodTaken(Conflict):
    """No position is free for the whole period (409). The edge fills ``alternatives`` before it answers."""

    code = "period-taken"
    message = N_("This time was just taken.")
    remedy = N_("Choose one of the times offered, or another one from the calendar.")

    def __init__(self) -> None:
        super().__init__()
        self.alternatives: Sequence[Period] = ()
        self.members: dict[str, Any] = {"alternatives": []}
        """What the problem document says besides."""

    @classmethod
    def problem(cls) -> Problem:
        """The same as one of several broken rules."""
        remedy = N_("Choose another time from the calendar.")
        return Problem(cls.code, cls.message, "starts_at", remedy=remedy, who=ONLY_YOU)
