"""Who is knocking, and may this role knock at all?

Every route states its audience with :func:`public`, :func:`signed_in` or :func:`only`; a test refuses any other.
Whether *this* person may do *this* to *that* record is the room's ``policy``, checked with :func:`permit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.datastructures import WWWAuthenticate

from equipment_cloud.kernel.errors import N_, Forbidden

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one organisation; ``scope`` narrows it (a township liaison's town code)."""

    organisation_id: int
    role: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as every service sees one: identity and grants, loaded once per request."""

    id: int
    name: str
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = None
    """Scopes of the API token in use; ``None`` for a person at a page, who has all."""

    def has(self, *roles: str) -> bool:
        """Holds any of the roles, anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def has_at(self, organisation_id: int | None, *roles: str) -> bool:
        """Holds any of the roles (any role at all if none is named) at that organisation."""
        return any(
            grant.organisation_id == organisation_id and (not roles or grant.role in roles) for grant in self.grants
        )

    def organisations(self, *roles: str) -> tuple[int, ...]:
        """Ids of the organisations where the actor holds any of the roles (any role at all if none is named)."""
        found = {grant.organisation_id for grant in self.grants if not roles or grant.role in roles}
        return tuple(sorted(found))

    def scope_of(self, role: str) -> str | None:
        """The scope of the first grant of a role."""
        return next((grant.scope for grant in self.grants if grant.role == role), None)


SYSTEM = Actor(id=0, name="system")
"""The clock's own hand: jobs act as this."""


def current_actor() -> Actor:
    """The person of this request. Only behind :func:`signed_in` or :func:`only`."""
    actor = actor_or_none()
    if actor is None:
        abort(401)
    return actor


def actor_or_none() -> Actor | None:
    """The person of this request, or ``None`` for a visitor.

    The API knows people by bearer token only, pages by their cookie only. A token that is not good (any more) is 401.
    """
    if "actor" not in g:
        g.actor = _bearer() if request.path.startswith("/api/") else _signed_in_person()
    return cast("Actor | None", g.actor)


def bearer_text() -> str | None:
    """The token of ``Authorization: Bearer ...``, if one was sent."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


def _signed_in_person() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    loader: Callable[[int], Actor | None] = current_app.extensions["actor_loader"]
    return loader(int(str(current_user.get_id()).partition(":")[0]))


def _bearer() -> Actor | None:
    text = bearer_text()
    if text is None:
        return None
    loader: Callable[[str], Actor | None] = current_app.extensions["token_loader"]
    actor = loader(text) if 0 < len(text) <= 255 and text.isascii() else None
    if actor is None:
        g.actor = None  # the error page must not ask again
        abort(401, www_authenticate=WWWAuthenticate("bearer", {"error": "invalid_token"}))
    return actor


class OutOfScope(Forbidden):
    """The person may, but the token in use does not reach that far (403)."""

    code = "insufficient-scope"
    message = N_("This token does not cover this call.")
    remedy = N_("Create a token with the scope that is missing: %(needed)s.")


def check_scope(actor: Actor) -> None:
    """Raise :class:`OutOfScope` unless the token covers the call.

    Scopes: ``read``, ``write`` (which may read too), a room's name (``booking``), or both (``booking:read``).
    """
    if actor.scopes is None:
        return
    room = (request.blueprint or "").removesuffix("-api")
    needed = "read" if request.method in ("GET", "HEAD") else "write"
    enough = {needed, "write", room, f"{room}:{needed}", f"{room}:write"}
    if not enough & actor.scopes:
        raise OutOfScope(needed=f"{needed} / {room}:{needed}")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anyone, signed in or not."""
    view._audience = ("public",)  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Any person with an account."""
    return _guard(view, ("signed-in",), ())


def only(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Persons who hold any of the roles at any organisation; which record they may touch, the policy says."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        return _guard(view, roles, roles)

    return decorate


def _guard(view: Callable[P, R], audience: tuple[str, ...], roles: tuple[str, ...]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = actor_or_none()
        if actor is None:
            return cast("R", _ask_to_sign_in())
        check_scope(actor)
        if roles and not actor.has(*roles):
            raise Forbidden
        return view(*args, **kwargs)

    guarded._audience = audience  # type: ignore[attr-defined]
    return guarded


def _ask_to_sign_in() -> Any:
    if request.path.startswith("/api/"):
        abort(401, www_authenticate=WWWAuthenticate("bearer"))
    target = request.full_path if request.method == "GET" else "/"
    where = url_for("accounts.sign_in", next=target.rstrip("?"))
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": where}
    return redirect(where, 303)


def permit(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: permit(policy.may_approve(...))
    """Raise :class:`Forbidden` unless the policy allows it."""
    if not allowed:
        raise Forbidden
