"""A city in which services were rendered on a voucher: claims in every state start here. Money moves by the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.billing.rules import Part
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.identifiers import make_credit_code
from equipment_cloud.organisations.models import BankAccount, CheckState, CreditCode, Organisation, OrganisationName
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.models import Batch, Claim, Finding
from equipment_cloud.settlement.rules import Level
from equipment_cloud.settlement.service import Pack
from equipment_cloud.usage.models import Grade, UsageRecord, UsageState
from equipment_cloud.vouchers import service as vouchers
from equipment_cloud.vouchers.models import Voucher
from tests.factories import billing as papers
from tests.factories.occupancy import START, instrument, member, person
from tests.factories.vouchers import City, city

_serial = count(1)


@dataclass
class Town:
    """A :class:`City` with an instrument, an issued voucher, money people, and approved accounts."""

    city: City
    machine: Instrument
    voucher: Voucher
    owner: Actor
    finance: Actor
    leader: Actor
    treasurer: Actor
    auditor: Actor
    now: datetime
    made: list[UsageRecord] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.city.session

    def usage(
        self, price_fen: int = 90_000, *, hours: float = 3, voucher: Voucher | None = None, **changes: Any
    ) -> UsageRecord:
        """A confirmed session of the day after tomorrow, drawn from the voucher."""
        starts_at = self.now + timedelta(days=1, hours=len(self.made) * 4)
        ends_at = starts_at + timedelta(hours=hours)
        card = voucher or self.voucher
        booking = self._booking(card, price_fen, starts_at, ends_at)
        reference = f"booking:{booking.id}"
        hold = vouchers.hold(
            card.id, reference=reference, provider_id=self.city.provider.id, category="instrument_use",
            purpose=booking.purpose, price_fen=price_fen, service_on=starts_at.date(), by=self.city.researcher,
            now=self.now,
        )  # fmt: skip
        assert hold.amount_fen
        drawn = vouchers.draw(reference, price_fen=price_fen, by=self.city.researcher, now=ends_at)
        booking.voucher_fen = drawn
        record = self._usage(booking, price_fen, drawn, **changes)
        self.made.append(record)
        return record

    def _booking(self, card: Voucher, price_fen: int, starts_at: datetime, ends_at: datetime) -> Booking:
        row = Booking(
            number=None, uid=f"claim-test-{next(_serial)}@example", sequence=0, instrument_id=self.machine.id,
            position_id=self.machine.positions[0].id, organisation_id=self.city.enterprise.id,
            provider_id=self.city.provider.id, person_id=self.city.researcher.id, requested_by=self.city.researcher.id,
            starts_at=starts_at, ends_at=ends_at, purpose="rd", note=None, state=BookingState.COMPLETED,
            voucher_id=card.id, price_plan_id=None, price_fen=price_fen, voucher_fen=0, estimate={}, expires_at=None,
            decided_by=None, decided_at=None, reason=None, asked_at=self.now, waived=[], created_at=self.now,
            revision=1,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def _usage(self, booking: Booking, price_fen: int, drawn: int, **changes: Any) -> UsageRecord:
        line = {
            "label": "Machine time", "quantity": "3.0", "unit": "h", "unit_price_fen": 30_000, "amount_fen": price_fen,
        }  # fmt: skip
        starts_at, ends_at = booking.starts_at, booking.ends_at
        values: dict[str, Any] = {
            "number": f"U2026-{next(_serial):06d}", "booking_id": booking.id, "instrument_id": self.machine.id,
            "position_id": booking.position_id, "running_position_id": None, "organisation_id": booking.organisation_id,
            "provider_id": booking.provider_id, "person_id": booking.person_id, "external_id": None,
            "started_at": starts_at, "ended_at": ends_at, "samples": 4, "note": None, "source": "scan",
            "grade": Grade.B, "state": UsageState.CONFIRMED, "user_confirmed_by": booking.person_id,
            "user_confirmed_at": ends_at, "provider_confirmed_by": booking.person_id, "provider_confirmed_at": ends_at,
            "price_fen": price_fen, "voucher_fen": drawn, "price_lines": [line], "confirmed_at": ends_at,
            "created_at": starts_at, "revision": 1,
        } | changes  # fmt: skip
        row = UsageRecord(**values)
        self.session.add(row)
        self.session.flush()
        return row

    @property
    def later(self) -> datetime:
        """When claims are filed: three days after the services began."""
        return self.now + timedelta(days=4)

    def pack(self, *usages: UsageRecord, own_share_fen: int | None = None, **changes: Any) -> Pack:
        """What a claim needs for these services: contract, invoice, proof of the own share, report, declaration."""
        price = sum(usage.price_fen or 0 for usage in usages)
        share = price - sum(usage.voucher_fen or 0 for usage in usages) if own_share_fen is None else own_share_fen
        firm, provider, who = self.city.enterprise, self.city.provider, {"by": self.owner, "now": self.later}
        invoice = papers.invoice(firm, provider, price, **who)
        payment = papers.payment(firm, provider, share, **who)
        values: dict[str, Any] = {
            "usage_ids": [usage.id for usage in usages],
            "contract_ids": [papers.contract(firm, provider, **who).id],
            "parts": [Part(price, invoice_id=invoice.id), Part(share, payment_id=payment.id)],
            "report": (papers.pdf(f"report {next(_serial)}"), "报告.pdf"), "report_number": f"BG-{next(_serial)}",
            "declared_no_other_subsidy": True,
        } | changes  # fmt: skip
        return Pack(**values)

    def draft(self, pack: Pack | None = None, voucher: Voucher | None = None) -> Claim:
        """A complete draft for a fresh service."""
        card = voucher or self.voucher
        pack = pack or self.pack(self.usage(voucher=card))
        return service.draft(card.id, self.city.provider.id, pack, by=self.owner, now=self.later)

    def filed(self, pack: Pack | None = None, voucher: Voucher | None = None) -> Claim:
        """A claim that awaits first review, its warnings noted."""
        claim = service.submit(self.draft(pack, voucher).id, by=self.owner, now=self.later)
        for finding in self.session.query(Finding).where(Finding.claim_id == claim.id, Finding.level == Level.WARN):
            finding.note = "已核实"
        self.session.flush()
        return claim

    def reviewed(self, pack: Pack | None = None) -> Claim:
        """A claim that awaits second review."""
        claim = self.filed(pack)
        return service.review(claim.id, opinion="材料属实", by=self.city.reviewer, now=self.later)

    def approved(self, pack: Pack | None = None, voucher: Voucher | None = None) -> Claim:
        """A claim with its amount approved."""
        claim = self.filed(pack, voucher)
        service.review(claim.id, opinion="材料属实", by=self.city.reviewer, now=self.later)
        return service.approve(claim.id, opinion="同意", by=self.city.approver, now=self.later)

    def assembled(self, *, claims: int = 2) -> Batch:
        """A batch of so many claims, as the clock makes it."""
        for _each in range(claims):
            self.approved()
        batch = service.assemble(self.city.pool.id, date(2026, 7, 1), date(2026, 12, 31), now=self.later)
        assert batch is not None
        return batch

    def noticed(self, *, claims: int = 2) -> Batch:
        """A batch under public notice."""
        batch = self.assembled(claims=claims)
        service.check_batch(batch.id, by=self.leader, now=self.later)
        return service.post_notice(batch.id, "兑付公示", "公示如下。", by=self.city.approver, now=self.later)

    def sent(self, *, claims: int = 2) -> Batch:
        """A batch the treasury has."""
        batch = self.noticed(claims=claims)
        assert batch.notice_id is not None
        service.close_notice(batch.notice_id, batch.id, now=self.later + timedelta(days=12))
        return service.send_batch(batch.id, document_number="余科〔2026〕9号", by=self.treasurer, now=self.paid_at)

    @property
    def paid_at(self) -> datetime:
        return self.later + timedelta(days=13)

    def claims_of(self, batch: Batch) -> list[Claim]:
        """The claims of a batch in the order of its lines, read anew."""
        self.session.expire_all()
        page = queries.line_page(queries.batch(batch.id), state=None, number=1, size=100)
        return [claim for _line, claim, _posted, _account in page.items]


def town(session: Session, now: datetime, **terms: Any) -> Town:
    """The city of the half-price policy (通兑 unless told otherwise), with codes and accounts on both sides."""
    place = city(session, now, **terms)
    _coded(session, place.enterprise, "91330281MA2YUYA0")
    _coded(session, place.provider, "12330281419990015")
    place.enterprise.phone, place.provider.phone = "0574-62700001", "0574-62700002"
    account(session, place.enterprise)
    account(session, place.provider)
    roles = ("leader", "treasurer", "auditor")
    staff = {role: member(session, place.bureau, role, name=f"示例{role}") for role in roles}
    return Town(
        city=place, machine=instrument(session, place.provider), voucher=place.voucher(5_000_000),
        owner=member(session, place.enterprise, "owner", name="示例负责人"),
        finance=member(session, place.provider, "finance", name="示例机构财务"), now=now, **staff,
    )  # fmt: skip


def account(session: Session, owner: Organisation, **changes: Any) -> BankAccount:
    """An approved account since January, in the owner's name."""
    values: dict[str, Any] = {
        "organisation_id": owner.id, "account_name": owner.name, "account_number": f"62220200{next(_serial):011d}",
        "bank_name": "示例银行余姚支行", "cnaps": "102332000000", "valid_from": date(2026, 1, 1), "valid_to": None,
        "proposed_by": person(session).id, "approved_by": person(session).id, "approved_at": START,
    } | changes  # fmt: skip
    row = BankAccount(**values)
    session.add(row)
    session.flush()
    return row


def _coded(session: Session, organisation: Organisation, first: str) -> None:
    """A credit code that passes the check, and the dated facts behind name and code."""
    code = make_credit_code(first if len(first) == 17 else f"{first}{next(_serial) % 10}")
    organisation.credit_code, since = code, date(2020, 1, 1)
    session.add(OrganisationName(organisation_id=organisation.id, name=organisation.name, valid_from=since))
    session.add(CreditCode(organisation_id=organisation.id, code=code, valid_from=since, check=CheckState.PASSED))
    session.flush()
