"""The decisions on a voucher, each with person, time and opinion, and whom they are told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.vouchers.models import Voucher, VoucherStep


def step(
    voucher: Voucher, act: str, *, by: Actor, now: datetime, opinion: str | None = None, defects: Sequence[str] = ()
) -> None:
    """Append a decision and its audit note."""
    session().add(
        VoucherStep(voucher_id=voucher.id, at=now, person_id=by.id, person_name=by.name[:64], act=act, opinion=opinion,
                    defects=list(defects))
    )  # fmt: skip
    session().flush()
    audit.note(f"vouchers.{act}", f"voucher:{voucher.id}", by=by, now=now, detail={"opinion": opinion})


def tell_applicant(voucher: Voucher, kind: str, message_id: str, *, now: datetime, **values: object) -> None:
    """Tell the people of the enterprise who may act on the voucher."""
    people = organisations.people_with_role(voucher.organisation_id, "researcher", "owner", on=clock.today(now))
    outbox.post(
        f"vouchers.{kind}", {voucher.applied_by, *people}, message_id, now=now, link=f"/vouchers/{voucher.id}",
        values={"number": voucher.number, **values},
    )  # fmt: skip
