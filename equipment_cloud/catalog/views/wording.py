"""Values of a record as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from equipment_cloud.catalog.forms import GROUPS
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.catalog.rules import BY_NAME, CALIBRATION_EXPIRED
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.filters import day, money, yuan_wan
from equipment_cloud.kernel.errors import N_
from equipment_cloud.reference import queries as reference

ACTS = {
    "catalog.create": N_("Record created"),
    "catalog.update": N_("Record changed"),
    "catalog.submit": N_("Submitted to the bureau"),
    "catalog.verify": N_("Verified by the bureau"),
    "catalog.send-back": N_("Sent back by the bureau"),
    "catalog.consent": N_("Owner agreed to terms and public fields"),
    "catalog.publish": N_("Published"),
    "catalog.pause": N_("Paused"),
    "catalog.resume": N_("Back in service"),
    "catalog.retire": N_("Retired"),
    "catalog.merge": N_("Merged into another record"),
    "catalog.keep-both": N_("Kept apart from a like record"),
    "catalog.calibrate": N_("Calibration recorded"),
    "catalog.set-positions": N_("Number of positions changed"),
    "occupancy.close": N_("A closed period entered"),
    "occupancy.reopen": N_("A closed period lifted"),
    "occupancy.set-opening": N_("Opening hours changed"),
    "occupancy.set-rules": N_("Booking rules changed"),
    "pricing.set-plan": N_("Prices changed"),
}


def value_words(record: Instrument, name: str) -> str | None:
    """One field in words; ``None`` when empty."""
    item = BY_NAME[name]
    value = getattr(record, name)
    if value in (None, "", []):
        return None
    if item.kind == "money":
        return str(_("%(yuan)s, %(wan)s in 10,000 yuan", yuan=money(value), wan=yuan_wan(value)))
    if item.kind == "code":
        return str(_(item.choices.get(str(value), str(value))))
    if item.kind in {"codes", "texts"}:
        return "、".join(str(_(item.choices.get(part, part))) for part in value)
    return _other_words(item.kind, value)


def _other_words(kind: str, value: Any) -> str:
    if kind == "day":
        return day(value)
    if kind == "truth":
        return str(_("Yes") if value else _("No"))
    if kind == "class":
        return f"{value} {reference.class_name(value)}"
    if kind == "town":
        return reference.region_name(value) or str(value)
    return str(value)


def groups_of(record: Instrument) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """``(heading, [(label, words)])`` of all fields, as the form groups them."""
    return [(_(words), facts_of(record, names)) for words, names in GROUPS]


def facts_of(record: Instrument, names: Iterable[str]) -> list[tuple[str, str | None]]:
    """``(label, words)`` of some fields."""
    return [(_(BY_NAME[name].label), value_words(record, name)) for name in names]


def reason_words(reason: str | None) -> str | None:
    """A pause reason in words: people's own, or the clock's."""
    return _("The calibration has expired.") if reason == CALIBRATION_EXPIRED else reason


def events_of(notes: Iterable[AuditNote]) -> list[dict[str, Any]]:
    """The record's history for the timeline."""
    return [
        {"at": note.at, "who": _("the platform") if note.person_id == 0 else note.person_name,
         "what": _(ACTS.get(note.action, "Record changed")), "note": _note_words(note.detail)}
        for note in notes
    ]  # fmt: skip


def _note_words(detail: dict[str, Any]) -> str | None:
    if detail.get("reason"):
        return reason_words(str(detail["reason"]))
    after = detail.get("after")
    if isinstance(after, dict):
        return "、".join(_(BY_NAME[name].label) for name in after if name in BY_NAME) or None
    return None
