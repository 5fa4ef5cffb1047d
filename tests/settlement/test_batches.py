"""From approved claims to paid ones: assembled once, checked, posted, objected to, sent, answered, closed."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.foundation import tabular
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.kernel.errors import SamePerson, WrongState
from equipment_cloud.notices import queries as notices
from equipment_cloud.notices import service as notice_service
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.models import Batch, BatchLine
from equipment_cloud.settlement.rules import BatchState, ClaimState, LineState, ResultRow
from equipment_cloud.settlement.service.paying import LinesOpen, NoticeOpen
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind
from tests.factories.settlement import Town, account, town

HALF = (date(2026, 7, 1), date(2026, 12, 31))


@pytest.fixture
def place(session: Session, now: datetime) -> Town:
    return town(session, now)


def states(place: Town, batch: Batch) -> list[str]:
    return [claim.state.value for claim in place.claims_of(batch)]


def answer(place: Town, batch: Batch, *results: tuple[int, str], **changes: object) -> list[ResultRow]:
    """Rows of the treasury for lines of the batch: ``(line, "paid" | "bounced")``."""
    claims = place.claims_of(batch)
    return [
        ResultRow(
            row=number + 1, position=position, claim_number=claims[position - 1].number or "",
            amount_fen=int(changes.get("amount_fen") or claims[position - 1].approved_fen or 0), result=result,
            paid_on=date(2026, 12, 11), reference=f"GK{position:05d}",
            reason="账号不存在" if result == "bounced" else None,
        )
        for number, (position, result) in enumerate(results, start=1)
    ]  # fmt: skip


def test_a_batch_lists_approved_claims_once_in_order_of_filing(place: Town) -> None:
    batch = place.assembled(claims=3)
    assert (batch.number, batch.lines_count, batch.total_fen) == (f"P2026-{batch.id:04d}", 3, 135_000)
    assert states(place, batch) == ["batched"] * 3
    assert queries.sums(batch).agrees
    assert [step.code for step in queries.steps_of(batch.id) if step.done_at] == ["assemble"]


def test_assembling_again_finds_the_batch_and_changes_nothing(place: Town) -> None:
    batch = place.assembled()
    place.approved()
    assert service.assemble(place.city.pool.id, *HALF, now=place.later) is None
    assert queries.batch(batch.id).lines_count == 2


def test_a_supplement_lists_what_was_approved_since(place: Town) -> None:
    place.assembled()
    late = place.approved()
    more = service.assemble(place.city.pool.id, *HALF, now=place.later, by=place.treasurer, is_supplement=True)
    assert more is not None
    assert (more.round, [claim.id for claim in place.claims_of(more)]) == (2, [late.id])


def test_claims_filed_after_the_period_wait_for_the_next(place: Town) -> None:
    place.approved()
    assert service.assemble(place.city.pool.id, date(2026, 1, 1), date(2026, 6, 30), now=place.later) is None


def test_each_claim_in_a_batch_leaves_a_note(place: Town, session: Session) -> None:
    batch = place.assembled(claims=3)
    notes = session.query(AuditNote).filter(AuditNote.action == "settlement.batch").all()
    assert {note.reference for note in notes} == {f"claim:{claim.id}" for claim in place.claims_of(batch)}


def test_the_leader_checks_what_another_assembled(place: Town) -> None:
    place.approved()
    both = type(place.leader)(place.leader.id, "示例", (*place.leader.grants, *place.treasurer.grants))
    batch = service.assemble(place.city.pool.id, *HALF, now=place.later, by=both, is_supplement=True)
    assert batch is not None
    with pytest.raises(SamePerson):
        service.check_batch(batch.id, by=both, now=place.later)


def test_the_notice_shows_firms_and_amounts_and_runs_for_the_policys_working_days(place: Town) -> None:
    batch = place.noticed()
    notice = notices.notice(batch.notice_id or 0)
    assert (notice.working_days, str(notice.closes_on)) == (7, "2026-12-08")
    rows = list(notices.lines(notice.id))
    assert [row.content["amount_fen"] for row in rows] == [45_000, 45_000]
    assert {row.content["organisation"] for row in rows} == {place.city.enterprise.name}
    assert not any("6222" in str(row.content) for row in rows)
    assert notice_service.is_intact(notice)
    rows[0].content = {**rows[0].content, "amount_fen": 1}
    place.session.flush()
    assert not notice_service.is_intact(notice)


def test_nothing_is_sent_before_the_notice_is_over(place: Town) -> None:
    batch = place.noticed()
    with pytest.raises(NoticeOpen):
        service.send_batch(batch.id, by=place.treasurer, now=place.later)


def test_an_open_objection_freezes_its_line_only(place: Town) -> None:
    batch = place.noticed(claims=3)
    rows = list(notices.lines(batch.notice_id or 0))
    notice_service.object_to(batch.notice_id or 0, rows[1].id, "王示例", "13800000000", "该服务未发生", now=place.later)
    service.close_notice(batch.notice_id or 0, batch.id, now=place.paid_at)
    assert states(place, batch) == ["payable", "objected", "payable"]
    service.send_batch(batch.id, by=place.treasurer, now=place.paid_at)
    service.import_results(
        batch.id, answer(place, batch, (1, "paid"), (3, "paid")), by=place.treasurer, now=place.paid_at
    )
    with pytest.raises(LinesOpen):
        service.close_batch(batch.id, by=place.treasurer, now=place.paid_at)


def test_an_upheld_objection_strikes_the_line_and_restores_the_money(place: Town) -> None:
    batch = place.noticed()
    rows = list(notices.lines(batch.notice_id or 0))
    objection = notice_service.object_to(batch.notice_id or 0, rows[0].id, "王", "13800000000", "不实", now=place.later)
    notice_service.decide(objection.id, upheld=True, opinion="查实", by=place.city.reviewer, now=place.later)
    before = ledger.balances(f"voucher:{place.voucher.id}")[AccountKind.VOUCHER_AVAILABLE]
    service.close_notice(batch.notice_id or 0, batch.id, now=place.paid_at)
    assert states(place, batch) == ["rejected", "payable"]
    assert ledger.balances(f"voucher:{place.voucher.id}")[AccountKind.VOUCHER_AVAILABLE] == before + 45_000
    assert queries.sums(queries.batch(batch.id)).by_state[LineState.STRUCK] == (1, 45_000)
    assert ledger.verify()["ok"]


def test_an_objection_dismissed_after_sending_carries_the_claim_into_the_next_batch(place: Town) -> None:
    batch = place.noticed()
    rows = list(notices.lines(batch.notice_id or 0))
    objection = notice_service.object_to(batch.notice_id or 0, rows[0].id, "王", "13800000000", "存疑", now=place.later)
    service.close_notice(batch.notice_id or 0, batch.id, now=place.paid_at)
    service.send_batch(batch.id, by=place.treasurer, now=place.paid_at)
    notice_service.decide(objection.id, upheld=False, opinion="查无实据", by=place.city.reviewer, now=place.paid_at)
    assert service.settle_objections(batch.id, now=place.paid_at) == 1
    assert states(place, batch) == ["approved", "payable"]
    more = service.assemble(place.city.pool.id, *HALF, now=place.paid_at, by=place.treasurer, is_supplement=True)
    assert more is not None
    assert more.lines_count == 1


def test_a_payee_without_an_account_is_carried_into_a_later_batch(place: Town, session: Session) -> None:
    from equipment_cloud.organisations.models import BankAccount
    from equipment_cloud.settlement.service.paying import NothingPayable

    batch = place.noticed()
    of_payee = session.query(BankAccount).filter(BankAccount.organisation_id == place.city.provider.id).one()
    of_payee.valid_to = date(2026, 12, 1)
    session.flush()
    service.close_notice(batch.notice_id or 0, batch.id, now=place.paid_at)
    with session.begin_nested(), pytest.raises(NothingPayable):
        service.send_batch(batch.id, by=place.treasurer, now=place.paid_at)
    assert states(place, batch) == ["approved", "approved"]
    account(session, place.city.provider)
    more = service.assemble(place.city.pool.id, *HALF, now=place.paid_at, by=place.treasurer, is_supplement=True)
    assert more is not None
    assert more.lines_count == 2


def test_results_pay_what_agrees_and_list_what_does_not(place: Town) -> None:
    batch = place.sent(claims=3)
    rows = [
        *answer(place, batch, (1, "paid")),
        *answer(place, batch, (2, "paid"), amount_fen=1),
        ResultRow(9, 77, "C2026-9999", 5, "paid", date(2026, 12, 11)),
    ]
    record = service.import_results(batch.id, rows, by=place.treasurer, now=place.paid_at)
    assert {name: record.outcome[name] for name in ("rows", "paid", "refused", "without_result")} == {
        "rows": 3, "paid": 1, "refused": 2, "without_result": 2,
    }  # fmt: skip
    assert [problem["code"] for problem in record.outcome["problems"]] == ["other-amount", "unknown-line"]
    assert states(place, batch) == ["paid", "payable", "payable"]
    assert queries.sums(queries.batch(batch.id)).agrees
    assert ledger.verify()["ok"]


def test_the_same_file_twice_changes_nothing(place: Town) -> None:
    batch = place.sent()
    rows = answer(place, batch, (1, "paid"), (2, "paid"))
    first = service.import_results(batch.id, rows, by=place.treasurer, now=place.paid_at)
    again = service.import_results(batch.id, rows, by=place.treasurer, now=place.paid_at)
    assert again.id == first.id
    other = service.import_results(batch.id, list(reversed(rows)), by=place.treasurer, now=place.paid_at)
    assert (other.outcome["paid"], other.outcome["unchanged"]) == (0, 2)
    assert ledger.balances(f"pool:{place.city.pool.id}")[AccountKind.POOL_PAID] == 90_000


def test_a_payment_the_bank_sent_back_is_payable_again_after_the_account_was_corrected(
    place: Town, session: Session
) -> None:
    batch = place.sent()
    service.import_results(
        batch.id, answer(place, batch, (1, "paid"), (2, "bounced")), by=place.treasurer, now=place.paid_at
    )
    service.import_results(batch.id, answer(place, batch, (1, "bounced")), by=place.treasurer, now=place.paid_at)
    assert states(place, batch) == ["bounced", "bounced"]
    assert ledger.balances(f"pool:{place.city.pool.id}")[AccountKind.POOL_PAID] == 0
    service.close_batch(batch.id, by=place.treasurer, now=place.paid_at)
    again = {"now": place.paid_at, "by": place.treasurer, "is_supplement": True}
    assert service.assemble(place.city.pool.id, *HALF, **again) is None
    account(session, place.city.provider)
    more = service.assemble(place.city.pool.id, *HALF, **again)
    assert more is not None
    assert more.lines_count == 2
    assert ledger.verify()["ok"]


def test_the_treasurer_may_try_the_same_account_again_with_a_reason(place: Town) -> None:
    batch = place.sent(claims=1)
    service.import_results(batch.id, answer(place, batch, (1, "bounced")), by=place.treasurer, now=place.paid_at)
    claim = place.claims_of(batch)[0]
    service.repay(claim.id, reason="银行系统故障", by=place.treasurer, now=place.paid_at)
    assert queries.claim(claim.id).state is ClaimState.APPROVED


def test_a_batch_with_every_line_answered_is_closed_and_never_changes_again(place: Town) -> None:
    batch = place.sent()
    service.import_results(
        batch.id, answer(place, batch, (1, "paid"), (2, "paid")), by=place.treasurer, now=place.paid_at
    )
    service.close_batch(batch.id, by=place.treasurer, now=place.paid_at)
    closed = queries.batch(batch.id)
    assert closed.state is BatchState.CLOSED
    assert all(step.done_at for step in queries.steps_of(batch.id))
    with pytest.raises(WrongState):
        service.import_results(batch.id, answer(place, batch, (1, "bounced")), by=place.treasurer, now=place.paid_at)


def test_the_exported_list_with_results_filled_in_is_taken_back(place: Town) -> None:
    batch = place.sent()
    target = io.BytesIO()
    headings = ("行号", "申请编号", "收款人", "金额(元)", "支付结果", "支付日期", "凭证号", "失败原因")
    rows = [
        (position, claim, holder, yuan, "成功", "2026-12-11", "GK1", None)
        for position, claim, holder, _a, _b, _c, _s, yuan, _p in queries.payment_rows(batch)
    ]
    total = ("合计", "2 笔", None, 900.0, None, None, None, None)
    sheet = tabular.Sheet("清单", [tabular.Column(name) for name in headings], [*rows, total])
    tabular.write_xlsx(target, [sheet])
    record = service.import_table(
        batch.id, io.BytesIO(target.getvalue()), "结果.xlsx", by=place.treasurer, now=place.paid_at
    )
    assert (record.outcome["rows"], record.outcome["paid"], record.outcome["refused"]) == (2, 2, 0)
    again = service.import_table(
        batch.id, io.BytesIO(target.getvalue()), "结果.xlsx", by=place.treasurer, now=place.paid_at
    )
    assert again.id == record.id


def test_an_office_may_put_steps_of_its_own_into_the_chain(session: Session, now: datetime) -> None:
    from equipment_cloud.settlement.service.checking import StepOpen

    chain = ["assemble", "cross_check", "check", "notice", "send", "pay", "close"]
    place = town(session, now, batch_steps=chain)
    batch = place.assembled()
    with pytest.raises(StepOpen):
        service.check_batch(batch.id, by=place.leader, now=place.later)
    step = next(step for step in queries.steps_of(batch.id) if step.code == "cross_check")
    service.tick_step(
        batch.id, step.id, document_number="联审〔2026〕1号", note=None, by=place.city.approver, now=place.later
    )
    service.check_batch(batch.id, by=place.leader, now=place.later)
    assert queries.batch(batch.id).state is BatchState.CHECKED


def test_a_claim_stands_in_one_living_line_at_most(place: Town, session: Session) -> None:
    from sqlalchemy.exc import IntegrityError

    batch = place.assembled(claims=1)
    line = session.query(BatchLine).filter(BatchLine.batch_id == batch.id).one()
    session.add(
        BatchLine(batch_id=batch.id, position=2, claim_id=line.claim_id, live_claim_id=line.claim_id,
                  payee_name="示例", bank_account_id=None, amount_fen=1, state=LineState.LISTED)
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_paying_tells_the_payees_people(place: Town, session: Session) -> None:
    from equipment_cloud.foundation.outbox import OutboxMessage

    batch = place.sent(claims=1)
    service.import_results(batch.id, answer(place, batch, (1, "paid")), by=place.treasurer, now=place.paid_at)
    told = session.query(OutboxMessage).filter(OutboxMessage.kind == "settlement.paid").all()
    assert [message.person_id for message in told] == [place.finance.id]
    assert told[0].link == f"/claims/{place.claims_of(batch)[0].id}"
    assert told[0].next_try_at == place.paid_at + timedelta(0)
