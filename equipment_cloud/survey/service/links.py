"""Answer links: made, sent, opened, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from equipment_cloud.foundation import audit, mask, outbox
from equipment_cloud.foundation.access import Actor, Grant, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, NotFound, WrongState, raise_if
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import AnswerLink, CampaignState, CampaignUnit
from equipment_cloud.survey.rules import LinkGone, hashed, is_live, problems_with_link
from equipment_cloud.survey.service.campaigns import check_open
from equipment_cloud.survey.service.units import locked_unit


def make_link(
    unit_id: int, addressee: str, *, days: int, base: str, by: Actor, now: datetime, address: str | None = None
) -> tuple[AnswerLink, str]:
    """A link for one person of the unit, and its address, which is never shown again.

    ``base`` is the platform's own address. With ``address`` (mobile number or e-mail) it is sent through the outbox,
    which forgets the secret once it left. Raises Invalid with all that speaks against it.
    """
    unit = locked_unit(unit_id)
    permit(policy.may_chase(by, unit.organisation))
    check_open(unit.campaign)
    if unit.removed_at is not None:
        raise WrongState(current=unit.state.value)
    raise_if(problems_with_link(addressee, address, days, queries.live_links(unit.id, now=now)))
    token = secrets.token_urlsafe(24)
    masked = (mask.email(address) if "@" in address else mask.mobile(address)) if address else None
    link = AnswerLink(
        unit_id=unit.id, token_hash=hashed(token), addressee=addressee.strip(), sent_to=masked, created_by=by.id,
        created_at=now, expires_at=now + timedelta(days=days), revoked_by=None, revoked_at=None, opened=0,
        opened_at=None,
    )  # fmt: skip
    session().add(link)
    session().flush()
    url = f"{base}/answer/{token}"
    if address:
        words = N_("%(campaign)s: please answer for %(unit)s by %(day)s: %(url)s")
        values = {"campaign": unit.campaign.name, "unit": unit.organisation.name, "day": unit.due_on.isoformat()}
        outbox.post_to_address("survey.link", address, words, now=now, values=values | {"url": url}, forgets="url")
    detail = {"link": link.id, "for": link.addressee, "sent_to": masked, "days": days}
    audit.note("survey.make-link", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
    return link, url


def revoke_link(unit_id: int, link_id: int, *, by: Actor, now: datetime) -> AnswerLink:
    """From now on the link opens nothing."""
    unit = locked_unit(unit_id)
    permit(policy.may_chase(by, unit.organisation))
    link = session().get(AnswerLink, link_id, with_for_update=True, populate_existing=True)
    if link is None or link.unit_id != unit.id:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, by.id
        audit.note("survey.revoke-link", f"campaign-unit:{unit.id}", by=by, now=now, detail={"link": link.id})
        session().flush()
    return link


def open_link(token: str, *, now: datetime) -> AnswerLink:
    """Whoever holds the secret comes in: counted and noted. Raises :class:`LinkGone`."""
    link = queries.link_of(hashed(token))
    if link is None:
        raise LinkGone
    bearer, unit = bearer_of(link.id, now=now)
    session().execute(
        update(AnswerLink).where(AnswerLink.id == link.id).values(opened=AnswerLink.opened + 1, opened_at=now)
    )
    audit.note("survey.open-link", f"campaign-unit:{unit.id}", by=bearer, now=now, detail={"link": link.id})
    return link


def bearer_of(link_id: int, *, now: datetime) -> tuple[Actor, CampaignUnit]:
    """Who comes by the link, as services and the audit trail see them: minus the link's id, at its one unit.

    Raises :class:`LinkGone` when it is over, revoked, or its campaign is closed.
    """
    link = session().get(AnswerLink, link_id, populate_existing=True)
    if link is None or not is_live(link.expires_at, link.revoked_at, now):
        raise LinkGone
    unit = queries.unit(link.unit_id)
    if unit.removed_at is not None or unit.campaign.state is not CampaignState.OPEN:
        raise LinkGone
    grant = Grant(unit.organisation_id, policy.LINK)
    return Actor(-link.id, f"answer-link:{link.id} {link.addressee}", (grant,)), unit
