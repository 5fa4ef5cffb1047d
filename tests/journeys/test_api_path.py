"""The whole mission on an instrument of a real inventory, by calls over HTTP, as the programs of those who do it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests import city
from tests.journeys.programs import SHARE_FEN, Env, serving, settling
from tests.journeys.programs.caller import Program

pytestmark = [pytest.mark.journey, pytest.mark.both_databases, pytest.mark.timeout(300)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The real university inventory where it is at hand, else a row of its shape."""
    real = Path(os.environ.get("CORPUS_DIR", "")) / "cn-university-27" / "equipment.csv"
    return real if real.is_file() else serving.write_table(tmp_path / "equipment.csv")


def test_programs_carry_a_surveyed_instrument_to_a_paid_claim(small_city: tuple[str, Env], table: Path) -> None:
    program, env = Program(small_city[0]), small_city[1]
    serving.import_inventory(table, env)
    instrument = serving.publish(program)
    serving.open_for_booking(program, instrument)
    serving.find(program, instrument)
    voucher = serving.get_voucher(program)
    booking = serving.book(program, instrument, voucher)
    usage = serving.use(program, booking)
    assert serving.balances(program, voucher) == {
        "available_fen": 500_000 - SHARE_FEN,
        "held_fen": 0,
        "drawn_fen": SHARE_FEN,
    }
    claim = settling.file_claim(program, voucher, usage, env)
    settling.review(program, claim)
    batch = settling.assemble(program, claim, env)
    settling.post(program, batch, env)
    settling.pay(program, batch, claim)
    verdict = json.loads(city.flask("ledger", "verify", "--json", env=env))
    assert verdict["ok"], verdict
    assert verdict["checked"] > 0
