"""The Api itself: registration of the rooms' endpoints, limits, and the OpenAPI 3.1 document built from the code."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, cast

import flask
import flask_smorest
import marshmallow as ma
from flask import Flask, current_app, g, request
from flask_smorest.utils import prepare_response
from limits import RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from equipment_cloud.foundation.access import actor_or_none, bearer_text, public
from equipment_cloud.foundation.converters import LARGEST_ID, BoundedInteger
from equipment_cloud.foundation.endpoint.blueprint import SAFE, Blueprint
from equipment_cloud.foundation.limits import limiter

WRITES = RateLimitItemPerMinute(600)
_PROBLEM = "application/problem+json"
_LANGUAGES = {"zh": "zh_CN", "en": "en"}
_DESCRIPTION = (
    "Machine time, test services, vouchers and their settlement. Send a token as `Authorization: Bearer ...`; the "
    "public catalogue needs none. Money is whole fen (1/100 yuan); instants carry an offset; lists take `page` and "
    "`per_page`. Errors are RFC 9457 problem documents: `detail` says what is wrong, `remedy` "
    "what to do about it, all of `errors` at once; `code` and `errors[].code` do not change, their words "
    "follow `Accept-Language` (zh-CN or en). Verbs that change something accept `Idempotency-Key`."
)


class SlipInField(ma.Schema):
    """One thing wrong, and where."""

    field = ma.fields.String(allow_none=True, metadata={"description": "dotted path, null for the whole request"})
    code = ma.fields.String()
    message = ma.fields.String()
    remedy = ma.fields.String(allow_none=True)
    level = ma.fields.String()


class ProblemDocument(ma.Schema):
    """RFC 9457 problem details."""

    type = ma.fields.String()
    title = ma.fields.String()
    status = ma.fields.Integer()
    detail = ma.fields.String()
    code = ma.fields.String()
    remedy = ma.fields.String(metadata={"description": "what to do about it"})
    errors = ma.fields.List(ma.fields.Nested(SlipInField))


class Api(flask_smorest.Api):
    """flask-smorest's Api with our error document; its own pages and error handler are not used."""

    def _register_responses(self) -> None:
        for name, words in [(status.name, status.phrase) for status in HTTPStatus] + [
            ("DEFAULT_ERROR", "Refused, and why")
        ]:
            response: dict[str, Any] = {"description": words}
            if name not in ("NO_CONTENT", "NOT_MODIFIED"):
                response["schema"] = ProblemDocument
            prepare_response(response, self.spec, _PROBLEM)
            self.spec.components.response(name, response, lazy=True)

    def _register_error_handlers(self) -> None:
        """Refusals and HTTP errors are worded in :mod:`foundation.errors`."""


home = Blueprint("endpoint-api", __name__)


def register(app: Flask) -> None:
    """Register the blueprints the roof collected in ``app.extensions["api_blueprints"]``."""
    app.config.setdefault("API_TITLE", "equipment_cloud")
    app.config.setdefault("API_VERSION", "v1")
    app.config.setdefault("OPENAPI_VERSION", "3.1.0")
    api = Api()
    api.init_app(app, spec_kwargs={"info": {"description": _DESCRIPTION}, "servers": [{"url": "/"}]})
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.register_converter(BoundedInteger, lambda _converter: {"type": "integer", "minimum": 0, "maximum": LARGEST_ID})
    app.extensions["api"] = api
    app.before_request(_prepare)
    for blueprint in (home, *cast("Iterable[Blueprint]", app.extensions.get("api_blueprints", ()))):
        add(app, blueprint)


def add(app: Flask, blueprint: Blueprint) -> None:
    """Register one blueprint: routes, document, no CSRF token (the API never reads the cookie)."""
    with warnings.catch_warnings():
        # The same schema read as a whole and in part becomes two names in the document; that is what we want.
        warnings.filterwarnings("ignore", message="\nMultiple schemas resolved to the name")
        warnings.filterwarnings("ignore", message="Multiple schemas resolved to the name")
        app.extensions["api"].register_blueprint(blueprint)
    app.extensions["csrf"].exempt(blueprint)


def _prepare() -> None:
    """Before each call of the API: its language, and the limit on writes of a token (of an address without one)."""
    if not request.path.startswith("/api/"):
        return
    g.locale = _LANGUAGES.get((request.accept_languages.best_match(("zh-CN", "zh", "en")) or "")[:2], _default_locale())
    text = bearer_text()
    if request.method not in SAFE and limiter.enabled:
        _count_write(hashlib.sha256(text.encode()).hexdigest() if text else (request.remote_addr or ""))
    if text is not None:
        actor_or_none()  # a token that is no good is told so, also where none is needed


def _count_write(key: str) -> None:
    if not limiter.limiter.hit(WRITES, "api-writes", key):
        reset_at, _left = limiter.limiter.get_window_stats(WRITES, "api-writes", key)
        raise TooManyRequests(retry_after=max(1, int(reset_at - time.time()) + 1))


def _default_locale() -> str:
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])


def document() -> dict[str, Any]:
    """The OpenAPI document; who may call what is read from the endpoints' audiences."""
    spec = cast("dict[str, Any]", current_app.extensions["api"].spec.to_dict())
    for rule in current_app.url_map.iter_rules():
        path = spec["paths"].get(_openapi_path(rule.rule))
        view = current_app.view_functions[rule.endpoint]
        for method in rule.methods or ():
            operation = (path or {}).get(method.lower())
            if operation is not None:
                _tell_audience(operation, getattr(view, "_audience", ("public",)))
                if method not in SAFE:
                    _tell_key(operation)
    return spec


def _openapi_path(rule: str) -> str:
    """``/a/<int:b>`` as ``/a/{b}``."""
    parts = (
        part if not part.startswith("<") else "{" + part.strip("<>").rpartition(":")[2] + "}"
        for part in rule.split("/")
    )
    return "/".join(parts)


def _tell_audience(operation: dict[str, Any], audience: tuple[str, ...]) -> None:
    if audience == ("public",):
        operation["security"] = [{}, {"token": []}]
        return
    operation["security"] = [{"token": []}]
    if audience != ("signed-in",):
        operation["x-roles"] = list(audience)


def _tell_key(operation: dict[str, Any]) -> None:
    parameter = {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "schema": {"type": "string", "maxLength": 255},
        "description": "Repeat a call safely: the same key and body answers the first result again.",
    }
    operation["parameters"] = [*operation.get("parameters", ()), parameter]


@home.get("/openapi.json")
@public
def openapi_json() -> Response:
    """This document."""
    return flask.jsonify(document())
