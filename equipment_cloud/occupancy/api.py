"""Free time for programs, and how an instrument is opened for booking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import actor_or_none, current_actor, only, permit, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import policy, queries, rules, schemas, service
from equipment_cloud.occupancy.models import WeekKind

blp = Blueprint("occupancy-api", __name__, description="When instruments are open and free")

DEFAULT = timedelta(days=7)
MOST = timedelta(days=93)
STAFF = ("manager", "operator")


@blp.get("/instruments/<int:instrument_id>/availability")
@public
@blp.arguments(schemas.AvailabilityQuery, location="query")
@blp.response(200, schemas.AvailabilityShown)
def availability(query: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Free and busy time of one instrument."""
    now = clock.now()
    starts_at = query["from_"] or now
    window = _window(starts_at, query["to"] or starts_at + DEFAULT)
    found = queries.availability(instrument_id, window, now=now)
    if not found.is_public:
        catalog.visible_to(actor_or_none(), instrument_id)
    return {
        "free": [{"starts_at": part.starts_at, "ends_at": part.ends_at} for part in found.free],
        "busy": [
            {
                "starts_at": item.period.starts_at,
                "ends_at": item.period.ends_at,
                "kind": item.kind,
                "reason": item.reason,
                "position": item.position,
            }
            for item in found.busy
        ],
    }


@blp.get("/instruments/<int:instrument_id>/opening")
@only(*STAFF)
@blp.response(200, schemas.OpeningShown)
def opening(instrument_id: int) -> dict[str, Any]:
    """Hours, terms and closures, for staff of the instrument."""
    _closable(instrument_id)
    return _opening(instrument_id)


@blp.put("/instruments/<int:instrument_id>/opening/hours")
@only(*STAFF)
@blp.arguments(schemas.WeekGiven)
@blp.response(200, schemas.OpeningShown)
def set_hours(body: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Set weekly hours from a day on; bookings already made stay."""
    _managed(instrument_id)
    hours = rules.read_week(body)
    more = {"kind": body["kind"], "valid_from": body["valid_from"]}
    with transaction():
        service.set_opening(instrument_id, hours, **more, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.put("/instruments/<int:instrument_id>/opening/rules")
@only(*STAFF)
@blp.arguments(schemas.RulesGiven)
@blp.response(200, schemas.OpeningShown)
def set_rules(body: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Set the booking rules from a day on; bookings already made stay."""
    _managed(instrument_id)
    with transaction():
        service.set_rules(instrument_id, **body, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.post("/instruments/<int:instrument_id>/opening/special-days")
@only(*STAFF)
@blp.arguments(schemas.SpecialDayGiven)
@blp.response(200, schemas.OpeningShown)
def set_special_day(body: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Give a single day hours of its own, or close it; it replaces what was entered for that day."""
    _managed(instrument_id)
    hours = rules.read_hours(body["hours"], field="hours")
    with transaction():
        service.set_special_day(instrument_id, body["on"], hours, body["note"], by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.post("/instruments/<int:instrument_id>/opening/special-days/<int:day_id>/drop")
@only(*STAFF)
@blp.response(200, schemas.OpeningShown)
def drop_special_day(instrument_id: int, day_id: int) -> dict[str, Any]:
    """Let the week and the working-day calendar decide again."""
    _managed(instrument_id)
    with transaction():
        service.drop_special_day(instrument_id, day_id, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.post("/instruments/<int:instrument_id>/opening/quotas")
@only(*STAFF)
@blp.arguments(schemas.QuotaGiven)
@blp.response(201, schemas.OpeningShown)
def add_quota(body: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Limit what one person or organisation books in a stretch of days."""
    _managed(instrument_id)
    with transaction():
        service.add_quota(instrument_id, **body, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.post("/instruments/<int:instrument_id>/opening/quotas/<int:quota_id>/end")
@only(*STAFF)
@blp.response(200, schemas.OpeningShown)
def end_quota(instrument_id: int, quota_id: int) -> dict[str, Any]:
    """From today on the quota no longer counts."""
    _managed(instrument_id)
    with transaction():
        service.end_quota(instrument_id, quota_id, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


@blp.post("/instruments/<int:instrument_id>/opening/closures")
@only(*STAFF)
@blp.arguments(schemas.ClosureGiven)
@blp.response(201, schemas.ClosureShown)
def close(body: dict[str, Any], instrument_id: int) -> Any:
    """Close the instrument for a period. Bookings in that time stay: tell those people, or cancel."""
    _closable(instrument_id)
    if body["starts_at"] >= body["ends_at"]:
        raise Invalid(problems=[rules.broken("zero-length", "ends_at")])
    period = Period(body["starts_at"], body["ends_at"])
    with transaction():
        found = service.close(instrument_id, period, body["reason"], by=current_actor(), now=clock.now())
        return {"id": found.id, "starts_at": found.starts_at, "ends_at": found.ends_at, "reason": found.reason}


@blp.post("/instruments/<int:instrument_id>/opening/closures/<int:closure_id>/reopen")
@only(*STAFF)
@blp.response(200, schemas.OpeningShown)
def reopen(instrument_id: int, closure_id: int) -> dict[str, Any]:
    """Take a closure back; one that has begun ends now."""
    _closable(instrument_id)
    with transaction():
        service.reopen(instrument_id, closure_id, by=current_actor(), now=clock.now())
    return _opening(instrument_id)


def _closable(instrument_id: int) -> Instrument:
    actor = current_actor()
    instrument = catalog.visible_to(actor, instrument_id)
    permit(policy.may_close(actor, instrument))
    return instrument


def _managed(instrument_id: int) -> None:
    permit(policy.may_set_rules(current_actor(), _closable(instrument_id)))


def _opening(instrument_id: int) -> dict[str, Any]:
    now = clock.now()
    today = clock.today(now)

    def week(kind: WeekKind) -> dict[str, str]:
        return rules.week_texts(queries.hours_of(instrument_id, today, kind))

    return {
        "hours": week(WeekKind.OPEN),
        "peak_hours": week(WeekKind.PEAK),
        "kept_hours": week(WeekKind.OUTSIDE),
        "rules": queries.rules_of(instrument_id, today),
        "planned_rules": queries.rules_to_come(instrument_id, today),
        "special_days": [
            {"id": day.id, "on": day.on, "hours": rules.hours_text(day.hours), "note": day.note}
            for day in queries.special_days_of(instrument_id, today)
        ],
        "quotas": queries.quotas_of(instrument_id, today),
        "closures": queries.closures_of(instrument_id, now=now),
    }


def _window(starts_at: Any, ends_at: Any) -> Period:
    if starts_at >= ends_at:
        raise Invalid(problems=[rules.broken("zero-length", "to")])
    if ends_at - starts_at > MOST:
        message = N_("At most %(days)s days can be asked for at once.")
        raise Invalid.single("too-long", message, field="to", days=MOST.days, remedy=N_("Ask for a shorter time."))
    return Period(starts_at, ends_at)
