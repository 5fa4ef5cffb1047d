"""The application factory: a list one can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, session, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from whitenoise import WhiteNoise

import config
from equipment_cloud import cli
from equipment_cloud.accounts import api as accounts_api
from equipment_cloud.accounts import queries as accounts
from equipment_cloud.accounts import service as accounts_service
from equipment_cloud.accounts import sessions
from equipment_cloud.accounts import views as accounts_views
from equipment_cloud.billing import api as billing_api
from equipment_cloud.billing import jobs as billing_jobs
from equipment_cloud.billing import views as billing_views
from equipment_cloud.booking import api as booking_api
from equipment_cloud.booking import jobs as booking_jobs
from equipment_cloud.booking import views as booking_views
from equipment_cloud.carriers import views as carriers_views
from equipment_cloud.catalog import api as catalog_api
from equipment_cloud.catalog import jobs as catalog_jobs
from equipment_cloud.catalog import views as catalog_views
from equipment_cloud.contracts import api as contracts_api
from equipment_cloud.contracts import views as contracts_views
from equipment_cloud.discovery import api as discovery_api
from equipment_cloud.discovery import jobs as discovery_jobs
from equipment_cloud.discovery import views as discovery_views
from equipment_cloud.foundation import (
    access,
    assets,
    clock,
    converters,
    endpoint,
    errors,
    filters,
    jobs,
    security,
    state_words,
)
from equipment_cloud.foundation.db import db, migrate
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.insight import api as insight_api
from equipment_cloud.insight import jobs as insight_jobs
from equipment_cloud.insight import views as insight_views
from equipment_cloud.messages import jobs as messages_jobs
from equipment_cloud.messages import queries as messages
from equipment_cloud.messages import views as messages_views
from equipment_cloud.notices import api as notices_api
from equipment_cloud.notices import views as notices_views
from equipment_cloud.occupancy import api as occupancy_api
from equipment_cloud.occupancy import views as occupancy_views
from equipment_cloud.organisations import api as organisations_api
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations import views as organisations_views
from equipment_cloud.portal import api as portal_api
from equipment_cloud.portal import views as portal_views
from equipment_cloud.pricing import api as pricing_api
from equipment_cloud.pricing import views as pricing_views
from equipment_cloud.reference import views as reference_views
from equipment_cloud.settlement import api as settlement_api
from equipment_cloud.settlement import jobs as settlement_jobs
from equipment_cloud.settlement import views as settlement_views
from equipment_cloud.survey import jobs as survey_jobs
from equipment_cloud.survey import views as survey_views
from equipment_cloud.usage import api as usage_api
from equipment_cloud.usage import jobs as usage_jobs
from equipment_cloud.usage import views as usage_views
from equipment_cloud.vouchers import api as vouchers_api
from equipment_cloud.vouchers import jobs as vouchers_jobs
from equipment_cloud.vouchers import views as vouchers_views

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("zh_CN", "en")

PAGES: tuple[ModuleType, ...] = (
    portal_views,
    discovery_views,
    accounts_views,
    organisations_views,
    reference_views,
    messages_views,
    survey_views,
    catalog_views,
    occupancy_views,
    pricing_views,
    booking_views,
    usage_views,
    carriers_views,
    vouchers_views,
    contracts_views,
    billing_views,
    notices_views,
    settlement_views,
    insight_views,
)

APIS: tuple[ModuleType, ...] = (
    portal_api,
    accounts_api,
    organisations_api,
    discovery_api,
    catalog_api,
    usage_api,
    insight_api,
    occupancy_api,
    pricing_api,
    booking_api,
    vouchers_api,
    billing_api,
    contracts_api,
    notices_api,
    settlement_api,
)

CLOCKWORK: tuple[ModuleType, ...] = (
    jobs,
    messages_jobs,
    survey_jobs,
    catalog_jobs,
    booking_jobs,
    usage_jobs,
    billing_jobs,
    vouchers_jobs,
    settlement_jobs,
    discovery_jobs,
    insight_jobs,
)

babel = Babel()
_spoken = cache(Locale.parse)
"""Parsing a language's name takes longer than a query, and every request asks for one of two."""
csrf = CSRFProtect()
login = LoginManager()


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """A configured application; ``overrides`` win over ``config.settings()``."""
    app = Flask("equipment_cloud", root_path=str(Path(__file__).parent), template_folder=str(ROOT / "templates"))
    app.config.update(config.settings())
    app.config.update(overrides or {})
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    converters.register(app)
    _install_extensions(app)
    _install_people(app)
    for module in PAGES:
        app.register_blueprint(module.bp)
    app.extensions["api_blueprints"] = tuple(module.blp for module in APIS)
    app.extensions["jobs"] = tuple(job for module in CLOCKWORK for job in module.JOBS)
    app.extensions["panels"] = tuple(panel for module in PAGES for panel in getattr(module, "PANELS", ()))
    endpoint.register(app)
    errors.register(app)
    filters.register(app)
    state_words.register(app)
    security.register(app)
    cli.register(app)
    _install_templates(app)
    return app


