"""The pages of claims and batches, each as the person who needs it."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import ClaimState
from tests.factories import billing as papers
from tests.factories.settlement import Town, town


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town on the day claims are filed."""
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.later)
    return made


@pytest.fixture
def browse(client: FlaskClient, session: Session) -> Any:
    """Sign in as somebody: ``browse(actor).get(path)``."""

    def sign_in(actor: Actor) -> Any:
        person = session.get(Person, actor.id)
        return client.sign_in(person)  # type: ignore[attr-defined]

    return sign_in


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def test_what_can_be_claimed_is_offered_and_becomes_a_draft(place: Town, browse: Any) -> None:
    usage = place.usage()
    page = browse(place.owner)
    assert place.voucher.number in text_of(page.get("/claims/new"))
    address = f"/claims/new?voucher={place.voucher.id}&provider={place.city.provider.id}"
    assert usage.number in text_of(page.get(address))
    form = {"voucher_id": place.voucher.id, "provider_id": place.city.provider.id, "usage": usage.id}
    answer = page.post("/claims/new", data=form)
    claim = place.session.query(Claim).one()
    assert (answer.status_code, answer.location) == (303, f"/claims/{claim.id}/edit")


def test_the_pack_is_kept_and_the_claim_filed(place: Town, browse: Any) -> None:
    usage = place.usage()
    who = {"by": place.owner, "now": place.later}
    firm, provider = place.city.enterprise, place.city.provider
    invoice, payment = papers.invoice(firm, provider, **who), papers.payment(firm, provider, 45_000, **who)
    contract = papers.contract(firm, provider, **who)
    claim = place.draft(service.Pack(usage_ids=[usage.id]))
    page = browse(place.owner)
    edit = text_of(page.get(f"/claims/{claim.id}/edit"))
    assert invoice.key in edit
    assert contract.number in edit
    form = {
        "usage": usage.id, "contract": contract.id, f"invoice-{invoice.id}": "900.00", f"payment-{payment.id}": "450",
        "declared": "y", "report_number": "BG-9", "report": (papers.pdf("r"), "报告.pdf"),
    }  # fmt: skip
    answer = page.post(f"/claims/{claim.id}/edit", data=form, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, f"/claims/{claim.id}")
    assert page.post(f"/claims/{claim.id}/submit").status_code == 303
    assert queries.claim(claim.id).state is ClaimState.SUBMITTED


def test_an_incomplete_claim_answers_with_everything_that_is_missing(place: Town, browse: Any) -> None:
    claim = place.draft(service.Pack(usage_ids=[place.usage().id]))
    answer = browse(place.owner).post(f"/claims/{claim.id}/submit")
    assert answer.status_code == 422
    for words in ("没有合同", "没有发票"):
        assert words in text_of(answer)


def test_amounts_with_letters_are_refused_beside_the_form(place: Town, browse: Any) -> None:
    claim = place.draft()
    for typed in ("abc", "-5", "9" * 40, "1\x00"):
        answer = browse(place.owner).post(f"/claims/{claim.id}/edit", data={"invoice-1": typed})
        assert answer.status_code == 422


def test_more_than_is_left_of_an_invoice_is_refused_with_the_rest_named(place: Town, browse: Any) -> None:
    claim = place.draft()
    invoice = papers.invoice(place.city.enterprise, place.city.provider, by=place.owner, now=place.later)
    answer = browse(place.owner).post(f"/claims/{claim.id}/edit", data={f"invoice-{invoice.id}": "900.01"})
    assert answer.status_code == 422
    assert "¥900.00" in text_of(answer)


def test_reviewer_and_approver_decide_on_the_page(place: Town, browse: Any) -> None:
    claim = place.filed()
    page = browse(place.city.reviewer)
    assert "金额" in text_of(page.get(f"/claims/{claim.id}"))
    assert page.post(f"/claims/{claim.id}/approve", data={"opinion": ""}).status_code == 422
    assert page.post(f"/claims/{claim.id}/approve", data={"opinion": "属实"}).status_code == 303
    page = browse(place.city.approver)
    assert page.post(f"/claims/{claim.id}/approve", data={"opinion": "同意", "amount_fen": "999999"}).status_code == 422
    assert page.post(f"/claims/{claim.id}/approve", data={"opinion": "同意", "amount_fen": "400"}).status_code == 303
    assert queries.claim(claim.id).approved_fen == 40_000


def test_a_finding_is_noted_on_the_page(place: Town, browse: Any) -> None:
    place.city.provider.phone = place.city.enterprise.phone
    claim = service.submit(place.draft().id, by=place.owner, now=place.later)
    finding = queries.claim(claim.id).findings[0]
    page = browse(place.city.reviewer)
    assert page.post(f"/claims/{claim.id}/findings/{finding.id}/note", data={"note": "园区总机"}).status_code == 303
    assert "园区总机" in text_of(page.get(f"/claims/{claim.id}"))


def test_a_return_shows_the_applicant_every_defect(place: Town, browse: Any) -> None:
    claim = place.filed()
    data = {"defects": ["contract-pages", "account"], "reason": "请一次补齐"}
    assert browse(place.city.reviewer).post(f"/claims/{claim.id}/return", data=data).status_code == 303
    shown = text_of(browse(place.owner).get(f"/claims/{claim.id}"))
    assert "请一次补齐" in shown
    assert shown.count("<li>") >= 2


def test_the_provider_sees_the_claim_but_not_the_papers(place: Town, browse: Any) -> None:
    claim = place.filed()
    shown = text_of(browse(place.finance).get(f"/claims/{claim.id}"))
    assert claim.number in shown
    assert "/file" not in shown
    paper = queries.papers_of(claim.id)[-1]
    assert browse(place.finance).get(f"/claims/{claim.id}/papers/{paper.id}/file").status_code == 403


