"""What monitors read: is it well, and a few numbers."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from equipment_cloud.foundation import clock, jobs
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.db import session
from equipment_cloud.portal import queries
from equipment_cloud.portal.views.blueprint import bp

log = logging.getLogger(__name__)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """200 while pages can be served; 503 when the database is away. A clock that stands still is told, not failed."""
    now = clock.now()
    try:
        session().execute(text("SELECT 1"))
        beat_at = jobs.last_beat()
    except SQLAlchemyError as error:
        log.warning("health check: %s", error)
        answer = jsonify({"ok": False, "database": "away"})
        answer.status_code = 503
        return answer
    body: dict[str, Any] = {"ok": True, "database": "well"}
    body["clock"] = {
        "state": "stands still" if jobs.stands_still(beat_at, now=now) else "runs",
        "beat_at": clock.local(beat_at).isoformat() if beat_at else None,
        "age_seconds": int((now - beat_at).total_seconds()) if beat_at else None,
    }
    return jsonify(body)


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Gauges in Prometheus' text format."""
    now = clock.now()
    pulse, beat_at = queries.pulse(now=now), jobs.last_beat()
    gauges = {
        "published_instruments": ("Instruments open to all", pulse.published_instruments),
        "outbox_pending_messages": ("Messages not sent yet", pulse.unsent_messages),
        "audit_unsealed_notes": ("Audit notes not sealed yet", pulse.unsealed_notes),
        "audit_blocks": ("Sealed blocks of the audit trail", pulse.audit_blocks),
        "job_runs_failed_today": ("Runs of jobs that failed as a whole today", pulse.failed_runs_today),
    }
    if beat_at is not None:
        gauges["clock_age_seconds"] = ("Since the clock was last heard of", int((now - beat_at).total_seconds()))
    lines = [
        f"# HELP equipment_cloud_{name} {words}\n# TYPE equipment_cloud_{name} gauge\nequipment_cloud_{name} {value}\n"
        for name, (words, value) in gauges.items()
    ]
    return Response("".join(lines), mimetype="text/plain; version=0.0.4")
