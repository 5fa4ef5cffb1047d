"""Claims and batches as pages and programs show them: stored message ids in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from equipment_cloud.billing.models import Allocation
from equipment_cloud.foundation.filters import worded
from equipment_cloud.settlement.models import BatchStep, ClaimPaper, ClaimService, Finding
from equipment_cloud.settlement.rules import STEP_WORDS, PaperKind, checklist, remedy_of
from equipment_cloud.settlement.rules.findings import KINDS
from equipment_cloud.vouchers.wording import worded_calculation


def shown_calculation(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored lines with the records they rest on."""
    kept = list(lines)
    return [
        {**shown, "references": line.get("references", [])}
        for line, shown in zip(kept, worded_calculation(kept), strict=True)
    ]


def shown_finding(finding: Finding) -> dict[str, Any]:
    """A finding with its remedy and the piece of evidence it is about."""
    remedy, kind = remedy_of(finding.code), KINDS.get(finding.code)
    return {
        "id": finding.id,
        "code": finding.code,
        "level": finding.level.value,
        "message": worded(finding.message, dict(finding.values)),
        "remedy": worded(remedy, dict(finding.values)) if remedy else None,
        "evidence": kind[0] if kind else None,
        "note": finding.note,
        "subject": finding.subject,
    }


def shown_defects(defects: Iterable[Mapping[str, str]]) -> list[str]:
    """Defects of a return; those typed freely as they are."""
    return [worded(defect["message"]) for defect in defects]


def shown_step(step: BatchStep) -> dict[str, Any]:
    """A step of a batch's chain, open while ``done_at`` is null."""
    return {
        "id": step.id,
        "code": step.code,
        "label": worded(STEP_WORDS.get(step.code, step.code)),
        "done_at": step.done_at,
        "done_by": step.person_name,
        "document_number": step.document_number,
        "note": step.note,
    }


def shown_evidence(
    services: Sequence[ClaimService],
    papers: Sequence[ClaimPaper],
    used: Sequence[Allocation],
    codes: Iterable[str],
    *,
    with_files: bool,
) -> list[dict[str, Any]]:
    """``{"kind", "file_id", "state", "reference"}`` of each piece, and one line for each piece that is missing."""
    states = {item.kind: item.state for item in checklist(codes)}
    rows: list[tuple[str, int | None, str]] = [
        *(("service", None, f"usage:{service.usage_id}") for service in services),
        *(("contract", paper.contract.file_id, f"contract:{paper.contract_id}") for paper in papers if paper.contract),
        *(("invoice", part.invoice.file_id, f"invoice:{part.invoice_id}") for part in used if part.invoice),
        *(("payment", part.payment.file_id, f"payment:{part.payment_id}") for part in used if part.payment),
        *(("report", paper.file_id, f"paper:{paper.id}") for paper in papers if paper.kind is PaperKind.REPORT),
    ]
    there = {kind for kind, _file, _reference in rows}
    missing = [(kind, None, None) for kind, state in states.items() if state == "missing" and kind not in there]
    return [
        {"kind": kind, "file_id": file_id if with_files else None, "state": states.get(kind), "reference": reference}
        for kind, file_id, reference in [*rows, *missing]
    ]
