"""Pages of bills, invoices and payments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.billing import service
from equipment_cloud.billing.models import Charge, Invoice, Payment
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from tests.factories import billing as make
from tests.factories.settlement import Town, town


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.later)
    return made


@pytest.fixture
def browse(client: FlaskClient, session: Session) -> Any:
    def sign_in(actor: Actor) -> Any:
        return client.sign_in(session.get(Person, actor.id))  # type: ignore[attr-defined]

    return sign_in


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def invoice_form(place: Town, **changes: Any) -> dict[str, Any]:
    facts = make.invoice_facts(place.city.enterprise, place.city.provider)
    return {
        "buyer_id": place.city.enterprise.id, "number": facts.number, "code": "", "issued_on": "2026-11-25",
        "buyer_name": facts.buyer_name, "buyer_code": facts.buyer_code, "seller_name": facts.seller_name,
        "seller_code": facts.seller_code, "item": facts.item, "net_fen": "849.06", "tax_fen": "50.94",
        "total_fen": "900.00", "file": (make.pdf(facts.number), "发票.pdf"), "next": "/claims",
    } | changes  # fmt: skip


def test_both_sides_see_the_bill_down_to_the_usage(place: Town, browse: Any, session: Session) -> None:
    usage = place.usage()
    service.issue_charges(now=place.later)
    charge = session.query(Charge).one()
    for actor in (place.owner, place.finance, place.city.reviewer):
        shown = text_of(browse(actor).get(f"/bills/{charge.id}"))
        assert usage.number in shown
        assert "对公转账" in shown
        assert place.city.enterprise.name in shown
        listed = text_of(browse(actor).get("/bills"))
        assert charge.number in listed
        assert "¥900.00" in listed


def test_a_stranger_finds_no_bill(place: Town, browse: Any, session: Session) -> None:
    from tests.factories.occupancy import member, organisation

    place.usage()
    service.issue_charges(now=place.later)
    stranger = member(session, organisation(session, "外单位"), "owner")
    charge = session.query(Charge).one()
    assert browse(stranger).get(f"/bills/{charge.id}").status_code == 404
    assert charge.number not in text_of(browse(stranger).get("/bills"))


def test_an_invoice_is_recorded_and_the_person_goes_back_where_they_came_from(place: Town, browse: Any) -> None:
    page = browse(place.owner)
    shown = text_of(page.get(f"/invoices/new?seller={place.city.provider.id}&next=/claims/3/edit"))
    assert place.city.provider.credit_code in shown
    assert place.city.enterprise.credit_code in shown
    answer = page.post("/invoices/new", data=invoice_form(place), content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, "/claims")
    paper = place.session.query(Invoice).one()
    assert page.get(f"/invoices/{paper.id}/file", buffered=True).mimetype == "application/pdf"
    assert browse(place.finance).get(f"/invoices/{paper.id}").status_code == 404
    assert browse(place.city.reviewer).get(f"/invoices/{paper.id}").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "1"}, {"total_fen": "abc"}, {"total_fen": "-1"}, {"total_fen": "9" * 40}, {"net_fen": "1.001"},
        {"buyer_code": "x" * 24}, {"issued_on": "2026-13-40"}, {"item": "a\x00b"}, {"buyer_id": "9" * 40},
        {"issued_on": "2099-01-01"}, {"file": (make.pdf(), "")},
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_a_reason(place: Town, browse: Any, changes: dict[str, Any]) -> None:
    answer = browse(place.owner).post(
        "/invoices/new", data=invoice_form(place, **changes), content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert place.session.query(Invoice).count() == 0


def test_a_page_elsewhere_is_never_gone_to(place: Town, browse: Any) -> None:
    form = invoice_form(place, next="https://evil.example/")
    answer = browse(place.owner).post("/invoices/new", data=form, content_type="multipart/form-data")
    assert answer.location.startswith("/invoices/")


def test_a_payment_is_recorded(place: Town, browse: Any) -> None:
    page = browse(place.owner)
    assert place.city.provider.name in text_of(page.get(f"/payments/new?payee={place.city.provider.id}"))
    form = {
        "payer_id": place.city.enterprise.id, "slip_number": "HD9", "paid_on": "2026-11-25", "payer_name": "甲",
        "payee_name": "乙", "amount_fen": "450", "file": (make.pdf("slip"), "回单.pdf"),
    }  # fmt: skip
    answer = page.post("/payments/new", data=form, content_type="multipart/form-data")
    payment = place.session.query(Payment).one()
    assert (answer.status_code, answer.location) == (303, f"/payments/{payment.id}")
    assert "HD9" in text_of(page.get("/payments?q=HD"))
    assert page.get(f"/payments/{payment.id}").status_code == 200


def test_an_invoice_is_marked_void_with_a_reason(place: Town, browse: Any) -> None:
    paper = make.invoice(place.city.enterprise, place.city.provider, by=place.owner, now=place.later)
    page = browse(place.owner)
    assert page.post(f"/invoices/{paper.id}/status", data={"status": "void", "reason": ""}).status_code == 422
    assert page.post(f"/invoices/{paper.id}/status", data={"status": "void", "reason": "开错"}).status_code == 303
    assert "作废" in text_of(page.get(f"/invoices/{paper.id}"))


def test_lists_are_paged_and_open_in_english(place: Town, browse: Any) -> None:
    for address in ("/bills", "/invoices", "/payments", "/invoices/new", "/payments/new"):
        assert browse(place.owner).get(f"{address}?lang=en").status_code == 200
        assert browse(place.owner).get("/bills?page=" + "9" * 40).status_code == 422