def _install_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, directory=str(ROOT / "migrations"), render_as_batch=False, compare_type=True)
    babel.init_app(app, locale_selector=_chosen_locale, default_timezone=app.config["TIMEZONE"])
    csrf.init_app(app)
    limiter.init_app(app)
    static = Path(__file__).parent / "static"
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(static), prefix="static/", max_age=3600, autorefresh=app.debug)  # type: ignore[method-assign]


def _install_people(app: Flask) -> None:
    login.init_app(app, add_context_processor=False)  # pages know the actor; asking for more would ask the database
    login.user_loader(sessions.load)
    app.extensions["actor_loader"] = _actor
    app.extensions["token_loader"] = _actor_of_token


def _actor(person_id: int, scopes: frozenset[str] | None = None) -> access.Actor | None:
    """The person with today's roles."""
    return organisations.load_actor(person_id, scopes, on=clock.today(clock.now()))


def _actor_of_token(text: str) -> access.Actor | None:
    """The bearer of an API token, with the token's scopes."""
    found = accounts_service.bearer(text, now=clock.now())
    if found is None:
        return None
    person_id, scopes = found
    return _actor(person_id, scopes)


def _chosen_locale() -> Locale:
    return _spoken(_chosen_language())


def _chosen_language() -> str:
    """``?lang=`` of this request, else the choice kept in the session, else the default (the browser is not asked)."""
    if "locale" in g:
        return str(g.locale)
    if not has_request_context():
        return str(current_app.config["BABEL_DEFAULT_LOCALE"])
    for wanted in (request.args.get("lang"), session.get("locale")):
        if wanted in LOCALES:
            return str(wanted)
    return str(accounts.locale_of(current_user) or current_app.config["BABEL_DEFAULT_LOCALE"])


def _install_templates(app: Flask) -> None:
    items = sorted((item for module in PAGES for item in getattr(module, "NAV", ())), key=lambda item: item.order)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = assets.asset_url

    @app.context_processor
    def layout_values() -> dict[str, Any]:
        actor = access.actor_or_none() if not errors.is_api() else None
        return {
            "actor": actor,
            "nav": _nav(item for item in items if item.place == "desk" and _shown(item, actor)),
            "public_nav": _nav(item for item in items if item.place == "public"),
            "account_nav": _nav(item for item in items if item.place == "account" and _shown(item, actor)),
            "phone_nav": _nav(item for item in items if _shown(item, actor) and (item.phone or actor is None))[:4],
            "unread_count": messages.unread_count(actor.id) if actor and not errors.database_may_be_away() else 0,
            "demo": app.config["DEMO"],
            "locale": str(get_locale()),
            "now": clock.now(),
        }


def _shown(item: NavItem, actor: access.Actor | None) -> bool:
    if item.place == "public":
        return True
    return actor is not None and (not item.roles or actor.has(*item.roles))


def _nav(items: Iterable[NavItem]) -> list[dict[str, Any]]:
    """Entries of a menu; of those above the present page, the nearest is the active one."""
    entries = [_nav_entry(item) for item in items]
    nearest = max((len(entry["url"]) for entry in entries if entry["active"]), default=0)
    return [entry | {"active": entry["active"] and len(entry["url"]) == nearest} for entry in entries]


def _nav_entry(item: NavItem) -> dict[str, Any]:
    url = url_for(item.endpoint)
    active = request.path == url or (url != "/" and request.path.startswith(url + "/"))
    return {"label": _(item.label), "url": url, "active": active, "order": item.order}
