"""The ledger refuses what must not be, and its proof finds whatever was changed behind its back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment_cloud.kernel.errors import Refused
from equipment_cloud.vouchers import ledger, queries, service
from equipment_cloud.vouchers.models import AccountKind, PolicyVersion
from equipment_cloud.vouchers.rules import Act
from tests.factories.vouchers import City, city, document

KINDS = (AccountKind.APPROPRIATION, AccountKind.POOL_FREE, AccountKind.POOL_PAID)


@pytest.fixture
def town(session: Session, now: datetime) -> City:
    return city(session, now, planned_fen=1_000_000)


def found() -> set[str]:
    return {breach["code"] for breach in ledger.verify()["breaches"]}


def accounts(town: City) -> tuple[int, int, int]:
    first, second, third = (ledger.account(kind, ledger.pool_owner(town.pool.id)) for kind in KINDS)
    return first, second, third


def test_appropriation_is_minus_the_sum_of_the_rest(town: City) -> None:
    town.hold(town.voucher(200_000))
    balances = ledger.balances(ledger.pool_owner(town.pool.id))
    assert balances[AccountKind.APPROPRIATION] == -1_000_000
    figures = queries.pool_figures([town.pool.id])[town.pool.id]
    assert figures.planned_fen == 1_000_000 == figures.free_fen + figures.available_fen + figures.held_fen


def test_an_overdraft_is_refused_and_moves_nothing(town: City, now: datetime) -> None:
    _start, free, paid = accounts(town)
    with pytest.raises(ledger.NotEnough):
        ledger.transfer(
            free, paid, 1_000_001, act=Act.PAY, cause="x", reference="pool:1", by=town.keeper, now=now
        )  # fmt: skip
    assert ledger.balances(ledger.pool_owner(town.pool.id))[AccountKind.POOL_FREE] == 1_000_000


def test_a_cause_moves_money_once(town: City, now: datetime) -> None:
    with pytest.raises(service.AlreadyMoved):
        service.plan_pool(town.version.policy_id, 2026, 500, "示例〔2026〕2号", by=town.keeper, now=now)


def test_a_pool_is_increased_and_withdrawn_by_document(town: City, now: datetime) -> None:
    service.plan_pool(town.version.policy_id, 2026, 500_000, "示例〔2026〕9号", by=town.keeper, now=now)
    service.withdraw_from_pool(town.pool.id, 200_000, "示例〔2026〕10号", by=town.keeper, now=now)
    figures = queries.pool_figures([town.pool.id])[town.pool.id]
    assert (figures.planned_fen, figures.free_fen) == (1_300_000, 1_300_000)
    with pytest.raises(service.NotEnough):
        service.withdraw_from_pool(town.pool.id, 1_300_001, "示例〔2026〕11号", by=town.keeper, now=now)
    notes = [entry.note for entry in queries.pool_entries(town.pool.id).items]
    assert notes == ["示例〔2026〕10号", "示例〔2026〕9号", "示例〔2026〕2号"]


@pytest.mark.parametrize(
    ("year", "fen", "number"), [(2026, 0, "x"), (2026, -5, "x"), (2026, 10**40, "x"), (99, 1, "x"), (2026, 1, " ")]
)
def test_a_plan_needs_a_year_an_amount_and_a_document(
    town: City, now: datetime, year: int, fen: int, number: str
) -> None:
    with pytest.raises(Refused):
        service.plan_pool(town.version.policy_id, year, fen, number, by=town.keeper, now=now)


def test_entries_tell_where_the_money_came_from(town: City, now: datetime) -> None:
    voucher = town.voucher(200_000)
    town.hold(voucher, 100_000, "booking:7")
    service.draw("booking:7", price_fen=60_000, by=town.researcher, now=now)
    lines = queries.entries(voucher.id).items
    told = [(line.act, line.amount_fen, line.effect_fen, line.reference) for line in lines]
    assert told == [
        ("release", 20_000, 20_000, "booking:7"),
        ("draw", 30_000, 0, "booking:7"),
        ("hold", 50_000, -50_000, "booking:7"),
        ("issue", 200_000, 200_000, f"voucher:{voucher.id}"),
    ]


def test_the_database_itself_refuses_a_negative_balance(town: City) -> None:
    _start, free, _paid = accounts(town)
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.execute(text(f"UPDATE ledger_account SET balance_fen = -1 WHERE id = {free}"))


def test_the_database_itself_refuses_to_rewrite_a_transfer_or_a_published_policy(town: City) -> None:
    for statement in (
        "UPDATE transfer SET amount_fen = amount_fen + 1",
        "DELETE FROM transfer",
        "UPDATE policy_version SET valid_to = '2026-02-01'",
        "DELETE FROM policy_version",
    ):
        with pytest.raises(IntegrityError), town.session.begin_nested():
            town.session.execute(text(statement))


def test_a_draft_of_a_policy_may_still_change(town: City, now: datetime) -> None:
    draft = service.add_version(document(version=2, valid_from="2026-12-01"), by=town.keeper, now=now)
    draft.valid_to = date(2027, 12, 31)
    town.session.flush()
    assert town.session.get_one(PolicyVersion, draft.id).valid_to == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        ("UPDATE ledger_account SET balance_fen = balance_fen + 7 WHERE kind = 'voucher.available'", "balance-differs"),
        ("UPDATE ledger_account SET balance_fen = balance_fen + 7 WHERE kind = 'pool.free'", "pool-unbalanced"),
        ("UPDATE hold SET amount_fen = amount_fen + 100 WHERE state = 'held'", "held-differs"),
        ("UPDATE hold SET drawn_fen = drawn_fen - 100 WHERE state = 'drawn'", "drawn-differs"),
        ("UPDATE voucher SET issued_fen = issued_fen + 100", "issued-differs"),
        ("UPDATE voucher SET state = 'expired'", "state-differs"),
        ("UPDATE voucher SET state = 'exhausted'", "state-differs"),
        ("UPDATE enterprise_year SET committed_fen = committed_fen + 100", "year-differs"),
        ("DELETE FROM enterprise_year", "year-differs"),
    ],
)
def test_the_proof_finds_what_was_changed_behind_its_back(town: City, now: datetime, tampering: str, code: str) -> None:
    voucher = town.voucher(500_000)
    town.hold(voucher, 100_000, "booking:1")
    town.hold(voucher, 100_000, "booking:2")
    service.draw("booking:2", price_fen=100_000, by=town.researcher, now=now)
    assert found() == set()
    town.session.execute(text(tampering))
    assert code in found()


def test_the_proof_finds_a_transfer_between_the_wrong_accounts(town: City, now: datetime) -> None:
    start, free, paid = accounts(town)
    ledger.transfer(free, paid, 5, act=Act.PLAN, cause="slip", reference="pool:1", by=town.keeper, now=now)
    assert found() == {"wrong-accounts"}
    assert start < free


def test_the_proof_finds_a_policy_that_no_longer_reads_as_published(town: City) -> None:
    draft = service.add_version(document(version=2, valid_from="2026-12-01"), by=town.keeper, now=town.now)
    town.session.execute(
        text("UPDATE policy_version SET state = 'published', checksum = 'other' WHERE id = :id"), {"id": draft.id}
    )
    town.session.expire_all()
    assert found() == {"policy-changed"}


def test_the_proof_names_record_and_words(town: City) -> None:
    voucher = town.voucher(500_000)
    town.session.execute(text("UPDATE voucher SET issued_fen = issued_fen + 100"))
    report = ledger.verify()
    assert not report["ok"]
    assert report["checked"] > 0
    assert report["breaches"] == [
        {
            "code": "issued-differs",
            "record": f"voucher:{voucher.id}",
            "message": "issued: 500100 fen, ledger: 500000 fen",
        }
    ]


acts = st.lists(
    st.tuples(
        st.sampled_from(["hold", "release", "draw", "claim", "expire"]), st.integers(1, 6), st.integers(0, 150_000)
    ),
    max_size=25,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_whatever_happens_in_whatever_order_the_proof_stays_clean(
    town: City, now: datetime, acts: list[tuple[str, int, int]]
) -> None:
    with town.session.begin_nested() as attempt:
        voucher = town.voucher(200_000)
        for number, (act, thing, fen) in enumerate(acts):
            try:
                with town.session.begin_nested():
                    _happen(town, voucher.id, number, act=act, thing=thing, fen=fen)
            except Refused:
                continue
        assert ledger.verify()["breaches"] == []
        attempt.rollback()
    town.session.expire_all()


def _happen(town: City, voucher_id: int, number: int, *, act: str, thing: int, fen: int) -> None:
    reference, who = f"booking:{thing}", {"by": town.researcher, "now": town.now}
    if act == "hold":
        service.hold(
            voucher_id, reference=reference, provider_id=town.provider.id, category="testing", purpose="rd",
            price_fen=fen, service_on=date(2026, 12, 1), **who,
        )  # fmt: skip
    elif act == "release":
        service.release(reference, **who)
    elif act == "draw":
        service.draw(reference, price_fen=fen, **who)
    elif act == "claim":
        drawn = queries.balances([voucher_id])[voucher_id].drawn_fen
        service.approve_claim(number + 1, voucher_id, drawn, min(fen, drawn), **who)
    elif fen % 5 == 0:
        service.expire_due(date(2027, 1, 1), town.now)
        town.session.expire_all()
