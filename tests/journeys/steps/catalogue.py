"""From an inventory to the catalogue: import, complete, verify, publish, find."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from equipment_cloud.demo.data import credit_code
from tests.journeys.conftest import Walker

INSTITUTE = credit_code(1, "institution")
ALL_DAY = "00:00-24:00"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    "id", "name", "price", "price_range", "buy_time", "model", "specification", "country", "manufacturer",
    "classification", "discipline_classification", "manage_classification", "unit", "place", "function_range",
    "technical_indicators", "state", "borrow_count", "create_time",
)  # fmt: skip
SMALL_TABLE = f"""{",".join(COLUMNS)}
00000001,红外光谱仪,412376.14万,20万-50万,1298908800000,Nicolet 6700,压片机,美国,Thermo,特种检测仪器,材料科学,公共,材料学院,成都,材质鉴别,0.4,0,3,1
00000002,扫描电镜,400707.86元,20万-50万,1298908800000,JSM-6510,附件,日本,JEOL,特种检测仪器,材料科学,公共,材料学院,成都,形貌观察,3 nm,0,1,1
"""  # noqa: E501 - rows as they come
"""Two rows of the same shape as the real university inventory, for machines without it."""


def import_inventory(walker: Walker, table: Path) -> None:
    """The surveyor opens a campaign and reads an institute's inventory, preview first."""
    walker.sign_in("surveyor@bureau.example").go("/survey/new")
    walker.fill(name="Survey of this year", code="journey", due_on=in_a_month())
    walker.press("Open campaign").go("/survey/journey/import")
    walker.page.set_input_files("main input[name=file]", table)
    walker.fill(mapping="cn-university", organisation=INSTITUTE).press("Show preview")
    walker.sees("Nothing is written yet")
    with walker.page.expect_navigation():
        walker.page.locator("main").get_by_role("button", name="Import ").first.click()


def complete_and_submit(walker: Walker, name: str) -> int:
    """The institute's manager fills in what the inventory does not know and hands the record in; its id."""
    walker.sign_in("manager@institute.example").go(f"/my-instruments?q={name}")
    walker.follow_first("table")
    number = int(walker.page.url.rstrip("/").rsplit("/", 1)[1])
    walker.go(f"/my-instruments/{number}/edit")
    walker.fill(
        original_value_fen="412376.14", in_service_on="2011-03-01", class_code="Spectro", share_mode="external",
        mode="both",
        town_code="Yangming", address="1 Example Road", contact_name="Chen", phone="0574-62700001",
        service_content="Infrared spectra of plastics", requirement="Bring dry samples.",
    )  # fmt: skip
    walker.press("Save changes").press("Submit to the bureau")
    return number


def verify(walker: Walker, number: int) -> None:
    """The surveyor looks at the record and verifies it."""
    walker.sign_in("surveyor@bureau.example").go(f"/verification/{number}").press("Verify")


def publish(walker: Walker, number: int) -> None:
    """The owner agrees to the terms, then says when, how and for how much it can be used."""
    walker.sign_in("manager@institute.example").go(f"/my-instruments/{number}/consent")
    walker.tick("accepts_terms").press("Agree and publish")
    walker.go(f"/instruments/{number}/opening").fill(**dict.fromkeys(WEEK, ALL_DAY)).press("Save opening hours")
    walker.follow("Booking rules")
    walker.fill(step_minutes="30", shortest_minutes="30", longest_minutes="480", lead_minutes="0")
    walker.page.locator("main input[name=follows_workdays]").uncheck()
    walker.press("Save booking rules").sees("The booking rules are saved.")
    walker.go(f"/instruments/{number}/prices")
    walker.fill(minimum_minutes="60", setup_fen="0", internal_fen="100", local_fen="3000", outside_fen="4000")
    walker.press("Save prices")


def find(walker: Walker, name: str, number: int) -> None:
    """A researcher finds it by two characters of its name and sees when it is free."""
    walker.sign_in("researcher@sme.example").go(f"/instruments?q={name[:2]}")
    with walker.page.expect_navigation():
        walker.page.locator(f"main a[href='/instruments/{number}']").first.click()
    walker.sees("Book machine time")


def in_a_month() -> str:
    """A day in a month, as a date field takes it."""
    return f"{datetime.now(ZONE) + timedelta(days=30):%Y-%m-%d}"
