"""Pages of vouchers, pools and policies: what people see, may do, and are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.foundation.access import Actor
from equipment_cloud.vouchers import queries, service
from equipment_cloud.vouchers.models import Voucher, VoucherState
from tests.factories.occupancy import member
from tests.factories.vouchers import City, city, document

SignIn = Callable[[Actor], FlaskClient]
EXAMPLE = "示例政策"


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return str(answer.get_data(as_text=True))


def submitted(town: City) -> Voucher:
    row = service.apply(town.enterprise.id, town.version.policy_id, 1_000_000, "试制", by=town.researcher, now=town.now)
    return service.submit(row.id, by=town.researcher, now=town.now)


def test_a_visitor_reads_policies_and_is_asked_to_sign_in_for_vouchers(client: FlaskClient, town: City) -> None:
    assert EXAMPLE in text(client, "/policies")
    assert EXAMPLE in text(client, "/policies/half")
    assert client.get("/vouchers").status_code == 303


def test_an_amount_is_tried_on_a_policy_line_by_line(client: FlaskClient, town: City, today: datetime) -> None:
    page = text(client, "/policies/half/try?price_fen=1234.50&category=testing&purpose=rd&region=330281")
    assert "¥1,234.50" in page
    assert "¥617.00" in page
    assert "第一条" in page
    assert "<html" not in page
    assert "¥617.00" in text(client, "/policies/half?price_fen=1234.50&category=testing&purpose=rd&region=330281")


@pytest.mark.parametrize("price", ["-5", "many", "9" * 40, "1.234", "", "%00"])
def test_an_amount_that_is_none_is_answered_clearly(client: FlaskClient, town: City, price: str) -> None:
    query = f"price_fen={price}&category=testing&purpose=rd&region=330281"
    assert "¥" not in text(client, f"/policies/half/try?{query}")
    assert client.get(f"/policies/half?{query}").status_code == 200


def test_a_purpose_that_is_excluded_is_told_with_a_remedy(client: FlaskClient, town: City) -> None:
    query = "price_fen=4000&category=testing&purpose=certification&region=330281&lang=en"
    page = text(client, f"/policies/half/try?{query}")
    assert "The policy does not support this purpose." in page
    assert "Book without a voucher" in page


def test_older_versions_of_a_policy_stay_readable(client: FlaskClient, town: City, today: datetime) -> None:
    later = document(version=2, valid_from="2026-11-20", tiers=[{"up_to_fen": None, "rate_bp": 2_500}])
    service.publish_document(later, by=town.keeper, now=town.now)
    assert "25 %" in text(client, "/policies/half")
    assert "50 %" in text(client, "/policies/half?version=1")
    assert client.get("/policies/half?version=99").status_code == 404
    assert client.get("/policies/nothing").status_code == 404


def test_an_application_goes_through_the_pages_to_a_voucher(session: Session, as_person: SignIn, town: City) -> None:
    browser = as_person(town.researcher)
    assert EXAMPLE in text(browser, "/vouchers/apply")
    form = {"organisation_id": town.enterprise.id, "policy_id": town.version.policy_id, "requested_fen": "12,000",
            "purpose": "新品试制"}  # fmt: skip
    answer = browser.post("/vouchers/apply", data=form)
    assert answer.status_code == 303
    voucher = session.get_one(Voucher, int(answer.location.rsplit("/", 1)[1]))
    assert voucher.requested_fen == 1_200_000
    assert browser.post(f"/vouchers/{voucher.id}/submit").status_code == 303
    queue = text(as_person(town.reviewer), "/vouchers")
    assert voucher.number in queue
    passed = {"opinion": "齐全", "decision": "pass"}
    decided = as_person(town.reviewer).post(f"/vouchers/{voucher.id}/decide", data=passed)
    assert decided.status_code == 303
    assert voucher.number in text(as_person(town.approver), "/vouchers")
    issue = {"opinion": "同意", "amount_fen": "10000", "decision": "pass"}
    assert as_person(town.approver).post(f"/vouchers/{voucher.id}/decide", data=issue).status_code == 303
    assert (voucher.state, voucher.issued_fen) == (VoucherState.ISSUED, 1_000_000)
    page = text(as_person(town.researcher), f"/vouchers/{voucher.id}")
    assert EXAMPLE in page
    assert "¥10,000.00" in page
    assert "同意" in page


def test_a_slip_in_the_application_stands_beside_its_field(as_person: SignIn, session: Session, now: datetime) -> None:
    town = city(session, now, max_held_fen=500_000)
    form = {"organisation_id": town.enterprise.id, "policy_id": town.version.policy_id, "purpose": "试制"}
    browser = as_person(town.researcher)
    for amount in ("0", "-1", "abc", "9" * 40, "6000.50", ""):
        answer = browser.post("/vouchers/apply", data=form | {"requested_fen": amount})
        assert answer.status_code == 422, amount
        assert "requested_fen-error" in answer.get_data(as_text=True)


def test_nobody_applies_for_another_enterprise(as_person: SignIn, town: City) -> None:
    form = {"organisation_id": town.provider.id, "policy_id": town.version.policy_id, "requested_fen": "1",
            "purpose": "试制"}  # fmt: skip
    assert as_person(town.researcher).post("/vouchers/apply", data=form).status_code in (403, 422)


def test_the_list_says_what_is_left_and_what_ends_when(as_person: SignIn, town: City) -> None:
    town.hold(town.voucher())
    page = text(as_person(town.researcher), "/vouchers")
    for expected in ("¥9,500.00", "¥500.00", "2026-12-31", "2027-01-31", EXAMPLE):
        assert expected in page


def test_an_enterprise_without_vouchers_is_told_how_to_get_one(as_person: SignIn, town: City) -> None:
    assert "/vouchers/apply" in text(as_person(town.researcher), "/vouchers")


def test_a_voucher_shows_each_entry_with_the_record_it_came_from(as_person: SignIn, town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher, 100_000, "booking:7")
    town.hold(voucher, 60_000, "booking:8")
    service.draw("booking:7", price_fen=100_000, by=town.researcher, now=town.now)
    page = text(as_person(town.researcher), f"/vouchers/{voucher.id}")
    assert 'href="/bookings/7"' in page
    assert 'href="/bookings/8"' in page
    assert town.provider.name in page


def test_what_is_sent_back_shows_every_defect(as_person: SignIn, town: City) -> None:
    voucher = submitted(town)
    data = {"opinion": "请补正", "defects": "缺执照\n\n用途不清\n", "decision": "send-back"}
    assert as_person(town.reviewer).post(f"/vouchers/{voucher.id}/decide", data=data).status_code == 303
    browser = as_person(town.researcher)
    page = text(browser, f"/vouchers/{voucher.id}")
    assert "<li>缺执照</li>" in page
    assert "<li>用途不清</li>" in page
    form = {"requested_fen": "9000", "purpose": "新品试制"}
    assert browser.post(f"/vouchers/{voucher.id}/edit", data=form).status_code == 303
    assert voucher.requested_fen == 900_000
    assert browser.post(f"/vouchers/{voucher.id}/submit").status_code == 303


def test_a_decision_needs_an_opinion(as_person: SignIn, town: City) -> None:
    voucher = submitted(town)
    answer = as_person(town.reviewer).post(f"/vouchers/{voucher.id}/decide", data={"decision": "refuse"})
    assert answer.status_code == 422
    assert voucher.state is VoucherState.SUBMITTED


def test_the_reviewer_is_told_that_the_next_step_is_a_colleagues(as_person: SignIn, town: City) -> None:
    both = member(town.session, town.bureau, "reviewer", "approver")
    voucher = service.review(submitted(town).id, "齐全", by=both, now=town.now)
    browser = as_person(both)
    assert 'name="decision"' not in text(browser, f"/vouchers/{voucher.id}")
    data = {"opinion": "同意", "amount_fen": "10000", "decision": "pass"}
    assert browser.post(f"/vouchers/{voucher.id}/decide", data=data).status_code == 403
    assert voucher.state is VoucherState.REVIEWED


def test_an_empty_pool_refuses_beside_the_form(as_person: SignIn, session: Session, now: datetime) -> None:
    town = city(session, now, planned_fen=500_000)
    voucher = service.review(submitted(town).id, "齐全", by=town.reviewer, now=now)
    session.commit()
    data = {"opinion": "同意", "amount_fen": "10000", "decision": "pass"}
    answer = as_person(town.approver).post(f"/vouchers/{voucher.id}/decide", data=data)
    assert answer.status_code == 409
    assert "¥5,000.00" in answer.get_data(as_text=True)


def test_a_voucher_is_frozen_let_go_and_given_back(as_person: SignIn, town: City) -> None:
    voucher = town.voucher()
    url = f"/vouchers/{voucher.id}"
    assert as_person(town.approver).post(f"{url}/freeze", data={"reason": "核查"}).status_code == 303
    assert as_person(town.researcher).post(f"{url}/return", data={"reason": "不用了"}).status_code == 409
    assert as_person(town.approver).post(f"{url}/unfreeze", data={"reason": "核查完毕"}).status_code == 303
    assert as_person(town.researcher).post(f"{url}/return", data={"reason": "不用了"}).status_code == 303
    assert voucher.state is VoucherState.RETURNED


def test_strangers_find_no_voucher_and_wrong_roles_do_nothing(as_person: SignIn, town: City) -> None:
    voucher = town.voucher()
    stranger = member(town.session, town.provider, "manager")
    assert as_person(stranger).get(f"/vouchers/{voucher.id}").status_code == 404
    accountant = member(town.session, town.enterprise, "accountant")
    browser = as_person(accountant)
    assert browser.get(f"/vouchers/{voucher.id}").status_code == 200
    assert browser.post(f"/vouchers/{voucher.id}/return", data={"reason": "x"}).status_code == 403
    for path in (f"/vouchers/{voucher.id}/decide", f"/vouchers/{voucher.id}/freeze"):
        assert browser.post(path, data={"reason": "x"}).status_code == 403
    for number in ("2147483648", "9" * 40):
        assert browser.get(f"/vouchers/{number}").status_code == 404


def test_pools_are_planned_and_withdrawn_by_document(as_person: SignIn, town: City) -> None:
    browser = as_person(town.keeper)
    assert "¥100,000.00" in text(browser, "/vouchers/pools")
    form = {
        "policy_id": town.version.policy_id,
        "year": "2026",
        "amount_fen": "5000",
        "document_number": "示例7号",
    }
    assert browser.post("/vouchers/pools", data=form).status_code == 303
    assert browser.post("/vouchers/pools", data=form).status_code == 409
    url = f"/vouchers/pools/{town.pool.id}"
    take = {"amount_fen": "1000000", "document_number": "示例〔2026〕8号"}
    assert browser.post(f"{url}/withdraw", data=take).status_code == 409
    assert browser.post(f"{url}/withdraw", data=take | {"amount_fen": "1000"}).status_code == 303
    town.voucher()
    page = text(browser, url)
    assert "示例7号" in page
    assert "¥104,000.00" in page
    assert re.search(r"YY2026-\d{4}", page)


def test_a_slip_in_a_plan_stands_beside_its_field(as_person: SignIn, town: City) -> None:
    browser = as_person(town.keeper)
    form = {"policy_id": town.version.policy_id, "year": "20261", "amount_fen": "abc", "document_number": ""}
    page = browser.post("/vouchers/pools", data=form).get_data(as_text=True)
    for field in ("year", "amount_fen", "document_number"):
        assert f'id="{field}-error"' in page


def test_auditors_read_pools_but_plan_nothing(as_person: SignIn, town: City) -> None:
    auditor = member(town.session, town.bureau, "auditor")
    browser = as_person(auditor)
    assert 'id="plan"' not in text(browser, "/vouchers/pools")
    assert browser.post("/vouchers/pools", data={}).status_code == 403
    assert as_person(town.researcher).get("/vouchers/pools").status_code == 403


def test_pages_speak_both_languages(as_person: SignIn, town: City) -> None:
    town.hold(town.voucher())
    browser = as_person(town.researcher)
    for path in ("/vouchers", "/vouchers/apply", "/policies", "/policies/half", f"/vouchers/{newest(town)}"):
        assert "lang=" not in path
        english, chinese = text(browser, f"{path}?lang=en"), text(browser, f"{path}?lang=zh_CN")
        assert english != chinese


def newest(town: City) -> int:
    return int(queries.vouchers_page(town.researcher, number=1, size=1).items[0].id)


def test_no_page_asks_more_than_twelve_questions(as_person: SignIn, town: City, statements: list[str]) -> None:
    voucher = town.voucher()
    for number in range(5):
        town.hold(voucher, 10_000, f"booking:{number}")
    paths = {
        town.researcher: ["/vouchers", f"/vouchers/{voucher.id}", "/vouchers/apply"],
        town.reviewer: ["/vouchers", "/vouchers?view=all"],
        town.keeper: ["/vouchers/pools", f"/vouchers/pools/{town.pool.id}", "/policies", "/policies/half"],
    }
    for actor, addresses in paths.items():
        browser = as_person(actor)
        for address in addresses:
            statements.clear()
            assert browser.get(address).status_code == 200
            assert len(statements) <= 12, (address, len(statements), statements)
