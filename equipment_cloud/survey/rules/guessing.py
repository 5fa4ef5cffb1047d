"""Guesses what the columns of an unknown table are, from their headings: exact words first, then likeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from equipment_cloud.survey.rules.columns import KNOWN_HEADINGS, bare_heading, plain_heading, standard_target

SEARCHED_ROWS = 30
MOST_COLUMNS = 200
"""Columns a guess looks at; the rest is kept beside the records."""
LIKE = 0.55
"""How alike a heading must be to be taken; below, the column is kept beside the record until a person says more."""
_ALMOST = 0.95

_MORE: Mapping[str, str] = {
    "unit_number": "资产编码|资产号|资产卡片号|卡片编号|固定资产号|国资编号|设备编码|设备号|仪器编码|内部编号|"
    "asset number|asset no|id|asset id|asset tag|uniqueid|inventory number|equipment id|asset_uid",
    "name": "设备名|仪器设备名|仪器名|产品名称|资产名称|固定资产名称|instrument|instrument name|"
    "equipment|equipment name|asset name|description of equipment",
    "organisation": "使用单位|产权单位|权属单位|企业名称|公司名称|填报单位|单位全称|依托单位|institution|company|owner",
    "organisation_code": "社会信用代码|机构代码|组织机构代码|uscc|credit code",
    "name_en": "英文名|仪器英文名称|设备英文名称",
    "class_code": "国标分类号|分类代码|仪器分类编码|教育部分类号|分类号|category code",
    "source": "设备来源|取得方式|购置方式",
    "original_value_fen": "价值|金额|单价|价格|购置金额|购置价格|资产原值|账面原值|设备价格|总价|"
    "price|cost|original cost|value",
    "country": "国家|生产国|生产国别|原产国|制造国",
    "manufacturer": "品牌|厂商|制造厂商|生产商|制造厂|生产厂|maker|brand|vendor|supplier",
    "acquired_on": "购入日期|购置年月|购买日期|采购日期|购置时间|取得日期|purchase date|acquisition date",
    "in_service_on": "入账日期|入库日期|投入使用日期|启用时间|建账时间|验收日期",
    "model": "型号规格|设备型号|仪器型号|规格|model no|model number|type/model",
    "serial_number": "机身号|设备序列号|仪器序列号|出厂号|serial|serial no|manufacturer serial no.",
    "technical": "技术参数|主要技术参数|性能指标|主要参数|specifications",
    "function": "用途|主要用途|功能用途|应用范围|application",
    "subjects": "所属学科|应用领域|学科分类",
    "service_content": "服务项目|检测项目|对外服务内容",
    "run_state": "使用状态|设备状态|仪器状态|使用情况|现状|condition|state",
    "share_mode": "是否共享|共享方式|开放方式|开放情况",
    "fee_note": "收费|收费情况|服务收费|费用",
    "town_code": "所属街道|所在乡镇|所在街道|属地|town",
    "address": "放置地点|使用地点|所在地点|地址|存放位置|安装地点|房间号|location",
    "department": "使用部门|管理部门|所属部门|部门名称|实验室|课题组|department",
    "contact_name": "负责人|管理人|保管人|设备管理员|机组负责人|领用人|使用人|custodian|contact person",
    "phone": "手机号|手机号码|联系方式|电话号码|tel|telephone|mobile",
    "email": "电子邮件|e-mail|mail",
    "run_hours": "年使用机时|年运行时间|年工作时间|年有效机时",
    "service_hours": "年共享机时|对外机时|年对外服务时间",
    "calibration_valid_until": "检定有效期|校准到期|下次校准日期|下次检定日期",
    "positions": "工位|通道数",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column probably is (``None``: kept beside the record), and how sure that is from 0 to 1."""

    target: str | None
    sureness: float


