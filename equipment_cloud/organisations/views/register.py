"""Sign-up, one's own organisations, and the bureau's register."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from equipment_cloud.accounts import sessions
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries, rules, service
from equipment_cloud.organisations.forms import SignUpForm
from equipment_cloud.organisations.models import Kind, Organisation, Standing
from equipment_cloud.organisations.views.blueprint import Answer, bp
from equipment_cloud.reference import queries as reference

E = TypeVar("E", bound=StrEnum)


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def sign_up() -> Answer:
    """A person and their organisation in one form; both are good for enquiry and booking at once."""
    form = _sign_up_form()
    if form.validate_on_submit():
        try:
            with transaction():
                person, organisation = _sign_up(form)
        except Refused as refusal:
            form.show(refusal)
        else:
            sessions.open_session(person)
            flash(_("Welcome. You can book at once; vouchers need the bureau's approval, which you can ask for here."),
                  "success")  # fmt: skip
            return redirect(url_for("organisations.portrait", organisation_id=organisation.id), 303)
    return render_template("organisations/sign_up.html", form=form), 422 if form.errors else 200


@bp.get("/my-organisations")
@signed_in
def mine() -> str:
    """Where one holds which roles."""
    actor = current_actor()
    named = queries.organisations_named(actor.organisations())
    rows = [
        (named[grant.organisation_id], rules.ROLE_WORDS[rules.Role(grant.role)], grant.scope) for grant in actor.grants
    ]
    towns = reference.region_names([grant.scope for grant in actor.grants])
    return render_template("organisations/mine.html", rows=rows, towns=towns)


@bp.get("/organisations")
@only(*rules.BUREAU_ROLES)
def index() -> str:
    """The register: by kind, township and standing."""
    number, size = asked_page()
    text = request.args.get("q", "").replace("\0", "").strip()[:100]
    kind = _member(Kind, request.args.get("kind"))
    standing = _member(Standing, request.args.get("standing"))
    town = request.args.get("town", "").replace("\0", "")[:12] or None
    page = queries.page_of(text=text or None, kind=kind, standing=standing, town_code=town, number=number, size=size)
    return render_template(
        "organisations/index.html",
        page=page,
        text=text,
        chosen={"kind": kind, "standing": standing, "town": town},
        town_names=reference.region_names([row.town_code for row in page.items]),
        towns=reference.town_choices(),
        waiting=queries.standing_requests(),
    )


def _sign_up_form() -> SignUpForm:
    form = SignUpForm()
    form.kind.choices = [("enterprise", _("Enterprise")), ("institution", _("Research or testing institution"))]
    form.town_code.choices = [("", "—"), *reference.town_choices()]
    form.industry_code.choices = [("", "—"), *reference.industry_choices()]
    return form


def _sign_up(form: SignUpForm) -> tuple[Person, Organisation]:
    return service.sign_up(
        person_name=form.person_name.data or "",
        mobile=form.mobile.data,
        email=form.email.data,
        password=form.password.data or "",
        kind=Kind(form.kind.data),
        name=form.name.data or "",
        credit_code=form.credit_code.data or "",
        town_code=form.town_code.data,
        industry_code=form.industry_code.data or None,
        is_provider=form.is_provider.data,
        locale=_language(),
        now=clock.now(),
    )


def _language() -> str:
    """The language the visitor reads, as accounts keep it."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh_CN"


def _member(enum: type[E], text: str | None) -> E | None:
    return enum(text) if text in set(enum) else None
