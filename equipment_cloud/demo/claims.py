"""Papers, claims in every state, one batch paid and one under public notice."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from equipment_cloud.billing import service as billing
from equipment_cloud.billing.rules import InvoiceFacts, Part, PaymentFacts
from equipment_cloud.booking.models import Booking
from equipment_cloud.contracts import service as contracts
from equipment_cloud.contracts.rules import Terms
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.notices import service as notices
from equipment_cloud.notices.models import NoticeLine
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.models import BatchLine, Claim, Finding
from equipment_cloud.settlement.rules import ResultRow
from equipment_cloud.settlement.service import Pack
from equipment_cloud.usage.models import UsageRecord, UsageState

SLIDES = timedelta(days=10)
"""A claim follows its last service by so much."""
FIRST_BATCH_AFTER = 95
SECOND_BATCH_BEFORE = 6
IN_A_BATCH = 40
ON_THE_WAY = 28
ENDINGS = ("submitted", "in_review", "returned", "rejected", "withdrawn", "draft", "approved")
TINY_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
"""A blank page that stands for every scan."""


@dataclass(frozen=True)
class Bundle:
    """Confirmed usage of one voucher at one provider in one stretch of time."""

    key: str
    provider: str
    voucher_id: int
    records: tuple[UsageRecord, ...]

    @property
    def price_fen(self) -> int:
        return sum(record.price_fen or 0 for record in self.records)

    @property
    def own_fen(self) -> int:
        return self.price_fen - sum(record.voucher_fen or 0 for record in self.records)


def write_claims(story: Story) -> None:
    """First stretch: paid. Second: under notice. Third: everywhere else on the way."""
    first_cut = story.begins_at + timedelta(days=FIRST_BATCH_AFTER - 30)
    second_cut = story.now - timedelta(days=SECOND_BATCH_BEFORE + 30)
    bundles = _bundles(story, (first_cut, second_cut))
    for bundle in bundles[0][:IN_A_BATCH]:
        _approved(story, bundle, at=first_cut + SLIDES)
    _paid_batch(story, at=story.begins_at + timedelta(days=FIRST_BATCH_AFTER))
    for bundle in bundles[1][:IN_A_BATCH]:
        _approved(story, bundle, at=second_cut + SLIDES)
    _noticed_batch(story, at=story.now - timedelta(days=SECOND_BATCH_BEFORE))
    for number, bundle in enumerate(bundles[2][:ON_THE_WAY]):
        _on_the_way(story, bundle, ENDINGS[number % len(ENDINGS)], at=story.now - timedelta(days=3))


def _bundles(story: Story, cuts: tuple[datetime, datetime]) -> tuple[list[Bundle], list[Bundle], list[Bundle]]:
    rows = session().execute(
        select(UsageRecord, Booking.voucher_id)
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .where(UsageRecord.state == UsageState.CONFIRMED)
        .where(UsageRecord.voucher_fen > 0)
        .order_by(UsageRecord.id)
    )
    keys = {organisation.id: key for key, organisation in story.organisations.items()}
    grouped: dict[tuple[int, int, int], list[UsageRecord]] = defaultdict(list)
    for record, voucher_id in rows:
        assert voucher_id is not None  # noqa: S101 - only a voucher is drawn
        stretch = sum(record.started_at >= cut for cut in cuts)
        grouped[stretch, voucher_id, record.provider_id].append(record)
    found: tuple[list[Bundle], list[Bundle], list[Bundle]] = ([], [], [])
    for (stretch, voucher_id, provider_id), records in grouped.items():
        key = keys[records[0].organisation_id]
        found[stretch].append(Bundle(key, keys[provider_id], voucher_id, tuple(records[:20])))
    return found


def _paper(owner: Actor, *, at: datetime) -> int:
    """The blank page, as this person's upload."""
    return stored_file.store(io.BytesIO(TINY_PDF), "示例材料.pdf", by=owner, now=at).id


def _draft(story: Story, bundle: Bundle, *, at: datetime) -> Claim:
    buyer, seller = story.organisations[bundle.key], story.organisations[bundle.provider]
    accountant, today = story.actor(bundle.key, "accountant"), clock.today(at)
    number, paper = bundle.records[0].id, _paper(accountant, at=at)
    contract = contracts.record(
        Terms(f"EX-HT-{number:05d}", "仪器使用协议（示例）", buyer.id, seller.id, _first_day(bundle), bundle.price_fen),
        file_id=paper, by=accountant, now=at,
    )  # fmt: skip
    net = bundle.price_fen * 100 // 106
    invoice = billing.record_invoice(
        buyer.id,
        InvoiceFacts(f"26332000{number:012d}", None, today, buyer.name, buyer.credit_code or "", seller.name,
                     seller.credit_code or "", "*研发和技术服务*检测费", net, bundle.price_fen - net, bundle.price_fen),
        file_id=paper, by=accountant, now=at,
    )  # fmt: skip
    parts = [Part(bundle.price_fen, invoice_id=invoice.id)]
    if bundle.own_fen:
        payment = billing.record_payment(
            buyer.id, PaymentFacts(f"EX{number:010d}", buyer.name, seller.name, today, bundle.own_fen), file_id=paper,
            by=accountant, now=at,
        )  # fmt: skip
        parts.append(Part(bundle.own_fen, payment_id=payment.id))
    pack = Pack(
        usage_ids=[record.id for record in bundle.records], contract_ids=[contract.id], parts=parts,
        report_number=f"EX-BG-{number:05d}", declared_no_other_subsidy=True,
    )  # fmt: skip
    return service.draft(bundle.voucher_id, seller.id, pack, by=accountant, now=at)


