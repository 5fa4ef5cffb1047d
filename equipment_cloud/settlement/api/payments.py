"""The payment list out, the treasury's answer in."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.settlement import policy, queries, schemas, service, workbooks
from equipment_cloud.settlement.api.blueprint import blp
from equipment_cloud.settlement.models import PaymentFile
from equipment_cloud.settlement.rules import ResultRow


@blp.get("/batches/<int:batch_id>/payment-list.xlsx")
@only(*policy.PAYMENT_LIST_ROLES)
@blp.arguments(schemas.PaymentListQuery, location="query")
@blp.response(200, content_type=workbooks.WORKBOOK)
def payment_list(query: dict[str, Any], batch_id: int) -> Response:
    """The payment list as a workbook, the columns of its results to be filled in. Who takes it out is kept."""
    with transaction():
        service.note_payment_list(batch_id, by=current_actor(), now=clock.now())
    return workbooks.payment_list(queries.batch(batch_id), agent_bank=query["bank"])


@blp.get("/batches/<int:batch_id>/notice-list.xlsx")
@only(*policy.READER_ROLES)
@blp.response(200, content_type=workbooks.WORKBOOK)
def notice_list(batch_id: int) -> Response:
    """The list as it is posted, as a workbook."""
    return workbooks.notice_list(queries.batch(batch_id))


@blp.post("/batches/<int:batch_id>/results")
@only("treasurer")
@blp.arguments(schemas.Results)
@blp.response(200, schemas.ResultsTaken)
def results(body: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """The treasury's answer; the same list twice changes nothing, and every row is accounted for."""
    queries.batch(batch_id)
    rows = [ResultRow(row=number, **given) for number, given in enumerate(body["results"], start=1)]
    with transaction():
        return _outcome(service.import_results(batch_id, rows, by=current_actor(), now=clock.now()))


@blp.post("/batches/<int:batch_id>/results-file")
@only("treasurer")
@blp.arguments(schemas.ResultsFile, location="files", content_type="multipart/form-data")
@blp.response(200, schemas.ResultsTaken)
def results_file(files: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """The same as a workbook or csv: the payment list with its result columns filled in."""
    queries.batch(batch_id)
    given = files["file"]
    with transaction():
        name = given.filename or "results.xlsx"
        return _outcome(service.import_table(batch_id, given.stream, name, by=current_actor(), now=clock.now()))


def _outcome(record: PaymentFile) -> dict[str, Any]:
    problems = [
        {**problem, "message": worded(problem["message"], problem["values"])} for problem in record.outcome["problems"]
    ]
    return {**record.outcome, "id": record.id, "problems": problems}
