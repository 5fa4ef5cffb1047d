"""The whole mission on an instrument of a real inventory, clicking, as the people who do it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests import city
from tests.journeys.conftest import Walker
from tests.journeys.steps import booking, catalogue, settlement, vouchers

pytestmark = [pytest.mark.journey, pytest.mark.both_databases, pytest.mark.timeout(600)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The real university inventory where it is at hand, else two rows of its shape."""
    real = Path(os.environ.get("CORPUS_DIR", "")) / "cn-university-27" / "equipment.csv"
    if real.is_file():
        return real
    small = tmp_path / "equipment.csv"
    small.write_text(catalogue.SMALL_TABLE, encoding="utf-8")
    return small


def test_a_surveyed_instrument_is_found_booked_used_subsidised_noticed_and_paid(
    walker: Walker, small_city: tuple[str, dict[str, str]], table: Path, tmp_path: Path
) -> None:
    env = small_city[1]
    catalogue.import_inventory(walker, table)
    number = catalogue.complete_and_submit(walker, "红外光谱仪")
    catalogue.verify(walker, number)
    catalogue.publish(walker, number)
    catalogue.find(walker, "红外光谱仪", number)

    vouchers.stand_for_vouchers(walker)
    voucher = vouchers.get_voucher(walker, "5000")

    address = booking.book(walker, number, voucher)
    booking.confirm_booking(walker, address)
    usage = booking.use(walker, number)
    booking.confirm_usage(walker, usage)

    claim = settlement.claim(walker, tmp_path, price="3000", own="1500")
    settlement.review(walker, claim)
    batch = settlement.assemble(walker, env)
    settlement.close_notice(env)
    listed = settlement.pay(walker, batch, tmp_path)

    assert listed.suffix == ".xlsx"
    walker.sign_in("accountant@sme.example").go(claim).sees("Paid on")
    verdict = json.loads(city.flask("ledger", "verify", env=env))
    assert verdict["ok"], verdict
    assert verdict["checked"] > 0
