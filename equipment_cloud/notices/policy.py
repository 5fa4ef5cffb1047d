"""Who may do what with notices. Reading them is everyone's right."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor

DECIDERS = ("reviewer", "approver", "leader")
READERS = (*DECIDERS, "treasurer", "auditor")


def may_decide(actor: Actor) -> bool:
    """Objections are decided by those who review claims."""
    return actor.has(*DECIDERS)


def may_read_objections(actor: Actor | None) -> bool:
    """Objections carry names and telephone numbers: for the bureau's reviewers and auditors."""
    return actor is not None and actor.has(*READERS)
