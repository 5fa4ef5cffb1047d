"""Every write of bookings: asking, deciding, changing, using, and what the clock does."""

from equipment_cloud.booking.service.breaches import appeal, count_breaches, decide_appeal, set_breach_policy
from equipment_cloud.booking.service.changing import cancel, reschedule
from equipment_cloud.booking.service.chasing import escalate, remind_approvers
from equipment_cloud.booking.service.deciding import approve, decline
from equipment_cloud.booking.service.many import Answered, decide_many
from equipment_cloud.booking.service.overdue import expire_pending, mark_no_shows
from equipment_cloud.booking.service.progress import check_in, complete, finish_use, start_use
from equipment_cloud.booking.service.requesting import request
from equipment_cloud.booking.service.standing_in import delegate, end_delegation
from equipment_cloud.booking.service.waiting import lapse, leave, offer, take, wait

__all__ = [
    "Answered",
    "appeal",
    "approve",
    "cancel",
    "check_in",
    "complete",
    "count_breaches",
    "decide_appeal",
    "decide_many",
    "decline",
    "delegate",
    "end_delegation",
    "escalate",
    "expire_pending",
    "finish_use",
    "lapse",
    "leave",
    "mark_no_shows",
    "offer",
    "remind_approvers",
    "request",
    "reschedule",
    "set_breach_policy",
    "start_use",
    "take",
    "wait",
]
