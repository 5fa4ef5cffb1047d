"""The standard survey template (domain rules 6.8): its columns in order, and every heading by which one is known."""

# A table one reads across: its lines may be long.
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from equipment_cloud.catalog.rules import BY_NAME

EXAMPLE_NUMBER = "示例-0001"
"""The unit's number in the worked example row: an import passes over it."""
SHEETS = ("仪器信息 Instruments", "示例 Example", "填表说明 Notes", "选项 Choices")
PROBLEM_SHEET = "问题 Problems"
"""The list of problems in a workbook that was sent back with marks."""
"""Sheets of the template: the one to fill in comes first, the others are passed over."""
PSEUDO_FIELDS = ("code", "unit_number", "organisation", "organisation_code", "value_range", "positions", "extra",
                 "computed")  # fmt: skip
"""Targets of a column that are no field of the record: identity, owner, checks, what is only kept beside it, and what
an export computed (passed over)."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """``target`` is a field of the record, a pseudo field, or ``extra`` (kept beside the record by its heading)."""

    target: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""
    width: int = 16


def _c(  # noqa: PLR0917 - one line a column of the table below
    target: str, zh: str, en: str, aliases: str = "", hint: str = "", example: str = "", width: int = 16
) -> TemplateColumn:
    return TemplateColumn(target, zh, en, tuple(aliases.split("|")) if aliases else (), hint, example, width)


COLUMNS = (
    _c("code", "仪器编号", "Platform number", "平台编号", "新增留空", ""),
    _c("unit_number", "所在单位仪器编号", "Unit's own number", "单位仪器编号|资产编号|固定资产编号|设备编号|单位编号|innerId|instruId",
       "必填, 填后不可改", EXAMPLE_NUMBER, 20),
    _c("organisation", "所属单位", "Organisation", "单位名称|所属单位名称|管理单位|单位", "单位全称", "余姚市示例精密模具有限公司", 28),
    _c("organisation_code", "统一社会信用代码", "Credit code", "信用代码|companyId", "18位", "", 22),
    _c("name", "名称", "Name", "仪器名称|设备名称|仪器设备名称|中文名称|cname", "必填, 100字以内", "三坐标测量机", 24),
    _c("name_en", "英文名称", "English name", "ename", "", "Coordinate measuring machine", 24),
    _c("belongs_type", "所属类型", "Part of", "instrBelongsType", "", "无"),
    _c("belongs_to", "隶属仪器编号", "Number of what it is part of", "instrBelongsName", "", ""),
    _c("carrier_name", "资源载体名称", "Name of what it is part of", "resourceName", "", ""),
    _c("class_code", "分类编码", "Class", "仪器分类|设备分类编码|分类|instrCategory|typeCode", "6位, 其他填990000", "030100"),
    _c("source", "来源", "Source", "instrSource", "购置/研制/赠送/其他", "购置"),
    _c("customs_supervised", "海关监管", "Customs supervision", "海关监管情况|instrSupervise", "是/否", "否"),
    _c("original_value_fen", "原值", "Original value", "设备原值|仪器原值|worth|price", "万元, 2位小数", "86.50"),
    _c("value_range", "原值区间", "Value range", "价格区间", "", ""),
    _c("country", "产地国别", "Country of origin", "产地|国别|nation", "", "德国"),
    _c("manufacturer", "制造商", "Manufacturer", "生产制造商|生产厂家|厂家|生产厂商|buildCompany", "全称, 50字以内", "卡尔蔡司", 20),
    _c("acquired_on", "购置日期", "Purchased on", "", "例 2016-01-01", "2021-05-18", 14),
    _c("in_service_on", "建账日期", "In service since", "启用日期|beginDate|startDate", "例 2016-01-01", "2021-06-01", 14),
    _c("kind", "类别", "Kind", "仪器设备类别|type", "通用/专用", "通用"),
    _c("model", "规格型号", "Model", "型号|instrVersion|pormat", "100字以内", "CONTURA 9/12/8", 20),
    _c("serial_number", "出厂编号", "Serial number", "序列号|出厂序列号|S/N|SN", "", "", 18),
    _c("technical", "技术指标", "Main technical data", "主要技术指标|technical|technology", "500字以内",
       "测量范围 900×1200×800 mm; MPE 1.8 µm + L/350", 36),
    _c("function", "主要功能", "Main functions", "功能|function|functionField", "300字以内", "尺寸与形位公差测量", 32),
    _c("subjects", "学科", "Disciplines", "主要学科领域|学科领域|subject|applicationArea", "逗号分隔, 4个以内", "机械工程", 20),
    _c("service_content", "服务内容", "Services offered", "serviceContent|purpose", "200字以内", "模具与零件全尺寸检测", 28),
    _c("achievement", "典型成果", "Typical results", "服务典型成果|achievement", "500字以内", "无", 24),
    _c("extra", "图片", "Picture", "image|imgurl"),
    _c("run_state", "运行状态", "Running state", "status|running", "", "正常"),
    _c("requirement", "共享规定", "Rules of sharing", "对外开放共享规定|开放共享须知|requirement|share", "500字以内",
       "提前3天预约, 样品重量不超过 500 kg", 32),
    _c("fee_note", "收费标准", "Fees in words", "参考收费标准|fee", "500字以内", "300元/机时", 24),
    _c("extra", "预约网址", "Booking address", "预约服务网址|serviceUrl"),
    _c("extra", "省", "Province", "province", "", "浙江省"),
    _c("extra", "市", "City", "city", "", "宁波市"),
    _c("extra", "区县", "County", "区|县|county", "", "余姚市"),
    _c("town_code", "街道", "Township", "乡镇街道|镇街|乡镇", "", "阳明街道"),
    _c("address", "安放地址", "Place", "详细地址|安放地点|存放地点|street", "100字以内", "示例路1号3号楼101", 28),
    _c("share_mode", "共享模式", "Sharing", "shareMode", "内部共享/外部共享/不共享", "外部共享"),
    _c("not_shared_reason", "不共享原因", "Why it is not shared", "", "不共享时填写", ""),
    _c("mode", "服务方式", "Way of service", "", "预约机时/送样检测/两者皆可", "两者皆可"),
    _c("positions", "工位数", "Positions", "", "默认1", "1"),
    _c("department", "所属单位内部门", "Department", "内部门|所在部门|部门|insideDepart", "", "检测中心"),
    _c("contact_name", "联系人", "Contact", "contact|sContact", "20字以内", "王示例"),
    _c("phone", "联系电话", "Telephone", "电话|手机|phone|sPhone", "", "0574-62000000", 16),
    _c("email", "电子邮箱", "E-mail", "邮箱|email|sEmail", "", "contact@sme.example", 22),
    _c("postal_address", "通讯地址", "Postal address", "通信地址"),
    _c("postcode", "邮政编码", "Postcode", "邮编|postalcode", "6位", "315400"),
    _c("run_hours", "年总运行机时", "Hours run last year", "年运行机时|runMachine", "小时", "1600"),
    _c("service_hours", "年服务机时", "Hours of service to others last year", "年对外服务机时|对外服务机时|serviceMachine", "小时", "320"),
    _c("funds", "主要购置经费来源", "Paid from", "经费来源|购置经费来源|funds", "逗号分隔", "单位自有资金", 20),
    _c("calibration_required", "需检定校准", "Must be calibrated", "", "是/否", "是"),
    _c("calibration_valid_until", "校准有效期至", "Calibration valid until", "检定有效期至|校准有效期", "例 2027-03-01", "2027-03-01", 14),
    _c("is_secret", "涉密", "Secret", "是否涉密", "是/否, 涉密不公开", "否"),
    _c("customs_declaration", "进口报关单编号", "Import declaration", "declarationNumber", "18位", ""),
    _c("customs_item", "报关单项号", "Item of the declaration", "itemNumber", "", ""),
    _c("customs_released_on", "放行日期", "Released by customs on", "importDate", "", "", 14),
    _c("customs_form_name", "报关单名称", "Name on the declaration", "formname", "30字以内", ""),
    _c("duty_exemption", "征免税证明", "Certificate of duty exemption", "codeCpd", "12位", ""),
    _c("gs1_code", "GS1编码", "GS1 code", "gs1Code", "", ""),
)  # fmt: skip

TARGETS = frozenset(PSEUDO_FIELDS) | frozenset(BY_NAME)
_PARENTHESES = re.compile(r"[(\[（【].*?[)\]）】]")
_PARTS = re.compile(r"[\n\r/\\|]+")
_UNITS = (("万元", "wan"), ("元", "yuan"))


def plain_heading(text: str) -> str:
    """A heading without blanks, stars, colons and case: how mappings are compared."""
    return re.sub(r"[\s*＊:：\"']", "", unicodedata.normalize("NFKC", text)).casefold()


def bare_heading(text: str) -> str:
    """The same without what stands in parentheses: how the template's headings are compared."""
    return plain_heading(_PARENTHESES.sub("", text)) or plain_heading(text)


def standard_target(heading: str) -> str | None:
    """The target of a heading of the standard template; of ``名称* / Name`` or two lines the first part that is known."""
    whole = KNOWN_HEADINGS.get(bare_heading(heading))
    if whole is not None:
        return whole
    parts = (KNOWN_HEADINGS.get(bare_heading(part)) for part in _PARTS.split(heading) if part.strip())
    return next((part for part in parts if part is not None), None)


def unit_in_heading(text: str) -> str | None:
    """``wan`` or ``yuan`` if the parentheses of a heading name the unit of money."""
    inside = "".join(_PARENTHESES.findall(text))
    return next((unit for words, unit in _UNITS if words in inside), None)


def _known() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for column in COLUMNS:
        for heading in (column.zh, column.en, *column.aliases):
            known.setdefault(bare_heading(heading), column.target)
        if column.target in BY_NAME:
            known.setdefault(bare_heading(column.target), column.target)
    return known


KNOWN_HEADINGS = _known()
"""Plain heading -> target, for the standard template."""