def test_a_stranger_finds_no_claim(place: Town, browse: Any, session: Session) -> None:
    from tests.factories.occupancy import member, organisation

    stranger = member(session, organisation(session, "外单位"), "owner")
    claim = place.filed()
    assert browse(stranger).get(f"/claims/{claim.id}").status_code == 404
    assert browse(stranger).post(f"/claims/{claim.id}/withdraw").status_code == 404
    assert claim.number not in text_of(browse(stranger).get("/claims"))


def test_opening_a_report_is_kept_and_the_enterprise_sees_it(place: Town, browse: Any) -> None:
    claim = place.filed()
    paper = next(paper for paper in queries.papers_of(claim.id) if paper.file_id)
    answer = browse(place.city.reviewer).get(f"/claims/{claim.id}/papers/{paper.id}/file", buffered=True)
    assert answer.mimetype == "application/pdf"
    assert "打开了报告" in text_of(browse(place.owner).get(f"/claims/{claim.id}"))


def test_lists_filter_by_state_words_and_what_waits_for_me(place: Town, browse: Any) -> None:
    claim = place.filed()
    page = browse(place.city.reviewer)
    assert claim.number in text_of(page.get("/claims?mine=1"))
    assert claim.number in text_of(page.get(f"/claims?q={claim.number}&state=submitted"))
    assert claim.number not in text_of(page.get("/claims?state=paid"))
    assert claim.number not in text_of(browse(place.city.approver).get("/claims?mine=1"))
    assert page.get("/claims?page=0").status_code == 422
    assert page.get("/claims?state=nonsense&q=%00").status_code == 200


def test_a_batch_goes_its_way_by_clicks(place: Town, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    place.approved()
    pool = place.city.pool.id
    form = {"pool_id": pool, "period_start": "2026-07-01", "period_end": "2026-12-31"}
    answer = browse(place.treasurer).post("/batches", data=form)
    assert answer.status_code == 303
    batch_id = int(answer.location.rsplit("/", 1)[1])
    here = f"/batches/{batch_id}"
    assert browse(place.leader).post(f"{here}/check").status_code == 303
    posting = {"title": "兑付公示", "body": "公示", "posted_on": "2026-11-27", "address": "https://www.example.cn/1"}
    assert browse(place.city.approver).post(f"{here}/notice", data=posting).status_code == 303
    monkeypatch.setattr(clock, "now", lambda: place.paid_at)
    from equipment_cloud.settlement import jobs

    assert jobs.close_notices(date(2026, 12, 9), place.paid_at).done == 1
    page = browse(place.treasurer)
    assert page.post(f"{here}/send", data={"document_number": "余科〔2026〕9号"}).status_code == 303
    workbook = page.get(f"{here}/payment-list.xlsx?bank=示例银行", buffered=True)
    assert workbook.data[:2] == b"PK"
    claim = place.claims_of(queries.batch(batch_id))[0]
    csv = f"序号,申请编号,金额,支付结果,支付日期\n1,{claim.number},450.00,成功,2026-12-11\n9,C9,1,成功,2026-12-11\n"
    upload = {"file": (io.BytesIO(csv.encode()), "结果.csv")}
    answer = page.post(f"{here}/results", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 303
    shown = text_of(page.get(answer.location))
    assert "没有第 9 行" in shown.replace("第9行", "第 9 行")
    assert page.post(f"{here}/close").status_code == 303
    assert queries.claim(claim.id).state is ClaimState.PAID
    assert "¥450.00" in text_of(page.get(here))


def test_a_file_that_is_no_table_is_refused_with_a_reason(place: Town, browse: Any) -> None:
    batch = place.sent()
    here = f"/batches/{batch.id}/results"
    for content, name in (
        (b"", "a.xlsx"),
        (b"%PDF-1.4", "a.xlsx"),
        (b"PK\x03\x04junk", "a.xlsx"),
        (b"a,b\n1,2", "a.csv"),
    ):
        upload = {"file": (io.BytesIO(content), name)}
        answer = browse(place.treasurer).post(here, data=upload, content_type="multipart/form-data")
        assert answer.status_code == 422


def test_only_those_who_review_see_batches(place: Town, browse: Any) -> None:
    batch = place.assembled()
    assert browse(place.owner).get(f"/batches/{batch.id}").status_code == 403
    assert browse(place.auditor).get(f"/batches/{batch.id}").status_code == 200
    assert browse(place.auditor).post(f"/batches/{batch.id}/check").status_code == 403
    assert browse(place.leader).post("/batches", data={}).status_code == 403


def test_pages_need_few_statements_however_many_lines(place: Town, browse: Any, statements: list[str]) -> None:
    batch = place.noticed(claims=5)
    claim = place.claims_of(batch)[0]
    paths = {
        place.city.reviewer: [f"/claims/{claim.id}", "/claims", "/batches", f"/batches/{batch.id}"],
        place.owner: [f"/claims/{claim.id}", "/claims", "/claims/new"],
    }
    for actor, addresses in paths.items():
        page = browse(actor)
        for address in addresses:
            place.session.expire_all()
            statements.clear()
            assert page.get(address).status_code == 200
            assert len(statements) <= 12, (address, len(statements), "\n".join(statements))


def test_every_page_opens_in_english_too(place: Town, browse: Any) -> None:
    batch = place.noticed()
    claim = place.claims_of(batch)[0]
    addresses = {
        place.city.reviewer: f"/claims/{claim.id}", place.leader: f"/batches/{batch.id}", place.owner: "/claims/new",
    }  # fmt: skip
    for actor, address in addresses.items():
        assert browse(actor).get(f"{address}?lang=en").status_code == 200
