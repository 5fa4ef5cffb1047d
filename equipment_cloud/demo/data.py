"""The written part of the example city: organisations, kinds of instruments, test items."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from equipment_cloud.kernel.identifiers import make_credit_code

FOLDER = Path(__file__).parent / "data"
PASSWORD = "equipment-cloud-demo"  # noqa: S105 - the password of the example accounts, refused in production
DEMO_PEOPLE = {
    "sme": (("researcher", "张研示例"), ("owner", "张总示例"), ("accountant", "李会示例")),
    "institute": (("manager", "陈管示例"), ("operator", "周操示例"), ("finance", "吴财示例")),
    "bureau": (
        ("township", "乡联示例"),
        ("surveyor", "查勘示例"),
        ("policy", "政策示例"),
        ("reviewer", "初审示例"),
        ("approver", "复审示例"),
        ("leader", "分管示例"),
        ("finance", "财务示例"),
        ("auditor", "审计示例"),
        ("admin", "系统示例"),
    ),
}
"""E-mail name and person; the address is ``<name>@<organisation>.example``."""
HOSTS = {"sme": "sme.example", "institute": "institute.example", "bureau": "bureau.example"}
STORED_ROLES = {("bureau", "finance"): "treasurer"}
"""Where the account's name and the role differ."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def credit_code(number: int, kind: str) -> str:
    """A synthetic code of Yuyao (330281) that passes both check digits; institutions are registered as 事业单位."""
    body = f"MAEX{number:04d}"
    rest = 11 - sum(_LETTERS.index(letter) * weight for letter, weight in zip(body, _WEIGHTS, strict=True)) % 11
    check = {10: "X", 11: "0"}.get(rest, str(rest))
    prefix = "12" if kind == "institution" else "91"
    return make_credit_code(f"{prefix}330281{body}{check}")
