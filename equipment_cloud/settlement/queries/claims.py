"""Reads of claims and of what may be claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking.models import Booking
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.settlement import policy
from equipment_cloud.settlement.models import Claim, ClaimPaper, ClaimService
from equipment_cloud.settlement.rules import ClaimState
from equipment_cloud.usage.models import UsageRecord, UsageState
from equipment_cloud.vouchers.models import Voucher

_PARTIES = (joinedload(Claim.organisation), joinedload(Claim.provider))
_WHOLE = (
    *_PARTIES,
    joinedload(Claim.payee),
    joinedload(Claim.voucher),
    joinedload(Claim.policy_version),
)
MOST_USAGES = 100
"""Services offered to one claim; a claim with more would not be read."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one voucher may claim of one provider's services: ``usages`` confirmed records, ``drawn_fen`` in all."""

    voucher_id: int
    voucher_number: str
    provider_id: int
    provider_name: str
    usages: int
    price_fen: int
    drawn_fen: int


def claim(claim_id: int) -> Claim:
    """A claim with parties, voucher and policy version. Raises :class:`NotFound`."""
    found = session().scalar(select(Claim).where(Claim.id == claim_id).options(*_WHOLE))
    if found is None:
        raise NotFound
    return found


def claim_for(actor: Actor, claim_id: int) -> Claim:
    """The same, if it is this person's to see."""
    found = claim(claim_id)
    if not policy.may_see(actor, found):
        raise NotFound
    return found


def claims_page(actor: Actor, filters: Mapping[str, Any], *, number: int, size: int) -> Page[Claim]:
    """Claims the person may see, newest first. ``filters``: ``state``, ``q`` (number, party), ``mine`` (to decide)."""
    statement = _visible_to(actor).options(*_PARTIES)
    if filters.get("state"):
        statement = statement.where(Claim.state == filters["state"])
    if filters.get("q"):
        words = str(filters["q"])
        named = select(Organisation.id).where(Organisation.name.contains(words, autoescape=True))
        statement = statement.where(
            or_(
                Claim.number.contains(words, autoescape=True),
                Claim.organisation_id.in_(named),
                Claim.provider_id.in_(named),
            )
        )
    if filters.get("mine"):
        stages = [stage for stage, role in policy.STAGE_ROLES.items() if actor.has(role)]
        statement = statement.where(Claim.stage.in_(stages)).order_by(Claim.decide_by, Claim.submitted_at)
    return scalars_page(statement.order_by(Claim.id.desc()), number=number, size=size)


def services_of(claim_id: int) -> Sequence[ClaimService]:
    """Services with usage, booking and instrument, in order of entry."""
    usage = joinedload(ClaimService.usage)
    return (
        session()
        .scalars(
            select(ClaimService)
            .where(ClaimService.claim_id == claim_id)
            .options(usage.joinedload(UsageRecord.booking), usage.joinedload(UsageRecord.instrument))
            .order_by(ClaimService.id)
        )
        .all()
    )


def papers_of(claim_id: int) -> Sequence[ClaimPaper]:
    """Contracts and files of the pack, in order of entry."""
    return (
        session()
        .scalars(
            select(ClaimPaper)
            .where(ClaimPaper.claim_id == claim_id)
            .options(joinedload(ClaimPaper.contract), joinedload(ClaimPaper.file))
            .order_by(ClaimPaper.id)
        )
        .all()
    )


def offers(organisation_ids: Sequence[int]) -> list[Offer]:
    """Voucher and provider pairs with confirmed, unclaimed services of these enterprises; at most 100."""
    rows = session().execute(
        _unclaimed(
            Voucher.id,
            Voucher.number,
            UsageRecord.provider_id,
            Organisation.name,
            func.count(),
            func.sum(UsageRecord.price_fen),
            func.sum(UsageRecord.voucher_fen),
        )
        .join(Organisation, Organisation.id == UsageRecord.provider_id)
        .where(UsageRecord.organisation_id.in_(organisation_ids))
        .group_by(Voucher.id, Voucher.number, UsageRecord.provider_id, Organisation.name)
        .order_by(Voucher.id, UsageRecord.provider_id)
        .limit(MOST_USAGES)
    )
    return [
        Offer(voucher, number or "", provider, name, count, int(price or 0), int(drawn or 0))
        for voucher, number, provider, name, count, price, drawn in rows
    ]


def claimable(
    voucher_id: int, provider_id: int, *, besides_claim: int | None = None, most: int = MOST_USAGES
) -> Sequence[UsageRecord]:
    """Confirmed usage of a voucher at a provider that stands in no living claim (but perhaps in ``besides_claim``)."""
    statement = _unclaimed(UsageRecord, besides_claim=besides_claim).where(
        Voucher.id == voucher_id, UsageRecord.provider_id == provider_id
    )
    options = (joinedload(UsageRecord.instrument), joinedload(UsageRecord.booking))
    return session().scalars(statement.options(*options).order_by(UsageRecord.started_at).limit(most)).all()


def history(claim_id: int) -> Sequence[AuditNote]:
    """What happened to a claim, oldest first, at most 100 notes."""
    return (
        session()
        .scalars(select(AuditNote).where(AuditNote.reference == f"claim:{claim_id}").order_by(AuditNote.id).limit(100))
        .all()
    )


def _unclaimed(*columns: Any, besides_claim: int | None = None) -> Select[*tuple[Any, ...]]:
    held = ClaimService.live_usage_id == UsageRecord.id
    if besides_claim is not None:
        held = and_(held, ClaimService.claim_id != besides_claim)
    return (
        select(*columns)
        .select_from(UsageRecord)
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .join(Voucher, Voucher.id == Booking.voucher_id)
        .outerjoin(ClaimService, held)
        .where(ClaimService.id.is_(None))
        .where(UsageRecord.state == UsageState.CONFIRMED)
        .where(UsageRecord.voucher_fen > 0)
    )


def _visible_to(actor: Actor) -> Select[Claim]:
    if policy.may_see_all(actor):
        return select(Claim).where(Claim.state != ClaimState.DRAFT)
    mine = Claim.organisation_id.in_(actor.organisations(*policy.APPLICANT_ROLES))
    serving = Claim.provider_id.in_(actor.organisations(*policy.PROVIDER_ROLES))
    return select(Claim).where(or_(mine, and_(serving, Claim.state != ClaimState.DRAFT)))
