"""The room's blueprint and menu entries."""

from __future__ import annotations

from flask import Blueprint

from equipment_cloud.discovery import policy
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_

bp = Blueprint("discovery", __name__)

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Find"), endpoint="discovery.search", place="public", order=9, phone=True),
    NavItem(label=N_("Instruments"), endpoint="discovery.instruments", place="public", order=10),
    NavItem(label=N_("Test services"), endpoint="discovery.services", place="public", order=11),
    NavItem(label=N_("Kept at hand"), endpoint="discovery.kept", roles=policy.CUSTOMERS, order=46),
    NavItem(label=N_("Synonyms of the search"), endpoint="discovery.synonyms", roles=policy.KEEPERS, order=45),
)
