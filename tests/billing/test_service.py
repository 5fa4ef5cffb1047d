"""Bills follow from confirmed usage once; a paper is recorded once and never used beyond what it says."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment_cloud.billing import jobs, queries, service
from equipment_cloud.billing.models import Charge, Invoice, InvoiceStatus
from equipment_cloud.billing.rules import OverAllocated, Part
from equipment_cloud.billing.service.papers import PaperKnown
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.kernel.errors import Forbidden, Invalid
from equipment_cloud.usage.models import UsageState
from tests.factories import billing as make
from tests.factories.settlement import Town, town


@pytest.fixture
def place(session: Session, now: datetime) -> Town:
    return town(session, now)


def invoice(place: Town, total_fen: int = 90_000) -> Invoice:
    return make.invoice(place.city.enterprise, place.city.provider, total_fen, by=place.owner, now=place.later)


def test_confirmed_usage_becomes_one_bill_however_often_the_clock_looks(place: Town, session: Session) -> None:
    usage = place.usage()
    assert service.issue_charges(now=place.later) == 1
    assert service.issue_charges(now=place.later) == 0
    charge = session.query(Charge).one()
    assert (charge.number, charge.usage_id) == (f"F2026-{charge.id:06d}", usage.id)
    assert (charge.price_fen, charge.voucher_fen, charge.payable_fen) == (90_000, 45_000, 45_000)
    assert charge.lines == usage.price_lines
    assert session.query(AuditNote).filter(AuditNote.action == "billing.issue-charge").count() == 1


def test_usage_not_yet_confirmed_is_not_billed(place: Town) -> None:
    place.usage(state=UsageState.TO_CONFIRM)
    assert service.issue_charges(now=place.later) == 0


def test_many_bills_need_as_many_statements_as_one(place: Town, statements: list[str]) -> None:
    for _each in range(5):
        place.usage()
    statements.clear()
    assert service.issue_charges(now=place.later) == 5
    assert len(statements) <= 4


def test_the_job_reports_how_many_it_issued(place: Town) -> None:
    place.usage()
    place.session.commit()
    job = next(job for job in jobs.JOBS if job.name == "billing.issue-charges")
    assert job.run(place.later.date(), place.later).done == 1


def test_the_same_invoice_is_recorded_once_whoever_comes(place: Town) -> None:
    first = invoice(place)
    with pytest.raises(PaperKnown):
        make.invoice(place.city.provider, place.city.enterprise, number=first.number, by=place.finance, now=place.later)


def test_papers_are_recorded_for_ones_own_organisation_only(place: Town) -> None:
    with pytest.raises(Forbidden):
        make.invoice(place.city.enterprise, place.city.provider, by=place.finance, now=place.later)


def test_a_paper_needs_its_file(place: Town) -> None:
    facts = make.invoice_facts(place.city.enterprise, place.city.provider)
    with pytest.raises(Invalid) as refusal:
        service.record_invoice(place.city.enterprise.id, facts, by=place.owner, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["file-missing"]


def test_one_invoice_serves_two_claims_up_to_its_total(place: Town) -> None:
    paper = invoice(place)
    service.allocate("claim:1", [Part(60_000, invoice_id=paper.id)], by=place.owner, now=place.later)
    with pytest.raises(OverAllocated) as refusal:
        service.allocate("claim:2", [Part(30_001, invoice_id=paper.id)], by=place.owner, now=place.later)
    assert refusal.value.values["left"] == "¥300.00"
    service.allocate("claim:2", [Part(30_000, invoice_id=paper.id)], by=place.owner, now=place.later)
    assert queries.invoice_for(place.owner, paper.id).allocated_fen == 90_000


def test_allocating_again_replaces_what_was_there(place: Town) -> None:
    paper = invoice(place)
    service.allocate("claim:1", [Part(60_000, invoice_id=paper.id)], by=place.owner, now=place.later)
    service.allocate("claim:1", [Part(90_000, invoice_id=paper.id)], by=place.owner, now=place.later)
    assert [part.amount_fen for part in queries.allocations("claim:1")] == [90_000]
    service.release_allocations("claim:1")
    assert queries.invoice_for(place.owner, paper.id).allocated_fen == 0


def test_the_database_itself_refuses_to_use_more_than_a_paper_says(place: Town, session: Session) -> None:
    paper = invoice(place)
    with pytest.raises(IntegrityError):
        session.execute(update(Invoice).where(Invoice.id == paper.id).values(allocated_fen=90_001))


def test_a_voided_invoice_cannot_be_used(place: Town) -> None:
    paper = invoice(place)
    service.set_invoice_status(paper.id, InvoiceStatus.VOID, reason="开错", by=place.owner, now=place.later)
    with pytest.raises(Invalid) as refusal:
        service.allocate("claim:1", [Part(1, invoice_id=paper.id)], by=place.owner, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["invoice-not-valid"]


def test_other_peoples_papers_cannot_be_used(place: Town) -> None:
    paper = invoice(place)
    with pytest.raises(Invalid) as refusal:
        service.allocate("claim:1", [Part(1, invoice_id=paper.id)], by=place.finance, now=place.later)
    assert [problem.code for problem in refusal.value.problems] == ["paper-unknown"]
