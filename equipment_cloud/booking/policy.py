"""Who may do what to a booking."""

from __future__ import annotations

from collections.abc import Collection

from equipment_cloud.booking.models import Booking, Breach, Delegation, WaitlistEntry
from equipment_cloud.foundation.access import Actor

CUSTOMERS = ("researcher", "owner", "manager", "operator")
"""Who books for the own organisation; an owner may do all a researcher may."""
STAFF = ("manager", "operator")
"""Who decides on requests for the provider's instruments."""
OFFICE = ("reviewer", "approver", "leader", "treasurer", "auditor")


def may_request(actor: Actor, organisation_id: int, provider_id: int, *, for_another: bool = False) -> bool:
    """For the own organisation; a provider's desk books for a customer who calls, in that person's name."""
    return actor.has_at(organisation_id, *CUSTOMERS) or (for_another and actor.has_at(provider_id, *STAFF))


def may_see(actor: Actor, booking: Booking) -> bool:
    """Both sides, and the bureau's reviewers and auditors."""
    return is_customer(actor, booking) or is_provider(actor, booking) or actor.has(*OFFICE)


def may_decide(actor: Actor, booking: Booking, *, standing_in_for: Collection[int] = ()) -> bool:
    """The provider's staff or who stands in for one of them, but not who asked: nobody approves their own request.

    Who stands in has no more right than who asked for it: not on that person's own requests.
    """
    if is_own(actor, booking):
        return False
    others = set(standing_in_for) - {booking.person_id, booking.requested_by}
    return actor.has_at(booking.provider_id, *STAFF) or bool(others)


def may_waive(actor: Actor, provider_id: int, person_id: int) -> bool:
    """The provider's staff let a rule pass for somebody else, never for themselves."""
    return actor.has_at(provider_id, *STAFF) and actor.id != person_id


def may_change(actor: Actor, booking: Booking) -> bool:
    """Reschedule: the customer's bookers, or the provider's desk when they call."""
    return actor.has_at(booking.organisation_id, *CUSTOMERS) or actor.has_at(booking.provider_id, *STAFF)


def may_cancel(actor: Actor, booking: Booking) -> bool:
    """The customer cancels; the provider revokes."""
    return may_change(actor, booking)


def may_take(actor: Actor, entry: WaitlistEntry) -> bool:
    """Who books for the organisation that waits takes what is held for it, or leaves the list."""
    return actor.has_at(entry.organisation_id, *CUSTOMERS)


def is_own(actor: Actor, booking: Booking) -> bool:
    """Asked by, or in the name of, this very person."""
    return actor.id in (booking.person_id, booking.requested_by)


def is_customer(actor: Actor, booking: Booking) -> bool:
    return actor.has_at(booking.organisation_id)


def is_provider(actor: Actor, booking: Booking) -> bool:
    return actor.has_at(booking.provider_id)


def may_see_breach(actor: Actor, breach: Breach) -> bool:
    """The person, who is in charge of their organisation, the provider's staff, and the bureau."""
    in_charge = actor.has_at(breach.organisation_id, "owner", "manager")
    return actor.id == breach.person_id or in_charge or actor.has_at(breach.provider_id, *STAFF) or actor.has(*OFFICE)


def may_appeal(actor: Actor, breach: Breach) -> bool:
    """The person, or who is in charge of their organisation."""
    return actor.id == breach.person_id or actor.has_at(breach.organisation_id, "owner")


def may_decide_breach(actor: Actor, provider_id: int) -> bool:
    """A manager of the provider sets what counts and answers appeals."""
    return actor.has_at(provider_id, "manager")


def may_see_delegation(actor: Actor, delegation: Delegation) -> bool:
    """Everybody at the provider sees who answers in whose place."""
    return actor.has_at(delegation.provider_id)


def may_end_delegation(actor: Actor, delegation: Delegation) -> bool:
    """Who gave it, who has it, or a manager."""
    is_party = actor.id in (delegation.from_person_id, delegation.to_person_id)
    return is_party or actor.has_at(delegation.provider_id, "manager")
