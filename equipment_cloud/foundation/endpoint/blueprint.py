"""The blueprint rooms declare their endpoints on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_smorest
from flask import request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from equipment_cloud.foundation import idempotency
from equipment_cloud.foundation.endpoint.reading import Parser

PREFIX = "/api/v1"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Blueprint(flask_smorest.Blueprint):
    """Stands under ``/api/v1``; unsafe verbs honour ``Idempotency-Key``; reads with :class:`Parser`.

    Named ``<room>-api``. Order of decorators: route, audience (:mod:`access`), ``arguments``, ``response``.
    """

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        options["url_prefix"] = PREFIX + (options.get("url_prefix") or "")
        super().__init__(name, import_name, **options)

    def route(
        self, rule: str, *, repeatable: bool = True, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """As Flask's, for functions; verbs that change something are made repeatable by key.

        Not so with ``repeatable=False``: where the answer holds a secret, or a refusal has to leave a trace.
        """
        methods = set(options.get("methods") or ("GET",))
        register = super().route

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            register(rule, **options)(view if methods <= SAFE or not repeatable else _repeatable(view))
            return view

        return decorate


def _repeatable(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return idempotency.answer_once(lambda: view(*args, **kwargs))

    return answer


def etag(revision: int) -> dict[str, str]:
    """The headers that tell a record's revision; return them third: ``return record, 200, etag(record.revision)``."""
    return {"ETag": f'"{revision}"'}


def if_match(revision: int) -> None:
    """Check ``If-Match`` against the revision just read under lock: 428 without the header, 412 when it is stale."""
    if not request.if_match:
        raise PreconditionRequired
    if not request.if_match.star_tag and str(revision) not in request.if_match:
        raise PreconditionFailed
