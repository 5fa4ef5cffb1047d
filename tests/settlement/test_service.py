"""A claim from draft to approval, with real money in the ledger behind it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.kernel.errors import Invalid, SamePerson, WrongState
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.rules import ClaimState, Stage
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind
from tests.factories.settlement import Town, town


@pytest.fixture
def place(session: Session, now: datetime) -> Town:
    return town(session, now)


def codes(claim_id: int) -> set[str]:
    return {finding.code for finding in queries.claim(claim_id).findings}


def test_a_complete_claim_is_filed_for_what_its_service_drew(place: Town) -> None:
    claim = place.filed()
    assert (claim.state, claim.stage, claim.requested_fen) == (ClaimState.SUBMITTED, Stage.REVIEW, 45_000)
    assert claim.number == f"C2026-{claim.id:04d}"
    assert str(claim.decide_by) == "2026-12-11"
    assert claim.payee_id == place.city.provider.id


def test_the_calculation_shows_every_limit_and_what_bound(place: Town) -> None:
    claim = place.filed()
    lines = {line["code"]: line for line in claim.calculation}
    assert lines["price"]["amount_fen"] == 90_000
    assert lines["price"]["references"] == [f"usage:{place.made[0].id}"]
    assert lines["contract"]["limit_fen"] == 500_000
    assert lines["invoices"]["limit_fen"] == 90_000
    assert lines["drawn"]["amount_fen"] == claim.requested_fen
    assert [code for code, line in lines.items() if line["binding"]] == ["share"]


def test_an_invoice_below_the_price_lowers_the_amount(place: Town) -> None:
    usage = place.usage()
    pack = place.pack(usage)
    parts = [part if part.payment_id else type(part)(60_000, invoice_id=part.invoice_id) for part in pack.parts or ()]
    claim = place.filed(place.pack(usage, parts=parts))
    assert claim.requested_fen == 30_000
    assert next(line for line in claim.calculation if line["code"] == "invoices")["binding"]
    assert "price-differs" in codes(claim.id)


def test_an_empty_claim_is_refused_with_everything_that_stops_it(place: Town) -> None:
    usage = place.usage()
    draft = place.draft(service.Pack(usage_ids=[usage.id]))
    with pytest.raises(Invalid) as refusal:
        service.submit(draft.id, by=place.owner, now=place.later)
    found = {problem.code for problem in refusal.value.problems}
    assert found == {"no-contract", "no-invoice", "payment-short", "other-subsidy"}
    assert all(problem.remedy for problem in refusal.value.problems)


def test_no_usage_is_claimed_twice(place: Town) -> None:
    usage = place.usage()
    place.filed(place.pack(usage))
    with pytest.raises(Invalid) as refusal:
        place.draft(place.pack(usage))
    assert [problem.code for problem in refusal.value.problems] == ["not-claimable"]


def test_a_withdrawn_claim_gives_services_and_papers_free(place: Town) -> None:
    usage = place.usage()
    pack = place.pack(usage)
    claim = place.filed(pack)
    service.withdraw(claim.id, by=place.owner, now=place.later)
    again = place.draft(service.Pack(usage_ids=[usage.id], parts=pack.parts, contract_ids=pack.contract_ids))
    assert again.requested_fen == 45_000
    assert queries.claim(claim.id).state is ClaimState.WITHDRAWN


def test_the_same_report_in_two_claims_stops_the_second(place: Town) -> None:
    from tests.factories.billing import pdf

    first = place.filed(place.pack(place.usage(), report=(pdf("the same"), "a.pdf")))
    second = place.draft(place.pack(place.usage(), report=(pdf("the same"), "b.pdf")))
    assert "report-twice" in codes(second.id)
    assert first.number in str([finding.values for finding in queries.claim(second.id).findings])


def test_two_different_people_decide(place: Town) -> None:
    claim = place.reviewed()
    assert (claim.state, claim.stage) == (ClaimState.IN_REVIEW, Stage.APPROVAL)
    both = type(place.city.reviewer)(
        place.city.reviewer.id,
        "示例初审",
        (*place.city.reviewer.grants, *place.city.approver.grants),
    )
    with pytest.raises(SamePerson):
        service.approve(claim.id, opinion="同意", by=both, now=place.later)
    service.approve(claim.id, opinion="同意", by=place.city.approver, now=place.later)
    assert queries.claim(claim.id).state is ClaimState.APPROVED


def test_approval_moves_the_drawn_money_and_review_may_only_cut(place: Town) -> None:
    claim = place.reviewed()
    with pytest.raises(Invalid) as refusal:
        service.approve(claim.id, opinion="同意", amount_fen=45_001, by=place.city.approver, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["only-down"]
    service.approve(claim.id, opinion="扣减一项", amount_fen=40_000, by=place.city.approver, now=place.later)
    assert ledger.balances(f"claim:{claim.id}") == {AccountKind.CLAIM_PAYABLE: 40_000}
    assert ledger.balances(f"voucher:{place.voucher.id}")[AccountKind.VOUCHER_AVAILABLE] == 4_960_000
    assert ledger.verify()["ok"]


def test_what_first_review_cut_second_review_cannot_give_back(place: Town) -> None:
    claim = place.filed()
    service.review(claim.id, opinion="扣减", amount_fen=30_000, by=place.city.reviewer, now=place.later)
    with pytest.raises(Invalid):
        service.approve(claim.id, opinion="同意", amount_fen=45_000, by=place.city.approver, now=place.later)
    service.approve(claim.id, opinion="同意", by=place.city.approver, now=place.later)
    assert queries.claim(claim.id).approved_fen == 30_000


def test_a_warning_needs_a_note_before_anyone_passes_it(place: Town) -> None:
    place.city.provider.phone = place.city.enterprise.phone
    claim = service.submit(place.draft().id, by=place.owner, now=place.later)
    with pytest.raises(Invalid) as refusal:
        service.review(claim.id, opinion="材料属实", by=place.city.reviewer, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["note-missing"]
    finding = queries.claim(claim.id).findings[0]
    service.note_finding(finding.id, note="同一园区总机", by=place.city.reviewer, now=place.later)
    service.review(claim.id, opinion="材料属实", by=place.city.reviewer, now=place.later)


def test_a_member_of_a_party_may_not_decide(place: Town) -> None:
    from equipment_cloud.foundation.access import Grant
    from equipment_cloud.settlement.service.reviewing import Interested

    claim = place.filed()
    grants = (*place.city.reviewer.grants, Grant(place.city.provider.id, "operator"))
    with pytest.raises(Interested):
        service.review(
            claim.id, opinion="同意", by=type(place.owner)(place.city.reviewer.id, "示例", grants), now=place.later
        )


def test_a_return_tells_every_defect_and_the_claim_can_be_filed_again(place: Town) -> None:
    claim = place.reviewed()
    with pytest.raises(Invalid) as refusal:
        service.return_(claim.id, reason=" ", defects=[], by=place.city.approver, now=place.later)
    assert {problem.field for problem in refusal.value.problems} == {"reason", "defects"}
    defects = ["contract-pages", "report-conclusion", "发票备注栏缺项目名称"]
    service.return_(claim.id, reason="请一并补正", defects=defects, by=place.city.approver, now=place.later)
    returned = queries.claim(claim.id)
    assert (returned.state, returned.stage) == (ClaimState.RETURNED, None)
    assert [defect["code"] for defect in returned.defects] == ["contract-pages", "report-conclusion", "other"]
    again = service.submit(claim.id, by=place.owner, now=place.later)
    assert (again.stage, again.defects, again.reviewed_by) == (Stage.REVIEW, [], None)


def test_a_rejected_claim_gives_the_money_back_and_its_service_stays_decided(place: Town) -> None:
    usage = place.usage()
    claim = place.filed(place.pack(usage))
    service.reject(claim.id, reason="服务内容不在支持范围", by=place.city.reviewer, now=place.later)
    assert ledger.balances(f"voucher:{place.voucher.id}")[AccountKind.VOUCHER_AVAILABLE] == 5_000_000
    assert ledger.verify()["ok"]
    with pytest.raises(Invalid):
        place.draft(place.pack(usage))


def test_a_claim_under_review_cannot_be_changed(place: Town) -> None:
    claim = place.filed()
    with pytest.raises(WrongState):
        service.change(claim.id, service.Pack(contract_ids=[]), by=place.owner, now=place.later)


def test_an_invoice_voided_under_review_stops_the_claim(place: Town) -> None:
    from equipment_cloud.billing import queries as billing
    from equipment_cloud.billing import service as papers
    from equipment_cloud.billing.models import InvoiceStatus
    from equipment_cloud.settlement import jobs

    claim = place.filed()
    invoice_id = next(part.invoice_id for part in billing.allocations(f"claim:{claim.id}") if part.invoice_id)
    papers.set_invoice_status(invoice_id, InvoiceStatus.RED, reason="红冲", by=place.owner, now=place.later)
    service.recheck(queries.claim(claim.id), now=place.later)
    with pytest.raises(Invalid) as refusal:
        service.review(claim.id, opinion="材料属实", by=place.city.reviewer, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["invoice-status"]
    assert "settlement.check-claims" in [job.name for job in jobs.JOBS]
