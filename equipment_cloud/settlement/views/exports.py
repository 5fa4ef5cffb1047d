"""Lists to hand out: the payment list for the treasury, the posted list for the file."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.settlement import policy, queries, service, workbooks
from equipment_cloud.settlement.views.blueprint import bp


@bp.get("/batches/<int:batch_id>/payment-list.xlsx")
@only(*policy.PAYMENT_LIST_ROLES)
def payment_list(batch_id: int) -> Response:
    """The payment list. It carries bank data: who took it is kept."""
    bank = request.args.get("bank", "").strip()[:100] or None
    with transaction():
        service.note_payment_list(batch_id, by=current_actor(), now=clock.now())
    return workbooks.payment_list(queries.batch(batch_id), agent_bank=bank)


@bp.get("/batches/<int:batch_id>/notice-list.xlsx")
@only(*policy.READER_ROLES)
def notice_list(batch_id: int) -> Response:
    """The list as it is posted."""
    return workbooks.notice_list(queries.batch(batch_id))
