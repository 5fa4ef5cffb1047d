"""The clock's work on vouchers: reminders, expiry, the nightly proof."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.vouchers import ledger, service


def remind_expiring(business_date: date, now: datetime) -> Outcome:
    """Tell what can no longer be used, or claimed, in 30, 7 and 1 days."""
    with transaction():
        return Outcome(done=service.remind_expiring(business_date, now))


def expire_unused(business_date: date, now: datetime) -> Outcome:
    """Take back what was not used by its last day, a set at a time."""
    outcome = Outcome()
    while True:
        with transaction():
            expired = service.expire_due(business_date, now)
        if not expired:
            return outcome
        outcome.done += expired


def verify_ledger(_business_date: date, _now: datetime) -> Outcome:
    """Prove the ledger; every breach is a failure of the run."""
    report = ledger.verify()
    breaches = [(breach["record"], f"{breach['code']}: {breach['message']}") for breach in report["breaches"]]
    return Outcome(done=report["checked"], failures=breaches)


JOBS: tuple[Job, ...] = (
    Job("vouchers.remind-expiring", "0 8 * * *", remind_expiring),
    Job("vouchers.expire-unused", "15 0 * * *", expire_unused),
    Job("vouchers.verify-ledger", "30 2 * * *", verify_ledger),
)
