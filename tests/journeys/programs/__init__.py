"""The mission as programs walk it: who calls, what an hour costs, and the clock's part of it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests import city

HOUR_FEN, SHARE_FEN = 300_000, 150_000
"""An hour of a local enterprise, and the half of it that the example policy bears."""
RESEARCHER, OWNER, ACCOUNTANT = "researcher@sme", "owner@sme", "accountant@sme"
MANAGER, OPERATOR = "manager@institute", "operator@institute"
SURVEYOR, REVIEWER, APPROVER = "surveyor@bureau", "reviewer@bureau", "approver@bureau"
LEADER, TREASURER = "leader@bureau", "finance@bureau"
Env = dict[str, str]


def run_job(name: str, on: date, env: Env) -> Any:
    """Run a job for a business date, to its end and without a failure; its report."""
    report = json.loads(city.flask("jobs", "run", name, "--on", on.isoformat(), env=env))
    assert (report["state"], report["failed"]) == ("done", 0), report
    return report


def today() -> date:
    """The local date."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
