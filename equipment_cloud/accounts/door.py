"""The door: what pages and API share to let a person in. It owns the short transactions around the slow comparison."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from equipment_cloud.accounts import rules, service
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import channels, clock
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.limits import limiter


def with_password(name: str | None, password: str) -> Person:
    """The person who gave the right password. Raises :class:`rules.SignInRefused`, always in the same words."""
    with transaction():
        attempt = service.begin_attempt(name, now=clock.now())
    if not service.attempt_fits(attempt, password) or attempt.person_id is None:
        raise rules.SignInRefused
    with transaction():
        return service.admit(attempt.person_id, now=clock.now())


def with_code(name: str | None, code: str) -> Person:
    """The person who gave the code just sent. Raises :class:`rules.SignInRefused`."""
    with transaction():
        person_id = service.try_code(name, code, now=clock.now())
    if person_id is None:
        raise rules.SignInRefused
    with transaction():
        return service.admit(person_id, now=clock.now())


def send_code(name: str | None) -> None:
    """Send a one-time code if the name has an account; the answer is the same if not."""
    with transaction():
        fresh = service.make_code(name, now=clock.now())
    if fresh is None:
        return
    sender = channels.sms() if fresh.channel == "mobile" else channels.mail()
    with force_locale(fresh.locale):
        subject = _("Sign-in code")
        text = _("Your sign-in code is %(code)s, valid for five minutes. Give it to nobody.", code=fresh.code)
    channels.send_soon(sender, fresh.address, subject, text)


def _account_and_address() -> str:
    """Whose account, from which address: form field or JSON member, in its stored form."""
    sent = request.get_json(silent=True) if request.is_json else request.form
    fields = sent if isinstance(sent, Mapping) else {}
    text = next((str(fields[key]) for key in ("mobile", "email", "name") if fields.get(key)), "")
    name = rules.sign_in_name(text[:300])
    return f"{get_remote_address()}|{name.value if name else ''}"


limit_sign_ins = limiter.shared_limit("10 per minute", scope="sign-in", key_func=_account_and_address, methods=["POST"])
"""Ten attempts a minute per account and address, pages and API together."""
