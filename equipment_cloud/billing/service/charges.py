"""Charges follow from confirmed usage; the unique usage makes a second run find nothing to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, literal, select, update

from equipment_cloud.billing.models import Charge
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.bulk import insert_missing, numbered
from equipment_cloud.foundation.db import session
from equipment_cloud.usage.models import UsageRecord, UsageState

_COLUMNS = (
    "usage_id",
    "organisation_id",
    "provider_id",
    "price_fen",
    "voucher_fen",
    "payable_fen",
    "lines",
    "issued_at",
)


def issue_charges(*, now: datetime) -> int:
    """One bill for each confirmed, priced usage that has none; how many. Four statements, whatever the number."""
    voucher = func.coalesce(UsageRecord.voucher_fen, 0)
    confirmed = (
        select(
            UsageRecord.id,
            UsageRecord.organisation_id,
            UsageRecord.provider_id,
            UsageRecord.price_fen,
            voucher,
            UsageRecord.price_fen - voucher,
            UsageRecord.price_lines,
            literal(now, Charge.__table__.c.issued_at.type),
        )
        .outerjoin(Charge, Charge.usage_id == UsageRecord.id)
        .where(Charge.id.is_(None))
        .where(UsageRecord.state == UsageState.CONFIRMED)
        .where(UsageRecord.price_fen.is_not(None))
        .order_by(UsageRecord.id)
    )
    issued = insert_missing(Charge, _COLUMNS, confirmed)
    if issued:
        unnumbered = Charge.number.is_(None)
        references = select(literal("charge:").concat(Charge.id)).where(unnumbered).order_by(Charge.id)
        audit.note_each("billing.issue-charge", references, by=SYSTEM, now=now)
        number = numbered("F", clock.today(now).year, Charge.__table__.c.id)
        session().execute(
            update(Charge).where(unnumbered).values(number=number).execution_options(synchronize_session=False)
        )
    return issued
