"""The language a reader chooses."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from equipment_cloud.foundation.access import public
from equipment_cloud.portal.views.blueprint import bp

LOCALES = ("zh_CN", "en")


@bp.route("/language", methods=["GET", "POST"])
@public
def language() -> Response:
    """Keep the choice in the session and go back to the page it was made on; the account's own stays as it is."""
    wanted = request.values.get("locale", "")
    if wanted in LOCALES:
        session["locale"] = wanted
    return redirect(_local_path(request.values.get("next", "/")), 303)


def _local_path(target: str) -> str:
    """A path of ours, never another site's address."""
    is_local = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target.rstrip("?") if is_local and len(target) < 2_000 else "/"
