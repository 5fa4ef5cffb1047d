"""Words of a Chinese question that say how somebody asks, not what they need (停用词)."""

from __future__ import annotations

import re

_ASKING = (
    "怎么样", "怎么办", "怎么测", "怎么做", "怎么", "怎样", "如何", "什么", "多少钱", "多少", "多大",
    "多深", "多长", "多久", "多高", "多厚", "哪里", "哪家", "哪个", "哪些", "谁能", "几个", "能不能",
    "可不可以", "可以吗", "可以", "是不是", "有没有", "够不够", "行不行", "好不好", "会不会", "要不要",
    "为什么", "吗", "呢", "吧", "啊", "请问", "你好", "您好", "麻烦", "谢谢", "一下", "帮忙", "帮我",
)  # fmt: skip
_WANTING = (
    "我们", "我司", "我厂", "公司", "客户", "我想", "想要", "需要", "要求", "想做", "要做", "想测",
    "要测", "想", "急需", "寻找", "寻求", "求助", "不知道", "不清楚", "想知道", "准备", "打算", "希望",
    "必须", "应该", "借用", "租用", "出租",
)  # fmt: skip
_JOINING = (
    "的", "了", "和", "与", "或者", "以及", "还是", "并且", "而且", "因为", "所以", "如果", "但是",
    "是", "被", "把", "给", "有", "在", "里面", "之后", "以后", "之前", "太", "很", "有点", "一些",
    "这个", "那个", "这种", "那种", "达到", "是否", "到底",
)  # fmt: skip
_FILLERS = re.compile("|".join(sorted({*_ASKING, *_WANTING, *_JOINING}, key=lambda word: (-len(word), word))))


def telling_pieces(run: str) -> list[str]:
    """A Chinese run without its filler words; the run itself where nothing else is left."""
    return [piece for piece in _FILLERS.split(run) if piece] or [run]
