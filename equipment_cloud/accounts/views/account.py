"""One's own account: name and addresses, password, tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.accounts import door, policy, queries, rules, service, sessions
from equipment_cloud.accounts.forms import PasswordForm, ProfileForm, TokenForm
from equipment_cloud.accounts.models import ApiToken, Person
from equipment_cloud.accounts.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit, signed_in
from equipment_cloud.foundation.db import session as records
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import NotFound, Refused

Answer = Response | tuple[str, int]


@bp.get("/account")
@signed_in
def account() -> Answer:
    """Name, addresses, language; the way to password and tokens."""
    person = _me()
    return _account_page(ProfileForm(obj=person, person_name=person.name))


@bp.post("/account")
@signed_in
def update_account() -> Answer:
    """Change name, addresses and language."""
    form, actor = ProfileForm(), current_actor()
    if form.validate_on_submit():
        try:
            _prove_if_addresses_change(form)
            with transaction():
                service.update_person(
                    actor.id,
                    form.person_name.data or "",
                    email=form.email.data,
                    mobile=form.mobile.data,
                    locale=form.locale.data,
                    by=actor,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            session["locale"] = form.locale.data
            flash(_("Your account is changed."), "success")
            return redirect(url_for("accounts.account"), 303)
    return _account_page(form)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
@door.limit_sign_ins
def change_password() -> Answer:
    """Set a new password; all other sessions of the person end."""
    form, actor = PasswordForm(), current_actor()
    has_password = _me().password_hash is not None
    if form.validate_on_submit():
        try:
            if has_password:
                _prove(form.current.data or "")
            with transaction():
                person = service.set_password(actor.id, form.password.data or "", by=actor, now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            sessions.open_session(person)
            flash(_("The password is changed. Every other session is signed out."), "success")
            return redirect(url_for("accounts.account"), 303)
    status = 422 if form.errors else 200
    return render_template("accounts/change_password.html", form=form, has_password=has_password), status


@bp.get("/account/tokens")
@signed_in
def tokens() -> Answer:
    """Tokens that open the JSON API in this person's name."""
    return _tokens_page(_token_form())


@bp.post("/account/tokens")
@signed_in
def create_token() -> Answer:
    """A new token. Its text stands on the answer and nowhere else, so this page is not a redirect."""
    form, actor = _token_form(), current_actor()
    if form.validate_on_submit():
        try:
            with transaction():
                text, _record = service.issue_token(
                    actor.id,
                    form.name.data or "",
                    scopes=form.scopes.data or None,
                    expires_in=timedelta(days=form.days.data or 0),
                    now=clock.now(),
                    by=actor,
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            return _tokens_page(_token_form(empty=True), fresh=text)
    return _tokens_page(form)


@bp.post("/account/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Answer:
    """Close a token."""
    actor = current_actor()
    token = records().get(ApiToken, token_id)
    if token is None or not policy.may_revoke(actor, token):
        raise NotFound
    with transaction():
        service.revoke_token(token_id, by=actor, now=clock.now())
    flash(_("The token is revoked."), "success")
    return redirect(url_for("accounts.tokens"), 303)


def _me() -> Person:
    person = queries.person(current_actor().id)
    permit(policy.may_see(current_actor(), person))
    return person


def _prove(password: str) -> None:
    """The person at the screen knows the password; wrong guesses count as they do at the door."""
    person = _me()
    door.with_password(person.mobile or person.email, password)


def _prove_if_addresses_change(form: ProfileForm) -> None:
    person = _me()
    same_mobile = rules.stored_mobile(form.mobile.data) == (person.mobile or "")
    same_email = rules.stored_email(form.email.data) == (person.email or "")
    if person.password_hash is not None and not (same_mobile and same_email):
        _prove(form.current.data or "")


def _account_page(form: ProfileForm) -> tuple[str, int]:
    person = _me()
    page = render_template("accounts/account.html", form=form, has_password=person.password_hash is not None)
    return page, 422 if form.errors else 200


def _token_form(*, empty: bool = False) -> TokenForm:
    form = TokenForm(formdata=None) if empty else TokenForm()
    form.scopes.choices = [(scope, _(words)) for scope, words in rules.SCOPES.items()]
    return form


def _tokens_page(form: TokenForm, *, fresh: str | None = None) -> tuple[str, int]:
    known = queries.tokens_of(current_actor().id, clock.now())
    page = render_template("accounts/tokens.html", form=form, tokens=known, fresh=fresh)
    return page, 422 if form.errors else 200
