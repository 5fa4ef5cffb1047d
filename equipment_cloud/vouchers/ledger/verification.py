"""The proof: every balance is the sum of its transfers, and everything that tells of money tells the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.vouchers.ledger import checks
from equipment_cloud.vouchers.ledger.checks import Breach
from equipment_cloud.vouchers.models import EnterpriseYear, Hold, LedgerAccount, PolicyVersion, Transfer, Voucher

MOST = 1_000
"""No more breaches are listed: where there are so many, the first ones tell the story."""

CHECKS: tuple[Callable[[], Iterator[Breach]], ...] = (
    checks.balances_that_differ,
    checks.pools_that_do_not_add_up,
    checks.overdrawn_accounts,
    checks.transfers_between_wrong_accounts,
    checks.holds_that_differ,
    checks.draws_that_differ,
    checks.issues_that_differ,
    checks.states_that_contradict_balances,
    checks.years_that_differ,
    checks.years_above_their_cap,
    checks.policies_that_changed,
)


def verify() -> dict[str, Any]:
    """``{"ok", "checked", "breaches": [{"code", "record", "message"}]}``; ``checked`` counts the records looked at."""
    breaches = [breach for check in CHECKS for breach in check()]
    counted = (LedgerAccount, Transfer, Hold, Voucher, EnterpriseYear, PolicyVersion)
    total = session().execute(
        select(*(select(func.count()).select_from(table).scalar_subquery() for table in counted))
    ).one()  # fmt: skip
    return {"ok": not breaches, "checked": sum(total), "breaches": breaches[:MOST]}
