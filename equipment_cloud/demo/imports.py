"""Tables that units sent in: one imported with its problems, one still to be explained, two like records."""

from __future__ import annotations

import csv
import io

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog import service as catalog_service
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import stored_file
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.foundation.tabular import Table
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.models import Campaign
from equipment_cloud.survey.rules import STANDARD_LAYOUT
from equipment_cloud.survey.service import Request

HEADINGS = ["所在单位仪器编号", "名称", "规格型号", "制造商", "出厂编号", "原值（万元）", "建账日期", "街道", "联系人"]
ROWS = (
    ["YB-001", "超声波探伤仪", "EPOCH 650", "奥林巴斯", "EP-650-1187", "12.80", "2019年6月3日", "凤山街道", "周示例"],
    ["YB-002", "洛氏硬度计", "HR-150A", "示例试验机厂", "HR-20881", "18500", "2018/3/1", "凤山街道", "周示例"],
    ["YB-003", "高低温湿热试验箱", "GDJS-500", "示例环境设备厂", "", "9.60", "2020.11", "凤山街道", ""],
    ["YB-004", "影像测量仪", "VMS-3020G", "示例光学仪器厂", "VM-3020-77", "十二万", "2021-05-18", "凤山街道", "周示例"],
    ["YB-005", "", "X-500", "示例仪器厂", "X5-0091", "6.20", "2022-08-09", "凤山街道", "周示例"],
    ["合计", "", "", "", "", "18547.10", "", "", ""],
)
FOREIGN = (
    ["设备台账", "", "", "", ""],
    ["卡片编号", "仪器设备中文名称", "规格/型号", "单价（元）", "放置地点"],
    ["K-0001", "光泽度仪", "WGG60", "12800", "2号楼101"],
    ["K-0002", "色差仪", "CR-400", "46000", "2号楼101"],
)
CODE = "2026-survey"


def write_imports(story: Story) -> None:
    """An import, a staged table, and a pair of records that may be one machine."""
    surveyor = story.bureau("surveyor")
    campaign = next(iter(queries.open_campaigns()), None)
    if campaign is None:
        campaign = service.find_or_open_campaign(CODE, by=surveyor, now=story.now)
    owner = story.organisations["plastics-lab"]
    rows = [HEADINGS, *map(list, ROWS), _like_record(story)]
    kept = _kept(story, rows, "仪器普查表（示例）.csv")
    read = service.read_rows(Table(rows, None, encoding="utf-8"), STANDARD_LAYOUT, now=story.now)
    service.import_rows(Request(read, campaign, kept, owner.credit_code), by=surveyor, now=story.now)
    _stage(story, campaign)
    catalog_service.find_duplicates(now=story.now)


def _like_record(story: Story) -> list[str]:
    """A machine of another unit, entered here once more."""
    known = catalog.instruments([story.instruments[0][0]])[story.instruments[0][0]]
    return ["YB-006", known.name, known.model or "", known.manufacturer or "", known.serial_number or "", "128.50",
            "2021-06-01", "凤山街道", "周示例"]  # fmt: skip


def _stage(story: Story, campaign: Campaign) -> None:
    kept = _kept(story, [list(row) for row in FOREIGN], "设备台账（示例）.csv")
    service.stage(campaign, kept, by=story.bureau("surveyor"), now=story.now)


def _kept(story: Story, rows: list[list[str]], name: str) -> StoredFile:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    return stored_file.store(content, name, by=story.bureau("surveyor"), now=story.now, allowed=None)
