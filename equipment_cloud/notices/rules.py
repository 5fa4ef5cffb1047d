"""Pure rules of notices: the checksum that freezes the rows, who may still object, what decisions do to a line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from equipment_cloud.kernel.errors import N_, Conflict, Problem


class NoticeOver(Conflict):
    """The period for objections has passed (409)."""

    code: ClassVar[str] = "notice-over"
    message = N_("The notice ended on %(last)s; objections are no longer taken.")
    remedy = N_("Call the platform desk: what was paid wrongly can still be examined and recovered.")


class Checksum:
    """SHA-256 over title, columns and every row in order, fed row by row so that memory stays flat."""

    def __init__(self, title: str, columns: Sequence[Mapping[str, Any]]) -> None:
        self._digest = hashlib.sha256()
        self._feed({"title": title, "columns": list(columns)})

    def add(self, position: int, reference: str, content: Mapping[str, Any]) -> None:
        """One row; rows come in ascending position."""
        self._feed({"position": position, "reference": reference, "content": dict(content)})

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return self._digest.hexdigest()

    def _feed(self, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._digest.update(text.encode() + b"\n")


def check_open(closes_on: date, *, is_closed: bool, today: date) -> None:
    """Raise :class:`NoticeOver` after the last day, which counts to 23:59:59."""
    if is_closed or today > closes_on:
        raise NoticeOver(last=closes_on.isoformat())


def problems_with_posting(posted_on: date, working_days: int, *, today: date) -> list[Problem]:
    """A notice is posted today or was posted before, for at least one working day."""
    problems = []
    if posted_on > today:
        problems.append(
            Problem(
                "in-the-future",
                N_("The posting date lies in the future."),
                "posted_on",
                remedy=N_("Post it on that day, or enter the day it was posted."),
            )
        )
    if (today - posted_on).days > 30:
        problems.append(
            Problem(
                "too-old",
                N_("The posting date is more than 30 days ago."),
                "posted_on",
                remedy=N_("Post it again: the clock starts on the posting date."),
            )
        )
    if not 1 <= working_days <= 60:
        problems.append(Problem("working-days", N_("A notice runs for 1 to 60 working days."), "working_days"))
    return problems
