"""Eight processes want the same money: a voucher and a pool that cover three pay three, on the database of the run.

By hand, ``RACE_WITHOUT_GUARDS=1`` takes lock and constraint out, and both tests fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import text

from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.vouchers import ledger, queries, service
from equipment_cloud.vouchers.models import Voucher
from equipment_cloud.vouchers.queries import Balances
from tests import databases
from tests.conftest import NOW
from tests.factories.vouchers import City, city

RIVALS = 8
COVERED = 3
ROUNDS = 50 if os.environ.get("STRESS") else 3
PRICE, SHARE = 100_000, 50_000


@dataclass
class Rival:
    """A process that waits for acts."""

    acts: IO[str]
    answers: IO[str]

    def say(self, act: dict[str, Any]) -> None:
        self.acts.write(json.dumps(act) + "\n")
        self.acts.flush()

    def hear(self) -> str:
        return self.answers.readline().strip()


@dataclass
class Race:
    """The rivals at the line, and the city they compete in."""

    town: City
    rivals: list[Rival]

    def run(self, acts: list[dict[str, Any]]) -> Counter[str]:
        """Say all acts at once, hear all answers."""
        for rival, act in zip(self.rivals, acts, strict=True):
            rival.say(act)
        answers = Counter(rival.hear() for rival in self.rivals)
        db.session.rollback()
        return answers


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    """A migrated database of its own, a city in it, and eight processes that wait."""
    with ExitStack() as stack:
        url = stack.enter_context(databases.fresh_database())
        app = databases.make_app(url, Path(tempfile.mkdtemp()))
        stack.enter_context(app.app_context())
        with transaction() as session:
            if os.environ.get("RACE_WITHOUT_GUARDS") and databases.ENGINE != "sqlite":
                session.execute(text("ALTER TABLE ledger_account DROP CONSTRAINT ck_ledger_account_never_negative"))
            town = city(session, NOW)
        rivals = stack.enter_context(started(url))
        assert [rival.hear() for rival in rivals] == ["ready"] * RIVALS
        yield Race(town, rivals)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def started(url: str) -> Iterator[list[Rival]]:
    """Eight processes that share nothing but the database."""
    inward, outward = [os.pipe() for _ in range(RIVALS)], [os.pipe() for _ in range(RIVALS)]
    theirs = [(acts, answers) for (acts, _say), (_hear, answers) in zip(inward, outward, strict=True)]
    command = [sys.executable, "-m", "tests.races.voucher_process", url, *(f"{acts}:{said}" for acts, said in theirs)]
    family = subprocess.Popen(command, pass_fds=[end for pair in theirs for end in pair])
    for end in (end for pair in theirs for end in pair):
        os.close(end)
    with ExitStack() as stack:
        yield [
            Rival(stack.enter_context(os.fdopen(say, "w")), stack.enter_context(os.fdopen(hear)))
            for (_acts, say), (hear, _answers) in zip(inward, outward, strict=True)
        ]
    assert family.wait(timeout=60) == 0


def reviewed(town: City, amount_fen: int) -> Voucher:
    row = service.apply(
        town.enterprise.id, town.version.policy_id, amount_fen, "试制", by=town.researcher, now=town.now
    )
    service.submit(row.id, by=town.researcher, now=town.now)
    return service.review(row.id, "齐全", by=town.reviewer, now=town.now)


def test_eight_hold_on_a_voucher_that_covers_three(race: Race) -> None:
    town = race.town
    for number in range(ROUNDS):
        with transaction():
            voucher_id = town.voucher(COVERED * SHARE).id
        acts = [
            {
                "act": "hold", "voucher_id": voucher_id, "reference": f"booking:{number}-{rival}",
                "provider_id": town.provider.id, "price_fen": PRICE, "service_on": "2026-11-30",
                "by": town.researcher.id, "now": NOW.isoformat(),
            }
            for rival in range(RIVALS)
        ]  # fmt: skip
        assert race.run(acts) == {"ok": COVERED, "not-enough": RIVALS - COVERED}
        assert queries.balances([voucher_id])[voucher_id] == Balances(0, COVERED * SHARE, 0)
    assert ledger.verify()["breaches"] == []


def test_eight_issue_from_a_pool_that_covers_three(race: Race) -> None:
    town, amount = race.town, 1_000_000
    with transaction():
        free = queries.pool_figures([town.pool.id])[town.pool.id].free_fen
        service.withdraw_from_pool(town.pool.id, free, "示例〔2026〕收回", by=town.keeper, now=NOW)
    for number in range(ROUNDS):
        with transaction():
            policy_id, document = town.version.policy_id, f"示例〔2026〕{100 + number}号"
            service.plan_pool(policy_id, 2026, COVERED * amount, document, by=town.keeper, now=NOW)
            ids = [reviewed(town, amount).id for _rival in range(RIVALS)]
        acts = [
            {"act": "issue", "voucher_id": voucher_id, "by": town.approver.id, "now": NOW.isoformat()}
            for voucher_id in ids
        ]
        assert race.run(acts) == {"ok": COVERED, "pool-exhausted": RIVALS - COVERED}
        assert queries.pool_figures([town.pool.id])[town.pool.id].free_fen == 0
    assert ledger.verify()["breaches"] == []
