"""The rivals of the voucher races: ``python -m tests.races.voucher_process URL IN:OUT ...``.

The programme is loaded once and then forked into one process for each pair of file descriptors. Each line that comes in
is one act as JSON; the answer is ``ok`` or the code of the refusal. ``RACE_WITHOUT_GUARDS=1`` takes out the row lock,
the conditional update and the constraint, to show by hand that the races then fail.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.vouchers import service
from equipment_cloud.vouchers.ledger import book
from equipment_cloud.vouchers.models import LedgerAccount, Voucher
from equipment_cloud.vouchers.service import locks
from tests import databases


def act(given: dict[str, Any]) -> None:
    by = Actor(given["by"], "示例")
    now = datetime.fromisoformat(given["now"])
    with transaction():
        if given["act"] == "issue":
            service.issue(given["voucher_id"], opinion="同意", by=by, now=now)
        else:
            service.hold(
                given["voucher_id"], reference=given["reference"], provider_id=given["provider_id"],
                category="instrument_use", purpose="rd", price_fen=given["price_fen"],
                service_on=date.fromisoformat(given["service_on"]), by=by, now=now,
            )  # fmt: skip


def without_guards() -> None:
    """Read, think, write: what a careless programme does."""

    def unlocked(voucher_id: int) -> Voucher:
        return db.session.get_one(Voucher, voucher_id)

    def careless(account_id: int, delta: int) -> None:
        balance = db.session.scalars(select(LedgerAccount.balance_fen).where(LedgerAccount.id == account_id)).one()
        if delta < 0 and balance + delta < 0 and balance >= 0:
            raise book.NotEnough
        db.session.commit()
        db.session.execute(
            update(LedgerAccount).where(LedgerAccount.id == account_id).values(balance_fen=balance + delta)
        )

    @event.listens_for(Engine, "connect")
    def without_checks(connection: Any, _record: Any) -> None:
        if databases.ENGINE == "sqlite":
            connection.execute("PRAGMA ignore_check_constraints=ON")

    locks.voucher = unlocked
    book._move = careless


def compete(app: Flask, acts: IO[str], answers: IO[str]) -> None:
    """One rival: act by act until there are no more."""

    def say(words: str) -> None:
        answers.write(f"{words}\n")
        answers.flush()

    with app.app_context():
        db.session.scalar(select(1))
        db.session.rollback()
        say("ready")
        for line in acts:
            try:
                act(json.loads(line))
                say("ok")
            except Refused as refusal:
                say(refusal.problem_code)
            except Exception as error:  # noqa: BLE001 - the race's judge wants to see it
                say(f"{type(error).__name__}: {str(error).splitlines()[0]}")


def main(url: str, pairs: list[str]) -> None:
    if os.environ.get("RACE_WITHOUT_GUARDS"):
        without_guards()
    app = databases.make_app(url, Path(tempfile.mkdtemp()))
    ends = [tuple(map(int, pair.split(":"))) for pair in pairs]
    for acts, answers in ends:
        if os.fork() == 0:
            for other in {end for pair in ends for end in pair} - {acts, answers}:
                os.close(other)
            with os.fdopen(acts) as source, os.fdopen(answers, "w") as target:
                compete(app, source, target)
            return
    for end in {end for pair in ends for end in pair}:
        os.close(end)
    for _rival in ends:
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
