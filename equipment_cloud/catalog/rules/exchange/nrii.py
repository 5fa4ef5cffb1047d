"""NRII (重大科研基础设施和大型科研仪器国家网络管理平台): the record of one instrument, with its customs record.

Names, order and lengths: domain rules 2.2. After NRII's columns stand the owner's name and credit code, which NRII
keeps with ``insCode``; an import needs them.
"""

from __future__ import annotations

from equipment_cloud.catalog.rules.exchange.columns import (
    Column,
    Values,
    fixed,
    of_class,
    of_code,
    of_codes,
    of_day,
    of_email,
    of_list,
    of_money,
    of_number,
    of_phone,
    of_place,
    of_text,
    of_truth,
    page_address,
    place_parts,
    unless_none,
)

BELONGS = {"none": "4", "centre": "1", "facility": "2", "key_lab": "6", "engineering_centre": "7", "germplasm": "8"}
SOURCES = {
    "purchased": "购置", "developed": "研制", "donated": "赠送",
    "transferred": "其他", "exchanged": "其他", "surplus": "其他", "other": "其他",
}  # fmt: skip
KINDS = {"general": "通用", "special": "专用"}
FUNDS = {"central": "中央财政资金", "local": "地方财政资金", "own": "单位自有资金", "other": "其他资金"}
RUN_STATES = {
    "normal": "正常", "standby": "待机", "remote": "远程服务中", "occasional_fault": "偶有故障",
    "frequent_fault": "故障频繁", "awaiting_repair": "待修", "awaiting_disposal": "待报废",
}  # fmt: skip
SHARE_MODES = {"internal": "1", "external": "2", "none": "3"}
PROVINCE, CITY, COUNTY = "浙江省", "宁波市", "余姚市"


def is_supervised(values: Values) -> bool:
    """Whether a customs record goes with the instrument."""
    return bool(values.get("customs_supervised"))


COLUMNS = (
    Column("insCode", "所属单位标识", of_text("ins_code", 64)),
    Column("innerId", "所在单位仪器编号", of_text("unit_number"), ("unit_number",), is_needed=True),
    Column("cname", "仪器中文名称", of_text("name", 100), ("name",), is_needed=True),
    Column("ename", "仪器英文名称", of_text("name_en", 100), ("name_en",), is_needed=True),
    Column("instrBelongsType", "所属类型", of_code("belongs_type", BELONGS, "4"), ("belongs_type",)),
    Column("instrBelongsName", "隶属仪器编号", of_text("belongs_to", 100, blank="无"), ("belongs_to",),
           unless_none("belongs_to")),
    Column("resourceName", "资源载体名称", of_text("carrier_name", 100, blank="无"), ("carrier_name",),
           unless_none("carrier_name")),
    Column("instrCategory", "设备分类编码", of_class, ("class_code",), is_needed=True),
    Column("instrSource", "来源", of_code("source", SOURCES), ("source",), is_needed=True),
    Column("instrSupervise", "海关监管情况", of_truth("customs_supervised"), ("customs_supervised",)),
    Column("worth", "原值（万元）", of_money("original_value_fen"), ("original_value_fen",), is_needed=True),
    Column("nation", "产地国别", of_text("country", 64), ("country",), is_needed=True),
    Column("manufacturer", "生产制造商", of_text("manufacturer", 50), ("manufacturer",), is_needed=True),
    Column("beginDate", "启用日期", of_day("in_service_on"), ("in_service_on",), is_needed=True),
    Column("type", "仪器设备类别", of_code("kind", KINDS), ("kind",), is_needed=True),
    Column("instrVersion", "规格型号", of_text("model", 100), ("model",), is_needed=True),
    Column("technical", "主要技术指标", of_text("technical", 500, lines=True), ("technical",), is_needed=True),
    Column("function", "主要功能", of_text("function", 300, lines=True), ("function",), is_needed=True),
    Column("subject", "主要学科领域", of_list("subjects"), ("subjects",), is_needed=True),
    Column("serviceContent", "服务内容", of_text("service_content", 200, lines=True), ("service_content",),
           is_needed=True),
    Column("achievement", "服务典型成果", of_text("achievement", 500, lines=True, blank="无"), ("achievement",),
           unless_none("achievement")),
    Column("requirement", "对外开放共享规定", of_text("requirement", 500, lines=True), ("requirement",),
           is_needed=True),
    Column("fee", "参考收费标准", of_text("fee_note", 500, lines=True), ("fee_note",), is_needed=True),
    Column("serviceUrl", "预约服务网址", page_address),
    Column("runMachine", "年总运行机时", of_number("run_hours"), ("run_hours",), is_needed=True),
    Column("serviceMachine", "年服务机时", of_number("service_hours"), ("service_hours",), is_needed=True),
    Column("funds", "主要购置经费来源", of_codes("funds", FUNDS), ("funds",), is_needed=True),
    Column("status", "运行状态", of_code("run_state", RUN_STATES), ("run_state",), is_needed=True),
    Column("shareMode", "共享模式", of_code("share_mode", SHARE_MODES), ("share_mode",), is_needed=True),
    Column("insideDepart", "所属单位内部门", of_text("department", 100), ("department",), is_needed=True),
    Column("image", "图片", of_text("image")),
    Column("province", "省", fixed(PROVINCE)),
    Column("city", "市", fixed(CITY)),
    Column("county", "区县", fixed(COUNTY)),
    Column("street", "安放地址", of_place(100), ("address", "town_code"), place_parts, is_needed=True),
    Column("contact", "联系人", of_text("contact_name", 20), ("contact_name",), is_needed=True),
    Column("phone", "联系电话", of_phone(20), ("phone",), is_needed=True),
    Column("email", "电子邮箱", of_email(50), ("email",), is_needed=True),
    Column("address", "通讯地址", of_text("postal_address", 100), ("postal_address",), is_needed=True),
    Column("postalcode", "邮政编码", of_text("postcode", 6), ("postcode",), is_needed=True),
    Column("declarationNumber", "进口报关单编号", of_text("customs_declaration", 18), ("customs_declaration",),
           when=is_supervised, is_needed=True),
    Column("itemNumber", "报关单项号", of_text("customs_item", 2), ("customs_item",), when=is_supervised,
           is_needed=True),
    Column("importDate", "放行日期", of_day("customs_released_on"), ("customs_released_on",), when=is_supervised,
           is_needed=True),
    Column("formname", "报关单名称", of_text("customs_form_name", 30), ("customs_form_name",), when=is_supervised,
           is_needed=True),
    Column("codeCpd", "征免税证明", of_text("duty_exemption", 12), ("duty_exemption",)),
    Column("orgName", "所属单位名称", of_text("owner"), ("organisation",)),
    Column("creditCode", "统一社会信用代码", of_text("owner_code"), ("organisation_code",)),
)  # fmt: skip
