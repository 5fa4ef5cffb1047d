"""Organisations across the townships, their people, accounts, the carriers' register."""

from __future__ import annotations

from datetime import date

from equipment_cloud.accounts import service as accounts
from equipment_cloud.carriers import service as carriers
from equipment_cloud.demo.data import DEMO_PEOPLE, HOSTS, PASSWORD, STORED_ROLES, credit_code, rows
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.organisations import service as organisations
from equipment_cloud.organisations.models import Kind

BUREAU = ("示例余姚市科学技术局", "Example Yuyao Science and Technology Bureau", "330281004")
LIAISON_TOWN = "330281002"
FOUNDED = date(2015, 1, 1)
USER_ROLES = ("owner", "researcher", "accountant")
PROVIDER_ROLES = ("manager", "operator", "finance")
ROLE_WORDS = {"owner": "总", "researcher": "研", "accountant": "会", "manager": "管", "operator": "操", "finance": "财"}


def write_organisations(story: Story) -> None:
    """The bureau, then 40 organisations with the people they need."""
    name, name_en, town = BUREAU
    story.organisations["bureau"] = organisations.register(
        Kind.BUREAU, name, credit_code(9000, "institution"), town, now=story.begins_at, name_en=name_en, is_user=False,
        is_provider=False, is_example=True, valid_from=FOUNDED, phone="0574-62700000", by=SYSTEM,
    )  # fmt: skip
    for number, row in enumerate(rows("organisations"), start=1):
        story.organisations[row["key"]] = organisations.register(
            Kind(row["kind"]), row["name"], credit_code(number, row["kind"]), row["town"], now=story.begins_at,
            name_en=row["name_en"], is_user=row["is_user"] == "1", is_provider=row["is_provider"] == "1",
            industry_code=row["industry"], address=row["address"], contact_name=row["contact"],
            phone=f"0574-6270{number:04d}", is_example=True, valid_from=FOUNDED, by=SYSTEM,
        )  # fmt: skip
    _write_demo_accounts(story)
    for number, row in enumerate(rows("organisations"), start=1):
        _write_staff(story, row, number)


def write_carriers(story: Story) -> None:
    """Who draws vouchers: entered by the surveyor, confirmed by policy staff."""
    first_day = date(clock.today(story.begins_at).year, 1, 1)
    for row in rows("organisations"):
        if row["carrier"]:
            entry = carriers.enter(
                story.organisations[row["key"]].id, row["carrier"].split("|"), valid_from=first_day,
                document_number="示例〔2026〕1号", by=story.bureau("surveyor"), now=story.begins_at,
            )  # fmt: skip
            carriers.confirm(entry.id, by=story.bureau("policy"), now=story.begins_at)


def write_bank_accounts(story: Story) -> None:
    """Where money goes: proposed by one person, approved by another of the same organisation."""
    for number, row in enumerate(rows("organisations"), start=1):
        provider = row["is_provider"] == "1" and row["kind"] != "umbrella"
        first, second = ("finance", "manager") if provider else ("accountant", "owner")
        if row["kind"] == "umbrella":
            continue
        account = organisations.propose_bank_account(
            story.organisations[row["key"]].id, row["name"], f"6222000033028{number:06d}", "示例银行余姚支行",
            f"{313332800000 + number:012d}", by=story.actor(row["key"], first), now=story.begins_at,
        )  # fmt: skip
        organisations.approve_bank_account(account.id, by=story.actor(row["key"], second), now=story.begins_at)


def _write_demo_accounts(story: Story) -> None:
    for number, (key, people) in enumerate(DEMO_PEOPLE.items()):
        for place, (account, name) in enumerate(people):
            role = STORED_ROLES.get((key, account), account)
            email, mobile = f"{account}@{HOSTS[key]}", f"1380574{number}{place:03d}"
            _join(story, key, role, name, email=email, mobile=mobile, password=PASSWORD)


def _write_staff(story: Story, row: dict[str, str], number: int) -> None:
    wanted: list[str] = []
    if row["kind"] == "enterprise":
        wanted += USER_ROLES
    if row["is_provider"] == "1":
        wanted += PROVIDER_ROLES
    for place, role in enumerate(wanted):
        if (row["key"], role) not in story.people:
            name = f"{row['contact'][0]}{ROLE_WORDS[role]}示例"
            _join(story, row["key"], role, name, email=None, mobile=f"1370574{number:02d}{place:02d}", password=None)


def _join(
    story: Story, key: str, role: str, name: str, *, email: str | None, mobile: str | None, password: str | None
) -> None:
    person = accounts.create_person(name, email=email, mobile=mobile, password=password, now=story.begins_at, by=SYSTEM)
    scope = LIAISON_TOWN if role == "township" else None
    organisations.grant(story.organisations[key].id, person.id, role, scope, by=SYSTEM, now=story.begins_at)
    story.people[key, role] = person.id