def guess_head_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row among the first 30 that looks most like headings: known words count, then different texts."""
    best, best_score = 0, -1.0
    for number, cells in enumerate(rows[:SEARCHED_ROWS]):
        texts = {cell.strip() for cell in cells[:MOST_COLUMNS] if cell and not _is_figure(cell)}
        known = {_exact(text) for text in texts} - {None}
        score = 3 * len(known) + min(len(texts), 40) / 40
        if score > best_score:
            best, best_score = number, score
    return best


def guess_targets(headings: Sequence[str]) -> list[Guess]:
    """One guess a column, no target twice; the surest heading wins."""
    shortened = headings[:MOST_COLUMNS]
    offers = sorted(
        ((-score, index, target) for index, text in enumerate(shortened) for target, score in _offers(text)),
    )
    found: dict[int, Guess] = {}
    taken: set[str] = set()
    for score, index, target in offers:
        if index not in found and (target == "extra" or target not in taken):
            found[index] = Guess(None if target == "extra" else target, -score)
            taken.add(target)
    guesses = [found.get(index, Guess(None, 0.0)) for index in range(len(headings))]
    return guesses if "unit_number" in taken else _with_number(guesses)


def fits(columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> float:
    """How many of a mapping's headings one of the first 30 rows has, from 0 to 1; 0 where a needed one is missing."""
    wanted = {plain_heading(heading): target for heading, target in columns.items() if not heading.startswith("#")}
    needed = {heading for heading, target in wanted.items() if target in {"unit_number", "name"}}
    best = 0.0
    for cells in rows[:SEARCHED_ROWS]:
        present = {plain_heading(cell) for cell in cells if cell.strip()} & wanted.keys()
        if wanted and needed <= present:
            best = max(best, len(present) / len(wanted))
    return best


def is_standard(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row has the template's headings: the needed ones, and at least half of what it says."""
    for cells in rows[:SEARCHED_ROWS]:
        texts = [cell for cell in cells if cell.strip()]
        targets = [standard_target(text) for text in texts]
        known = len({target for target in targets if target} - {"extra"}) + targets.count("extra")
        if {"unit_number", "name"} <= set(targets) and known >= len(texts) / 2:
            return True
    return False


def _with_number(guesses: list[Guess]) -> list[Guess]:
    """A table of its own knows no platform number: a column that looks like one is the unit's own."""
    place = next((index for index, guess in enumerate(guesses) if guess.target == "code"), None)
    if place is not None:
        guesses[place] = Guess("unit_number", guesses[place].sureness / 2)
    return guesses


def _offers(heading: str) -> Iterator[tuple[str, float]]:
    plain = bare_heading(heading) if heading.strip() else ""
    exact = _exact(heading) if plain else None
    if exact:
        yield exact, 1.0
    elif plain:
        parts = standard_target(heading)
        if parts:
            yield parts, _ALMOST
        pairs = _pairs(plain)
        best: dict[str, float] = {}
        for known, (target, known_pairs) in _vocabulary().items():
            score = _likeness(plain, pairs, known, known_pairs)
            if score >= LIKE and score > best.get(target, 0.0):
                best[target] = score
        yield from best.items()


def _exact(heading: str) -> str | None:
    found = _vocabulary().get(bare_heading(heading))
    return found[0] if found else None


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Plain heading -> target and its pairs of letters: the template's words and those of other tables."""
    words = dict(KNOWN_HEADINGS)
    for target, texts in _MORE.items():
        for text in texts.split("|"):
            words.setdefault(bare_heading(text), target)
    return {text: (target, _pairs(text)) for text, target in words.items()}


def _likeness(one: str, pairs: frozenset[str], other: str, other_pairs: frozenset[str]) -> float:
    """Shared pairs of letters (Dice), or one inside the other; below 1 always."""
    shared = 2 * len(pairs & other_pairs) / (len(pairs) + len(other_pairs)) if pairs and other_pairs else 0.0
    short, long = sorted((one, other), key=len)
    inside = 0.5 + 0.4 * len(short) / len(long) if len(short) > 1 and short in long else 0.0
    return min(max(shared, inside), 0.9)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


def _is_figure(text: str) -> bool:
    return text.strip().replace(".", "").replace(",", "").replace("-", "").isdigit()
