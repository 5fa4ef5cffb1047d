"""The inbox."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.local_path import local_path
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import N_
from equipment_cloud.messages import queries, service

bp = Blueprint("messages", __name__)

NAV: tuple[NavItem, ...] = (NavItem(label=N_("Inbox"), endpoint="messages.inbox", place="account", order=20),)


@bp.get("/inbox")
@signed_in
def inbox() -> str:
    """What happened in one's affairs, newest first."""
    actor, unread_only = current_actor(), request.args.get("show") == "unread"
    number, size = asked_page()
    page = queries.inbox(actor.id, unread_only=unread_only, number=number, size=size)
    return render_template("messages/inbox.html", page=page, unread_only=unread_only)


@bp.post("/inbox/<int:message_id>/open")
@signed_in
def open_message(message_id: int) -> Response:
    """Mark a message read and go where it points."""
    with transaction():
        link = service.mark_read(message_id, by=current_actor(), now=clock.now()).link
    return redirect(local_path(link, url_for("messages.inbox")), 303)


@bp.post("/inbox/<int:message_id>/read")
@signed_in
def mark_read(message_id: int) -> Response:
    """Mark a message read and stay."""
    with transaction():
        service.mark_read(message_id, by=current_actor(), now=clock.now())
    return redirect(local_path(request.form.get("next"), url_for("messages.inbox")), 303)


@bp.post("/inbox/read-all")
@signed_in
def mark_all_read() -> Response:
    """Mark everything read."""
    with transaction():
        service.mark_all_read(by=current_actor(), now=clock.now())
    flash(_("All messages are marked as read."), "success")
    return redirect(url_for("messages.inbox"), 303)
