"""省大仪 (浙江省大型科研仪器开放共享平台): the instrument of its push interface, domain rules 2.4.

The provincial platform publishes no lengths; NRII's are kept, because it hands the same texts on. The owner's name
stands after its columns for owners whose credit code is not known yet.
"""

from __future__ import annotations

from equipment_cloud.catalog.rules.exchange.columns import (
    Column,
    fixed,
    of_class,
    of_code,
    of_codes,
    of_day,
    of_email,
    of_list,
    of_money,
    of_phone,
    of_place,
    of_text,
    of_truth,
    place_parts,
)
from equipment_cloud.catalog.rules.exchange.nrii import CITY, COUNTY, FUNDS, PROVINCE, RUN_STATES

SOURCES = {
    "purchased": "新购", "developed": "研制", "transferred": "调拨", "donated": "接收捐赠", "exchanged": "置换",
    "surplus": "盘盈", "other": "其他",
}  # fmt: skip

COLUMNS = (
    Column("id", "平台编号", of_text("code")),
    Column("name", "仪器名称", of_text("name", 100), ("name",), is_needed=True),
    Column("ename", "英文名称", of_text("name_en", 100), ("name_en",)),
    Column("companyId", "统一社会信用代码", of_text("owner_code"), ("organisation_code",), is_needed=True),
    Column("code", "载体编号", of_text("belongs_to", 100), ("belongs_to",)),
    Column("instruId", "单位仪器编号", of_text("unit_number"), ("unit_number",), is_needed=True),
    Column("typeCode", "分类编码", of_class, ("class_code",), is_needed=True),
    Column("source", "来源", of_code("source", SOURCES), ("source",), is_needed=True),
    Column("customs", "免税", of_truth("customs_supervised"), ("customs_supervised",)),
    Column("price", "原值（万元）", of_money("original_value_fen"), ("original_value_fen",), is_needed=True),
    Column("country", "产地国别", of_text("country", 64), ("country",), is_needed=True),
    Column("buildCompany", "生产厂商", of_text("manufacturer", 50), ("manufacturer",), is_needed=True),
    Column("startDate", "启用日期", of_day("in_service_on"), ("in_service_on",), is_needed=True),
    Column("pormat", "规格型号", of_text("model", 100), ("model",), is_needed=True),
    Column("technology", "主要技术指标", of_text("technical", 500, lines=True), ("technical",), is_needed=True),
    Column("functionField", "主要功能", of_text("function", 300, lines=True), ("function",), is_needed=True),
    Column("purpose", "服务内容", of_text("service_content", 200, lines=True), ("service_content",), is_needed=True),
    Column("applicationArea", "应用领域", of_list("subjects"), ("subjects",), is_needed=True),
    Column("subjectAreas", "学科领域", of_list("subjects")),
    Column("share", "开放共享须知", of_text("requirement", 500, lines=True), ("requirement",), is_needed=True),
    Column("province", "省", fixed(PROVINCE)),
    Column("city", "市", fixed(CITY)),
    Column("county", "区县", fixed(COUNTY)),
    Column("street", "安放地址", of_place(100), ("address", "town_code"), place_parts, is_needed=True),
    Column("sContact", "联系人", of_text("contact_name", 20), ("contact_name",), is_needed=True),
    Column("sPhone", "联系电话", of_phone(20), ("phone",), is_needed=True),
    Column("sEmail", "电子邮箱", of_email(50), ("email",)),
    Column("imgurl", "图片", of_text("image")),
    Column("funds", "经费来源", of_codes("funds", FUNDS), ("funds",), is_needed=True),
    Column("running", "运行状态", of_code("run_state", RUN_STATES), ("run_state",), is_needed=True),
    Column("gs1Code", "GS1编码", of_text("gs1_code", 64), ("gs1_code",)),
    Column("companyName", "单位名称", of_text("owner"), ("organisation",)),
)  # fmt: skip
