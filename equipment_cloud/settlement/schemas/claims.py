"""What programs send and get about claims."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from equipment_cloud.foundation.endpoint import (
    Body,
    Code,
    Day,
    Fen,
    Identifier,
    Instant,
    Nested,
    PageQuery,
    Several,
    Text,
    Truth,
    Whole,
    refuse,
)
from equipment_cloud.kernel.errors import N_
from equipment_cloud.settlement.rules import ClaimState, Stage


class ClaimsQuery(PageQuery):
    """Filters of the list."""

    state = Code(ClaimState, load_default=None)
    q = Text(200, load_default=None, allow_none=True, metadata={"description": "number or party"})


class AllocationGiven(Body):
    """A part of an invoice or of a payment."""

    invoice_id = Identifier(load_default=None, allow_none=True)
    payment_id = Identifier(load_default=None, allow_none=True)
    amount_fen = Fen(1, required=True)

    @ma.validates_schema
    def _one_paper(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("invoice_id") is None) == (data.get("payment_id") is None):
            raise refuse("one-paper", N_("Name either an invoice or a payment."))


class NewClaim(Body):
    """A draft of a claim. Filing it declares that the invoices were used for no other subsidy, unless denied here."""

    voucher_id = Identifier(required=True)
    provider_id = Identifier(
        load_default=None, allow_none=True, metadata={"description": "that of the usage, if omitted"}
    )
    usage_ids = Several(Identifier(), load_default=list)
    order_ids = Several(Identifier(), load_default=list, metadata={"description": "none can be claimed yet"})
    contract_ids = Several(Identifier(), load_default=list)
    allocations = Several(Nested(AllocationGiven), load_default=list)
    file_ids = Several(Identifier(), load_default=list, metadata={"description": "reports sent to /files"})
    report_number = Text(100, load_default=None, allow_none=True)
    declared_no_other_subsidy = Truth(load_default=True)


class ClaimChange(Body):
    """Parts of the pack to set anew; what is not named stays. ``file_ids`` are added to the reports there."""

    usage_ids = Several(Identifier())
    contract_ids = Several(Identifier())
    allocations = Several(Nested(AllocationGiven))
    file_ids = Several(Identifier(), load_default=list, metadata={"description": "reports sent to /files, to add"})
    drop_file_ids = Several(Identifier(), load_default=list, metadata={"description": "reports to take out"})
    report_number = Text(100, load_default=None, allow_none=True)
    declared_no_other_subsidy = Truth()


class NoteGiven(Body):
    """A reviewer's note to one finding."""

    finding_id = Identifier(required=True)
    note = Text(2000, required=True)


class Approval(Body):
    """Decides the stage now open. A finding that warns and has no note takes the opinion as its note."""

    amount_fen = Fen(1, load_default=None, allow_none=True)
    opinion = Text(2000, required=True)
    notes = Several(Nested(NoteGiven), load_default=list)


class Return(Body):
    """Back to the applicant with every defect: codes of the check-list or free words."""

    reason = Text(2000, required=True)
    defects = Several(Text(500), most=50, required=True)


class Rejection(Body):
    """Why."""

    reason = Text(2000, required=True)


class Repayment(Body):
    """Why the same account will do now."""

    reason = Text(2000, required=True)


class Party(ma.Schema):
    """An organisation."""

    id = Identifier()
    name = Text()


class CalculationLine(ma.Schema):
    """A step of the amount: what is left after it, the limit it applies, whether it decided."""

    code = Text()
    label = Text()
    amount_fen = Fen()
    limit_fen = Fen(allow_none=True)
    binding = Truth()
    references = ma.fields.List(Text())


class FindingShown(ma.Schema):
    """What a check found; ``block`` stops the claim, ``warn`` needs a note."""

    id = Identifier()
    code = Text()
    level = Text(metadata={"enum": ["block", "warn"]})
    message = Text()
    remedy = Text(allow_none=True)
    evidence = Text(allow_none=True)
    note = Text(allow_none=True)


class EvidenceShown(ma.Schema):
    """A piece of the pack."""

    kind = Text()
    file_id = Identifier(allow_none=True)
    state = Text(metadata={"enum": ["present", "missing", "doubtful"]})
    reference = Text(allow_none=True)


class ClaimListed(ma.Schema):
    """A claim in a list."""

    id = Identifier()
    number = Text()
    state = Code(ClaimState)
    stage = Code(Stage, allow_none=True)
    voucher_id = Identifier()
    organisation = Nested(Party)
    provider = Nested(Party)
    requested_fen = Fen()
    approved_fen = Fen(allow_none=True)
    submitted_at = Instant(allow_none=True)
    decide_by = Day(allow_none=True)
    paid_on = Day(allow_none=True)


class ClaimShown(ClaimListed):
    """A claim with its pack, amount and findings."""

    payee = Nested(Party)
    calculation = ma.fields.List(Nested(CalculationLine))
    findings = ma.fields.List(Nested(FindingShown))
    evidence = ma.fields.List(Nested(EvidenceShown))
    defects = ma.fields.List(Text())
    return_reason = Text(allow_none=True)
    revision = Whole()