def _first_day(bundle: Bundle) -> date:
    return min(clock.today(record.started_at) for record in bundle.records)


def _approved(story: Story, bundle: Bundle, *, at: datetime) -> None:
    claim = _draft(story, bundle, at=at)
    service.submit(claim.id, by=story.actor(bundle.key, "accountant"), now=at)
    _note_findings(claim.id, story.bureau("reviewer"), at=at)
    service.review(
        claim.id, opinion="材料齐全、工时真实，同意", by=story.bureau("reviewer"), now=at + timedelta(days=1)
    )
    service.approve(claim.id, opinion="同意兑付", by=story.bureau("approver"), now=at + timedelta(days=2))


def _note_findings(claim_id: int, reviewer: Actor, *, at: datetime) -> None:
    open_ones = (
        select(Finding.id).where(Finding.claim_id == claim_id).where(Finding.note.is_(None)).order_by(Finding.id)
    )
    for finding_id in list(session().scalars(open_ones)):
        service.note_finding(finding_id, note="已电话核实，情况属实（示例）", by=reviewer, now=at + timedelta(hours=4))


def _on_the_way(story: Story, bundle: Bundle, ending: str, *, at: datetime) -> None:
    claim = _draft(story, bundle, at=at)
    accountant, reviewer = story.actor(bundle.key, "accountant"), story.bureau("reviewer")
    if ending == "draft":
        return
    service.submit(claim.id, by=accountant, now=at)
    if ending == "withdrawn":
        service.withdraw(claim.id, by=accountant, now=at + timedelta(hours=6))
    elif ending == "returned":
        service.return_(
            claim.id, reason="材料不全，请一次性补正", defects=["付款回单看不清收款人", "协议缺第二页"], by=reviewer,
            now=at + timedelta(days=1),
        )  # fmt: skip
    elif ending == "rejected":
        service.reject(claim.id, reason="服务内容与申领用途不符", by=reviewer, now=at + timedelta(days=1))
    elif ending in {"in_review", "approved"}:
        _note_findings(claim.id, reviewer, at=at)
        service.review(claim.id, opinion="材料齐全，同意", by=reviewer, now=at + timedelta(days=1))
        if ending == "approved":
            service.approve(claim.id, opinion="同意兑付", by=story.bureau("approver"), now=at + timedelta(days=2))


def _posted(story: Story, *, at: datetime) -> int | None:
    day = clock.today(at)
    batch = service.assemble(story.pool_id, day - timedelta(days=90), day, now=at)
    if batch is None:
        return None
    service.check_batch(batch.id, note="逐笔核对无误", by=story.bureau("leader"), now=at + timedelta(hours=2))
    title = f"余姚市科技创新券兑付公示（示例，{batch.number}）"
    body = "现将本批次创新券兑付名单予以公示。对名单有异议的，请在公示期内实名提出。（示例政策）"
    service.post_notice(batch.id, title, body, by=story.bureau("treasurer"), now=at + timedelta(hours=3))
    return batch.id


def _paid_batch(story: Story, *, at: datetime) -> None:
    batch_id = _posted(story, at=at)
    if batch_id is None:
        return
    notice_id = queries.batch(batch_id).notice_id
    later, treasurer = at + timedelta(days=16), story.bureau("treasurer")
    if notice_id is not None:
        service.close_notice(notice_id, batch_id, now=later)
    service.send_batch(batch_id, document_number="示例财拨〔2026〕3号", by=treasurer, now=later)
    lines = session().execute(
        select(BatchLine.position, Claim.number, BatchLine.amount_fen)
        .join(Claim, Claim.id == BatchLine.claim_id)
        .where(BatchLine.batch_id == batch_id)
        .order_by(BatchLine.position)
    )
    paid_on = clock.today(later + timedelta(days=5))
    results = [
        ResultRow(row + 2, position, number or "", fen, "bounced" if row == 1 else "paid", paid_on, f"EX{position:06d}",
                  "账号户名不符（示例）" if row == 1 else None)
        for row, (position, number, fen) in enumerate(lines)
    ]  # fmt: skip
    service.import_results(batch_id, results, by=treasurer, now=later + timedelta(days=6))
    service.close_batch(batch_id, by=treasurer, now=later + timedelta(days=7))


def _noticed_batch(story: Story, *, at: datetime) -> None:
    batch_id = _posted(story, at=at)
    if batch_id is None:
        return
    notice_id = queries.batch(batch_id).notice_id
    if notice_id is not None:
        notices.object_to(
            notice_id, _last_line(notice_id), "赵示例", "13900000000", "该企业与机构疑为同一控制人，请核实（示例）",
            now=at + timedelta(days=2),
        )  # fmt: skip


def _last_line(notice_id: int) -> int:
    """The last line of a notice: the one somebody objects to."""
    found = select(NoticeLine.id).where(NoticeLine.notice_id == notice_id).order_by(NoticeLine.position.desc()).limit(1)
    return session().scalars(found).one()
