"""What the voucher counter says no with."""

from __future__ import annotations

from collections.abc import Sequence

from equipment_cloud.kernel.errors import N_, Conflict, Invalid, Problem, Refused
from equipment_cloud.vouchers.ledger import NotEnough


class VoucherRefused(Invalid):
    """The voucher cannot be used for this service; ``problems`` lists every reason (422)."""

    code = "voucher-refused"
    message = N_("The voucher cannot be used for this service.")
    remedy = N_("See each reason below, or book without a voucher.")


class VoucherExpired(VoucherRefused):
    """The service would be after the voucher's last day (422)."""

    code = "voucher-expired"
    message = N_("The voucher has expired by the day of the service.")
    remedy = N_("Choose an earlier date or another voucher.")


class AlreadyHeld(Conflict):
    """The thing already holds voucher money (409)."""

    code = "already-held"
    message = N_("Voucher money is already set aside for this.")
    remedy = N_("Reload the page: the first hold stands.")


class PoolExhausted(Conflict):
    """The pool of the year does not hold the amount (409)."""

    code = "pool-exhausted"
    message = N_("The pool of %(year)s has %(free)s left, less than the amount to issue.")
    remedy = N_("Issue a smaller amount, or wait until the pool is increased.")


class NoPool(Conflict):
    """No money is planned for the policy in that year (409)."""

    code = "no-pool"
    message = N_("No money is planned for this policy in %(year)s.")
    remedy = N_("Ask the bureau when applications open.")


class PublishedVersion(Conflict):
    """A published version never changes (409)."""

    code = "published-version"
    message = N_("A published version of a policy never changes.")
    remedy = N_("Write a new version with a later first day.")


_MONEY = frozenset({"not-enough", "year-cap-reached"})


def refusal_for(reasons: Sequence[Problem]) -> Refused:
    """The refusal that says these reasons best: out of money (409), expired, or a list (422)."""
    codes = {reason.code for reason in reasons}
    first = reasons[0]
    refusal: Refused = VoucherRefused(problems=reasons)
    if codes <= _MONEY:
        refusal = NotEnough(first.message, problems=reasons, remedy=first.remedy)
    elif codes == {"voucher-expired"}:
        refusal = VoucherExpired(first.message, problems=reasons, remedy=first.remedy)
        refusal.values = dict(first.values)
    return refusal
