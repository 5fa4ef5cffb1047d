"""Last days of a voucher. Deadlines are inclusive to 23:59:59 local time."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from equipment_cloud.vouchers.rules.terms import PolicyTerms


def expires_on(terms: PolicyTerms, issued_on: date) -> date:
    """Last day of use: 31 December, or the corresponding day n months on (the month's last day if it has none).

    A period of months ends with the corresponding day of the last month (Civil Code 民法典, article 202).
    """
    if terms.validity_months is None:
        return date(issued_on.year, 12, 31)
    months = issued_on.month - 1 + terms.validity_months
    year, month = issued_on.year + months // 12, months % 12 + 1
    return date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))


def redeem_by(terms: PolicyTerms, last_use: date) -> date:
    """Last day on which a claim may be filed."""
    return last_use + timedelta(days=terms.redemption_days)
