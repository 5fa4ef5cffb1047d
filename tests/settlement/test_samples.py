"""The second look: drawn once, by a seed anyone can check; judged by who did not decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import SamePerson
from equipment_cloud.settlement import jobs, queries, service
from equipment_cloud.settlement.models import Sample
from equipment_cloud.settlement.rules import ClaimState
from equipment_cloud.settlement.rules.sampling import PaidClaim, SampleState, plan_sample, rank
from tests.factories.occupancy import join
from tests.factories.settlement import Town, town
from tests.settlement.conftest import Call

HALF = (date(2026, 7, 1), date(2026, 12, 31))
AFTER = date(2027, 2, 1)
PAID = st.lists(st.integers(1, 10**9), max_size=60).map(
    lambda amounts: [PaidClaim(number, f"C2026-{number:04d}", fen) for number, fen in enumerate(amounts, start=1)]
)


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.paid_at)
    return made


@pytest.fixture
def drawn(place: Town) -> Sample:
    """The one claim a pool paid, drawn."""
    paid(place, 1)
    sample = service.draw_sample(place.city.pool.id, *HALF, 500, seed="s", now=place.paid_at)
    assert sample is not None
    return sample


def paid(place: Town, claims: int) -> None:
    """So many approved claims, paid in December."""
    for _each in range(claims):
        claim = place.approved()
        claim.state, claim.paid_on = ClaimState.PAID, date(2026, 12, 11)
    place.session.flush()


@given(PAID, st.integers(1, 10_000), st.text(max_size=8))
def test_a_draw_makes_up_the_rate_in_number_and_money_and_no_more(
    claims: list[PaidClaim], rate_bp: int, seed: str
) -> None:
    drawn = plan_sample(claims, rate_bp, seed)
    fen, total = sum(claim.amount_fen for claim in drawn), sum(claim.amount_fen for claim in claims)
    assert len(drawn) * 10_000 >= len(claims) * rate_bp
    assert fen * 10_000 >= total * rate_bp
    assert [rank(seed, claim.number) for claim in drawn] == sorted(rank(seed, claim.number) for claim in claims)[
        : len(drawn)
    ]
    if drawn:
        short = len(drawn) - 1
        left = fen - drawn[-1].amount_fen
        assert short * 10_000 < len(claims) * rate_bp or left * 10_000 < total * rate_bp


def test_the_same_seed_draws_the_same_claims_and_another_seed_others() -> None:
    claims = [PaidClaim(number, f"C2026-{number:04d}", 100) for number in range(400)]
    first = plan_sample(claims, 500, "one")
    assert (len(first), plan_sample(list(reversed(claims)), 500, "one")) == (20, first)
    assert plan_sample(claims, 500, "two") != first


def test_the_clock_draws_a_half_year_once_for_each_pool(place: Town) -> None:
    paid(place, 3)
    place.session.commit()
    assert [jobs.draw_sample(AFTER, place.paid_at).done for _run in range(2)] == [1, 0]
    sample = place.session.scalars(select(Sample)).one()
    assert (sample.period_start, sample.period_end, sample.rate_bp) == (*HALF, 500)
    assert (sample.population, sample.population_fen, len(sample.seed)) == (3, 135_000, 32)
    assert queries.sample_sums([sample.id])[sample.id].drawn == 1
    note = place.session.scalars(select(AuditNote).where(AuditNote.action == "settlement.draw-sample")).one()
    assert note.detail["seed"] == sample.seed


def test_what_was_not_paid_in_the_period_is_not_drawn_from(place: Town) -> None:
    place.approved()
    paid(place, 1)
    assert service.draw_sample(place.city.pool.id, *HALF, 0, seed="s", now=place.paid_at) is None
    before = (date(2026, 1, 1), date(2026, 6, 30))
    assert service.draw_sample(place.city.pool.id, *before, 500, seed="s", now=place.paid_at) is None
    assert [claim.amount_fen for claim in queries.paid_claims(place.city.pool.id, *HALF)] == [45_000]


def test_who_decided_a_claim_does_not_look_again(place: Town, drawn: Sample) -> None:
    join(place.session, place.city.approver, place.city.bureau, "auditor")
    line = queries.sample_lines(drawn.id, number=1, size=1).items[0]
    both = place.auditor.__class__(place.city.approver.id, place.city.approver.name, place.auditor.grants)
    with pytest.raises(SamePerson):
        service.judge_sampled(line.id, SampleState.CLEAR, "属实", by=both, now=place.paid_at)


def test_a_second_look_is_recorded_once_by_calls(place: Town, drawn: Sample, call: Call) -> None:
    here = f"/samples/{drawn.id}"
    shown = call(place.city.reviewer, "GET", here).json
    assert (shown["seed"], shown["drawn"], shown["drawn_fen"], shown["open"]) == ("s", 1, 45_000, 1)
    assert call(place.city.reviewer, "GET", "/samples").json["page"]["total"] == 1
    line = call(place.auditor, "GET", f"{here}/lines").json["items"][0]
    path, body = f"{here}/lines/{line['id']}", {"result": "irregular", "opinion": "报告与样品不符"}
    assert call(place.owner, "GET", here).status_code == 403
    assert call(place.city.reviewer, "POST", path, json=body).status_code == 403
    assert call(place.auditor, "POST", path, json={"result": "open", "opinion": "x"}).status_code == 422
    assert call(place.auditor, "POST", f"{here}/lines/999999", json=body).status_code == 404
    done = call(place.auditor, "POST", path, json=body)
    assert (done.json["state"], done.json["judged_by"]) == ("irregular", place.auditor.name)
    assert call(place.auditor, "POST", path, json=body).json["code"] == "wrong-state"
    told = select(OutboxMessage.person_id).where(OutboxMessage.kind == "settlement.irregular")
    assert place.session.scalars(told).all() == [place.leader.id]


def test_the_pages_show_the_draw_and_take_what_was_found(place: Town, drawn: Sample, client: FlaskClient) -> None:
    page: Any = client.sign_in(place.session.get_one(Person, place.leader.id))  # type: ignore[attr-defined]
    assert f"/samples/{drawn.id}" in page.get("/samples").text
    assert "待抽查" in page.get(f"/samples/{drawn.id}").text
    line = queries.sample_lines(drawn.id, number=1, size=1).items[0]
    address = f"/samples/{drawn.id}/lines/{line.id}"
    assert 'name="opinion"' in page.get(address).text
    assert page.post(address, data={"result": "clear"}).status_code == 422
    assert page.post(address, data={"result": "clear", "opinion": "现场核查属实"}).status_code == 303
    assert "现场核查属实" in page.get(address).text
    assert page.post(address, data={"result": "clear", "opinion": "再次"}).status_code == 409
    assert page.get("/samples/999999").status_code == 404
