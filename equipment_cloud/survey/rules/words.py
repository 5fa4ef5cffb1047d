"""What people write in coded columns, in Chinese and English, and what is stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {"general": "通用|general purpose|general", "special": "专用|special purpose|special"},
    "source": {
        "purchased": "购置|新购|purchased|purchase",
        "developed": "研制|自制|developed",
        "donated": "赠送|接受捐赠|接收捐赠|捐赠|donated",
        "transferred": "调拨|transferred",
        "exchanged": "置换|exchanged",
        "surplus": "盘盈|surplus",
        "other": "其他|其它|other",
    },
    "funds": {
        "central": "中央财政资金|中央财政|central",
        "local": "地方财政资金|地方财政|local",
        "own": "单位自有资金|自有资金|自筹|own",
        "other": "其他资金|其他|其它|other",
    },
    "run_state": {
        "normal": "正常|在用|normal",
        "standby": "待机|standby",
        "remote": "远程服务中|remote",
        "occasional_fault": "偶有故障|occasional_fault",
        "frequent_fault": "故障频繁|frequent_fault",
        "awaiting_repair": "待修|维修|awaiting_repair",
        "awaiting_disposal": "待报废|awaiting_disposal",
    },
    "share_mode": {
        "internal": "内部共享|1|internal",
        "external": "外部共享|对外共享|2|external",
        "none": "不共享|3|none",
    },
    "belongs_type": {
        "none": "无|4|none",
        "centre": "仪器中心|科学仪器中心|1|centre",
        "facility": "重大科研基础设施|2|facility",
        "key_lab": "国家重点实验室|6|key_lab",
        "engineering_centre": "国家工程技术研究中心|7|engineering_centre",
        "germplasm": "生物种质资源库馆|8|germplasm",
    },
    "mode": {
        "self_operated": "预约机时|自主上机|自主操作|self_operated",
        "sample": "送样检测|委托检测|sample",
        "both": "两者皆可|both",
    },
}
_YES = frozenset({"是", "有", "对", "需要", "需", "属于", "yes", "y", "true", "t", "1", "1.0", "√", "✓", "✔", "☑"})
_NO = frozenset(
    {"否", "无", "非", "不是", "没有", "不需要", "不", "no", "n", "false", "f", "0", "0.0", "×", "✗", "✘", "☒"}
)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_CODES = {
    name: {_plain(word): code for code, words in table.items() for word in words.split("|")}
    for name, table in _WORDS.items()
}


def code_of(field: str, text: str) -> str | None:
    """The code a person meant, or ``None``."""
    return _CODES[field].get(_plain(text))


def truth_of(text: str) -> bool | None:
    """是/否 in their usual spellings, or ``None``."""
    plain = _plain(text)
    return True if plain in _YES else False if plain in _NO else None


def choices_of(field: str) -> tuple[str, ...]:
    """The Chinese words of a coded column, for the template's drop-down list."""
    return tuple(words.split("|")[0] for words in _WORDS[field].values())
