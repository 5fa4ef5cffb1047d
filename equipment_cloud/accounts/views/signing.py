"""Signing in and out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.accounts import door, sessions
from equipment_cloud.accounts.forms import CodeForm, CodeRequestForm, SignInForm
from equipment_cloud.accounts.models import Person
from equipment_cloud.accounts.rules import SignInRefused
from equipment_cloud.accounts.views.blueprint import bp
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.local_path import local_path

Answer = Response | tuple[str, int]
CODE_NAME = "code_name"
"""Key of the browser session: whom the code on its way was asked for."""


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@door.limit_sign_ins
def sign_in() -> Answer:
    """Sign in with mobile or e-mail and password."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            return _welcome(door.with_password(form.name.data, form.password.data or ""), form.next.data)
        except SignInRefused as refusal:
            form.show(refusal)
    return _page("accounts/sign_in.html", form)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@door.limit_sign_ins
def ask_code() -> Answer:
    """Ask for a one-time code. The answer is the same whether or not the name has an account."""
    form = CodeRequestForm()
    if form.validate_on_submit():
        door.send_code(form.name.data)
        session[CODE_NAME] = form.name.data
        flash(_("If there is an account with this name, a code is on its way. It is valid for five minutes."), "info")
        return redirect(url_for("accounts.enter_code", next=local_path(form.next.data, "/")), 303)
    return _page("accounts/ask_code.html", form)


@bp.route("/sign-in/code/enter", methods=["GET", "POST"])
@public
@door.limit_sign_ins
def enter_code() -> Answer:
    """Sign in with the code that was sent."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            return _welcome(door.with_code(form.name.data, form.code.data or ""), form.next.data)
        except SignInRefused as refusal:
            form.show(refusal)
    if request.method == "GET" and not form.name.data:
        form.name.data = session.get(CODE_NAME)
    return _page("accounts/enter_code.html", form)


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    """End this browser's session."""
    sessions.close_session()
    flash(_("You are signed out."), "success")
    return redirect(url_for("portal.home"), 303)


def _welcome(person: Person, wanted: str | None) -> Response:
    sessions.open_session(person)
    return redirect(local_path(wanted, url_for("portal.home")), 303)


def _page(template: str, form: SignInForm | CodeRequestForm | CodeForm) -> tuple[str, int]:
    if request.method == "GET":
        form.next.data = local_path(request.args.get("next"), "")
    return render_template(template, form=form), 422 if form.errors else 200
