"""UNIQUIP: the 21 columns by which British universities publish equipment, here for a whole city.

The owner stands in ``Department``, before its own department; ``ID`` is the owner's number of the instrument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from equipment_cloud.catalog.rules.exchange.columns import (
    Column,
    Known,
    Values,
    fixed,
    of_code,
    of_email,
    of_phone,
    of_place,
    of_text,
    page_address,
    place_parts,
    plain,
)

MODES = {"self_operated": "预约机时", "sample": "送样检测", "both": "两者皆可"}
_LABELS = {"Manufacturer": "manufacturer", "Model": "model"}
_LABELLED = re.compile(r"(Manufacturer|Model): (.*)")
_BETWEEN = " / "
_PLACE = of_place(255)


def _description(values: Values, _known: Known) -> str:
    named = {label: plain(values.get(name) or "", lines=False) for label, name in _LABELS.items()}
    lines = [f"{label}: {text}" for label, text in named.items() if text]
    return plain("\n".join([*lines, plain(values.get("technical") or "")]))


def _description_parts(text: str, known: Known) -> Mapping[str, str]:
    """Labelled lines at the head, each label once and in order; the rest is the technical data.

    Where that would not be written the same again, all of it is technical data.
    """
    found: dict[str, str] = {}
    lines = text.split("\n")
    for label, name in _LABELS.items():
        match = _LABELLED.fullmatch(lines[0]) if lines else None
        if match and match[1] == label:
            found[name] = match[2]
            lines = lines[1:]
    rest = "\n".join(lines).strip()
    found |= {"technical": rest} if rest else {}
    return found if _description(found, known) == text else {"technical": text}


def _unit(values: Values, _known: Known) -> str:
    department = plain(values.get("department") or "", lines=False).replace(_BETWEEN, "/")
    return plain(f"{values.get('owner') or ''}{_BETWEEN}{department}" if department else values.get("owner") or "")


def _unit_parts(text: str, _known: Known) -> Mapping[str, str]:
    owner, _, department = text.partition(_BETWEEN)
    return {"organisation": owner.strip(), **({"department": department.strip()} if department.strip() else {})}


def _town(values: Values, known: Known) -> str:
    """The township that ``Location`` begins with, so that both say the same."""
    return place_parts(_PLACE(values, known), known).get("town_code", "")


COLUMNS = (
    Column("Type", "类型", fixed("Equipment")),
    Column("Name", "名称", of_text("name", 255), ("name",), is_needed=True),
    Column("Description", "说明", _description, ("model", "manufacturer", "technical"), _description_parts),
    Column("Related Facility ID", "所属设施编号", of_text("belongs_to"), ("belongs_to",)),
    Column("Technique", "技术", of_text("function", lines=True), ("function",), is_needed=True),
    Column("Location", "地点", _PLACE, ("address", "town_code"), place_parts, is_needed=True),
    Column("Contact Name", "联系人", of_text("contact_name"), ("contact_name",)),
    Column("Contact Telephone", "联系电话", of_phone(64), ("phone",)),
    Column("Contact URL", "联系网址", page_address),
    Column("Contact Email", "联系邮箱", of_email(255), ("email",)),
    Column("Secondary Contact Name", "第二联系人", fixed("")),
    Column("Secondary Contact Telephone", "第二联系电话", fixed("")),
    Column("Secondary Contact URL", "第二联系网址", fixed("")),
    Column("Secondary Contact Email", "第二联系邮箱", fixed("")),
    Column("ID", "编号", of_text("unit_number"), ("unit_number",), is_needed=True),
    Column("Photo", "照片", of_text("image")),
    Column("Department", "单位与部门", _unit, ("organisation", "department"), _unit_parts),
    Column("Site Location", "乡镇街道", _town),
    Column("Building", "楼宇", fixed("")),
    Column("Service Level", "服务方式", of_code("mode", MODES), ("mode",)),
    Column("Web Address", "网址", page_address),
)
