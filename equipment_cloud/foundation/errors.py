"""One handler turns refusals into pages, another into RFC 9457 problem documents. No error page is a dead end."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, flash, g, jsonify, make_response, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import N_, Problem, Refused

log = logging.getLogger(__name__)

REMEDIES = {
    400: (N_("The request could not be read."), N_("Go back, check what you entered and try again.")),
    401: (N_("Please sign in."), N_("Sign in and repeat what you were doing.")),
    403: (
        N_("You may not do this."),
        N_("Ask someone of your organisation who holds the right role, or call the platform desk."),
    ),
    404: (
        N_("There is no such page or record, or you may not see it."),
        N_("Check the address, or search from the home page."),
    ),
    405: (N_("This address does not take this kind of request."), N_("Open the page from the menu.")),
    409: (N_("The state of things does not allow this now."), N_("Reload the page and look again.")),
    412: (
        N_("Someone else changed this record in the meantime."),
        N_("Read it again and send the change with its new ETag."),
    ),
    413: (N_("What you sent is too large."), N_("Files may have at most 20 MB; make it smaller or split it.")),
    415: (N_("This kind of content is not accepted."), N_("Send JSON, or upload one of the accepted kinds of file.")),
    422: (N_("Please correct what is marked below."), N_("Correct it and send it again.")),
    428: (
        N_("Say which revision you are changing (If-Match)."),
        N_("Read the record first and send its ETag in If-Match."),
    ),
    429: (N_("Too many attempts."), N_("Wait a minute and try again.")),
    500: (
        N_("Something went wrong on our side; nothing was changed."),
        N_("Try again in a minute; if it stays, call the platform desk."),
    ),
    503: (N_("The platform is busy; nothing was changed."), N_("Try again in a few seconds.")),
}


def is_api() -> bool:
    """Whether the request came to the JSON API."""
    return request.path.startswith("/api/")


def problem_values(problem: Problem) -> dict[str, Any]:
    """A problem in the reader's language: ``field, code, message, remedy, level, who, next_at, waivable``."""
    return {
        "field": problem.field,
        "code": problem.code,
        "message": worded(problem.message, dict(problem.values, field=problem.field)),
        "remedy": worded(problem.remedy, dict(problem.values)) if problem.remedy else None,
        "level": problem.level,
        "who": worded(problem.who) if problem.who else None,
        "next_at": clock.local(problem.next_at).isoformat() if problem.next_at else None,
        "waivable": problem.waivable,
    }


def problem_document(
    status: int, *, code: str, detail: str, remedy: str, errors: list[dict[str, Any]] | None = None, **more: Any
) -> Response:
    """RFC 9457 ``application/problem+json`` with our ``code``, ``remedy`` and ``errors``."""
    title, _remedy = REMEDIES.get(status, REMEDIES[400])
    body = {
        "type": f"urn:equipment-cloud:problem:{code}",
        "title": worded(title),
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
        "errors": errors or [],
        **more,
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def refusal_answer(refusal: Refused) -> BaseResponse | tuple[str, int]:
    """The answer to a refused request: problem document, or error page with reason and remedy."""
    session().rollback()
    detail = worded(refusal.message_id, refusal.values)
    errors = [problem_values(problem) for problem in refusal.problems]
    remedy = (
        worded(refusal.remedy_id, refusal.values)
        if refusal.remedy_id
        else worded(REMEDIES.get(refusal.status, REMEDIES[400])[1])
    )
    if is_api():
        words = {"code": refusal.problem_code, "detail": detail, "remedy": remedy}
        return problem_document(refusal.status, **words, errors=errors, **getattr(refusal, "members", {}))
    back = _own_referrer()
    if request.method == "POST" and back and not request.headers.get("HX-Request"):
        for message in [error["message"] for error in errors] or [detail]:
            flash(message, "error")
        if not errors:
            flash(remedy, "info")
        return redirect(back, 303)
    return error_page(refusal.status, detail=detail, remedy=remedy, errors=errors)


def error_page(status: int, *, detail: str, remedy: str, errors: list[dict[str, Any]] | None = None) -> tuple[str, int]:
    """The error page of a status. ``templates/errors/problem.html`` words all of them."""
    title = worded(REMEDIES.get(status, REMEDIES[400])[0])
    problem = {"status": status, "title": title, "detail": detail, "remedy": remedy, "errors": errors or []}
    return render_template("errors/problem.html", problem=problem), status


def _own_referrer() -> str | None:
    """The page the form stood on, if it is ours."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) and referrer != request.url else None


def register(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(Refused, refusal_answer)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _data)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _crash)


def _answer(status: int, code: str) -> BaseResponse | tuple[str, int]:
    title, remedy = REMEDIES.get(status, REMEDIES[400])
    if is_api():
        return problem_document(status, code=code, detail=worded(title), remedy=worded(remedy))
    return error_page(status, detail=worded(title), remedy=worded(remedy))


def _csrf(_error: CSRFError) -> BaseResponse | tuple[str, int]:
    flash(_("The form had expired; nothing was changed. Please send it again."), "error")
    back = _own_referrer()
    return redirect(back, 303) if back else _answer(400, "csrf")


def _http(error: HTTPException) -> BaseResponse | tuple[str, int]:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # a redirect or an answer somebody made on purpose
    answer = _answer(status, (error.name or "error").lower().replace(" ", "-"))
    headers = {
        key: value for key, value in error.get_headers() if key.lower() in {"retry-after", "allow", "www-authenticate"}
    }
    response = make_response(answer)
    response.headers.extend(headers)
    return response


def _data(error: DataError) -> BaseResponse | tuple[str, int]:
    """A value the database cannot take (a number too large, a NUL) is the sender's slip, not ours."""
    log.warning("value refused by the database: %s", error.orig)
    session().rollback()
    return _answer(422, "invalid")


def _too_large(error: OverflowError) -> BaseResponse | tuple[str, int]:
    """SQLite's driver refuses a number of more than 64 bits before it becomes a ``DataError``."""
    log.warning("number out of range: %s", error)
    session().rollback()
    return _answer(422, "invalid")


def _busy(error: OperationalError) -> BaseResponse | tuple[str, int]:
    log.error("database busy or away: %s", error.orig, exc_info=error)
    _ask_the_database_nothing()
    return _answer(503, "busy")


def _crash(error: Exception) -> BaseResponse | tuple[str, int]:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    _ask_the_database_nothing()
    return _answer(500, "internal")


def database_may_be_away() -> bool:
    """Whether this answer reports a failure, so that the page around it must not ask the database."""
    return bool(g.get("database_may_be_away"))


def _ask_the_database_nothing() -> None:
    """From here on the page is made of what is known already: the database may be what failed."""
    with suppress(SQLAlchemyError):
        session().rollback()
    g.database_may_be_away = True
    g.setdefault("actor", None)
    g.setdefault("locale", cookie.get("locale") or current_app.config["BABEL_DEFAULT_LOCALE"])
