"""The clock's work: send what waits in the outbox."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from equipment_cloud.foundation import channels
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.messages import queries, service

TOGETHER = 200
MOST = 100_000


def send_outbox(_on: date, now: datetime) -> Outcome:
    """Deliver everything due, 200 rows to a transaction; where a transaction fails, its rows one by one."""
    outcome, last = Outcome(), 0
    while outcome.done + len(outcome.failures) < MOST:
        ids = queries.due(now, after_id=last, most=TOGETHER)
        if not ids:
            break
        last = ids[-1]
        _deliver(ids, outcome, now=now)
    return outcome


def _deliver(ids: list[int], outcome: Outcome, *, now: datetime) -> None:
    try:
        with transaction():
            calls = service.deliver(ids, now=now)
    except Exception as error:  # noqa: BLE001 - one bad row must not hold back the others
        if len(ids) == 1:
            outcome.failures.append((f"outbox:{ids[0]}", type(error).__name__))
            return
        for outbox_id in ids:
            _deliver([outbox_id], outcome, now=now)
        return
    outcome.done += len(ids) - len(calls)
    for call in calls:
        _call(call, outcome, now=now)


def _call(call: service.Call, outcome: Outcome, *, now: datetime) -> None:
    """Short message to a mobile number, else e-mail where a mail server is set up, else the inbox is enough."""
    sender, address = (channels.sms(), call.mobile) if call.mobile else (channels.mail(), call.email)
    error = None
    if address is not None and (call.mobile or sender.is_external or not call.has_inbox):
        with force_locale(call.locale):
            text, subject = worded(call.message_id, call.values), _("Yuyao Research Equipment Cloud")
        try:
            sender.send(address, subject, text)
        except channels.Undeliverable as failure:
            error = str(failure)
    with transaction():
        service.settle(call.outbox_id, error, now=now)
    if error is None:
        outcome.done += 1
    else:
        outcome.failures.append((f"outbox:{call.outbox_id}", error))


JOBS: tuple[Job, ...] = (Job("messages.send-outbox", "* * * * *", send_outbox),)
