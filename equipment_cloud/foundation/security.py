"""Response headers: what a browser may load, frame, guess, keep and tell others."""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from equipment_cloud.foundation.access import actor_or_none

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)  # fmt: skip


def register(app: Flask) -> None:
    """Every answer of the application carries these headers."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config.get("PRODUCTION"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        # Pages of a person must not be found in a shared cache, nor by the back button after signing out.
        headers.setdefault("Cache-Control", "no-store" if _is_personal() else "no-cache")
        headers.setdefault("Vary", "Cookie")
    return response


def _is_personal() -> bool:
    try:
        return actor_or_none() is not None
    except Exception:  # noqa: BLE001 - a broken sign-in or an unreachable database must not break an error page
        return True
