"""Who may do what to an instrument or a test service."""

from __future__ import annotations

from equipment_cloud.catalog.models import DuplicatePair, Instrument, TestService
from equipment_cloud.foundation.access import Actor

MANAGERS = ("manager",)
STAFF = ("manager", "operator")
OFFICE = ("surveyor", "auditor", "reviewer", "approver", "leader")


def may_create(actor: Actor, organisation_id: int) -> bool:
    """A manager enters instruments for the own organisation."""
    return actor.has_at(organisation_id, *MANAGERS)


def may_edit(actor: Actor, instrument: Instrument) -> bool:
    """A manager of the owner, or of the umbrella that lists on its behalf."""
    return actor.has_at(instrument.organisation_id, *MANAGERS) or _lists(actor, instrument)


def may_pause(actor: Actor, instrument: Instrument) -> bool:
    """Whoever stands at the instrument may take it out of service, and back."""
    return actor.has_at(instrument.organisation_id, *STAFF) or _lists(actor, instrument)


def may_verify(actor: Actor, instrument: Instrument) -> bool:
    """A surveyor of the bureau who does not work at the owner."""
    return actor.has("surveyor") and not actor.has_at(instrument.organisation_id)


def may_decide_pair(actor: Actor, pair: DuplicatePair) -> bool:
    """A surveyor who works at neither owner says whether two records are one machine."""
    return may_verify(actor, pair.first) and may_verify(actor, pair.second)


def may_consent(actor: Actor, instrument: Instrument) -> bool:
    """Only the owner's side agrees to publication."""
    return may_edit(actor, instrument)


def may_see_all(actor: Actor, instrument: Instrument) -> bool:
    """Fields that are not public: for the owner's people and the bureau."""
    return may_pause(actor, instrument) or actor.has(*OFFICE)


def may_see_original_value(actor: Actor, instrument: Instrument) -> bool:
    """The original value (原值) is for the owner and the bureau until its owner shows it."""
    return "original_value_fen" in instrument.public_fields or may_see_all(actor, instrument)


def may_manage_service(actor: Actor, service: TestService) -> bool:
    """A manager of the organisation that offers it."""
    return actor.has_at(service.organisation_id, *MANAGERS)


def _lists(actor: Actor, instrument: Instrument) -> bool:
    return instrument.listed_by_id is not None and actor.has_at(instrument.listed_by_id, *MANAGERS)
