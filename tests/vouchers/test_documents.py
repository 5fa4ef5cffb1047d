"""Policies as data: checked by schema, published once, and tried out without a database."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.vouchers import calculate, documents, queries, service
from equipment_cloud.vouchers.documents import FOLDER
from tests.factories.occupancy import member, organisation
from tests.factories.vouchers import YUHUAN, document

EXAMPLE = json.loads((FOLDER / "yuyao-example.json").read_text(encoding="utf-8"))


def paths(found: Any) -> set[str]:
    return {problem.field for problem in found}


def test_the_shipped_example_and_the_neighbours_rules_follow_the_schema() -> None:
    assert documents.problems_with_policy(EXAMPLE) == []
    assert documents.problems_with_policy(YUHUAN) == []
    assert EXAMPLE["example"] is True
    assert "示例" in EXAMPLE["name"]


def test_everything_wrong_with_a_policy_is_told_at_once() -> None:
    broken = document(unit_fen=0, tiers=[{"up_to_fen": None, "rate_bp": 10_001}], validity={"months": 3, "until": "x"},
                      surprise=1)  # fmt: skip
    del broken["redemption_days"]
    assert paths(documents.problems_with_policy(broken)) == {"document", "unit_fen", "tiers.0.rate_bp", "validity"}


@pytest.mark.parametrize("nonsense", [None, [], "text", 7, {}, {"code": None}, {"tiers": "x" * 10_000}])
def test_nonsense_is_refused_with_reasons(nonsense: object) -> None:
    assert documents.problems_with_policy(nonsense)


def test_what_a_schema_cannot_say_is_checked_too() -> None:
    assert paths(documents.problems_with_policy(document(valid_to="2025-01-01"))) == {"valid_to"}
    open_first = [{"up_to_fen": None, "rate_bp": 1}, {"up_to_fen": 5, "rate_bp": 1}]
    assert paths(documents.problems_with_policy(document(tiers=open_first))) == {"tiers"}
    assert documents.problems_with_policy(document(valid_from="2026-02-30"))


def test_the_checksum_ignores_order_and_nothing_else() -> None:
    turned = dict(reversed(list(EXAMPLE.items())))
    assert documents.checksum(turned) == documents.checksum(EXAMPLE)
    assert documents.checksum(EXAMPLE | {"unit_fen": 1}) != documents.checksum(EXAMPLE)


@pytest.mark.parametrize(
    ("yuan", "amount"), [(8_000, 8_000), (30_000, 20_000), (60_000, 20_000)]
)  # fmt: skip
def test_a_trial_calculation_answers_as_promised(app: Flask, yuan: int, amount: int) -> None:
    with app.test_request_context():
        answer = calculate.run(YUHUAN, {"price_fen": yuan * 100})
    assert set(answer) == {"eligible", "amount_fen", "calculation", "reasons", "explanation"}
    assert (answer["eligible"], answer["amount_fen"], answer["reasons"]) == (True, amount * 100, [])
    assert {"code", "label", "amount_fen", "limit_fen", "binding"} <= set(answer["calculation"][0])
    assert sum(line["binding"] for line in answer["calculation"]) == 1
    assert f"¥{amount:,}.00" in answer["explanation"]
    json.dumps(answer)


def test_a_trial_calculation_works_outside_a_request(app: Flask) -> None:
    with app.app_context():
        answer = calculate.run(EXAMPLE, {"price_fen": 400_000, "provider_region": "330281001"})
    assert answer["amount_fen"] == 200_000


def test_an_ineligible_case_says_why_and_what_to_do(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        answer = calculate.run(EXAMPLE, {"price_fen": 400_000, "purpose": "certification", "own_service": True})
    assert (answer["eligible"], answer["amount_fen"]) == (False, 0)
    assert {reason["code"] for reason in answer["reasons"]} == {"purpose-excluded", "own-service"}
    assert all(reason["remedy"] and reason["message"] in answer["explanation"] for reason in answer["reasons"])


@pytest.mark.parametrize(
    "case", [{}, {"price_fen": -1}, {"price_fen": 10**40}, {"price_fen": "8"}, {"price_fen": 1, "x": 1}]
)
def test_a_wrong_case_is_refused(app: Flask, case: dict[str, Any]) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        calculate.run(EXAMPLE, case)


def test_versions_follow_each_other_in_number_and_date(session: Session, now: datetime) -> None:
    keeper = member(session, organisation(session, "科技局"), "policy")
    first = service.publish_document(document(), by=keeper, now=now)
    for wrong in (document(version=3, valid_from="2026-05-01"), document(version=2, valid_from="2026-01-01")):
        with pytest.raises(Invalid), session.begin_nested():
            service.publish_document(wrong, by=keeper, now=now)
    second = service.publish_document(document(version=2, valid_from="2026-07-01"), by=keeper, now=now)
    in_force = {day: queries.policy_version_on("half", day) for day in
                (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))}  # fmt: skip
    assert [each and each.id for each in in_force.values()] == [None, first.id, second.id]
    assert [each.number for each in queries.versions_of(first.policy_id)] == [2, 1]
    assert [each.id for each in queries.policies_on(date(2026, 8, 1))] == [second.id]


def test_a_published_version_is_published_once(session: Session, now: datetime) -> None:
    keeper = member(session, organisation(session, "科技局"), "policy")
    version = service.publish_document(document(), by=keeper, now=now)
    with pytest.raises(service.PublishedVersion):
        service.publish_version(version.id, by=keeper, now=now)
