"""Search: what people type is found, whatever else they type does no harm."""

from __future__ import annotations

import json
import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.segments import LONGEST_TERM, terms_of, units_of

RECORDS = {
    1: ["三坐标测量机 CONTURA 9/12/8", "卡尔蔡司 Zeiss", "用于模具尺寸检测，依据 GB/T 2423.17 标准。" + "长" * 200],
    2: ["扫描电子显微镜 JSM-IT500", "日本电子 JEOL", None],
    3: ["X射线衍射仪", "Müller & Söhne"],
}
HOSTILE = [
    '"', "'", "' OR 1=1 --", "* AND NOT", "NEAR(a b)", "a\0b", "(((", "{x}:y", "^", "-", "\\", "&|!<->", ":*", "%_",
    "NULL", "\ud800", "\U0001f600", "1" * 40, "光" * 5000, "a" * 5000,
]  # fmt: skip


@pytest.fixture(autouse=True)
def records(session: Session) -> None:
    text_index.put_many("thing", RECORDS.items())
    text_index.put("other", 1, ["盐雾试验箱"])


def found(session: Session, query: str, kind: str = "thing") -> list[int]:
    match = text_index.matches(kind, query)
    assert match is not None
    return list(session.scalars(select(match.c.id).order_by(match.c.rank.desc(), match.c.id)))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("坐标", [1]), ("测量", [1]), ("显微镜", [2]), ("机", [1]), ("仪", [3]), ("镜", [2]), ("长长", [1]),
        ("zeiss", [1]), ("Zei", [1]), ("szb", [1]), ("clj", [1]), ("sanzuobiao", [1]), ("celiang", [1]),
        ("xianwei", [2]), ("CONTURA 9/12/8", [1]), ("contura9-12-8", [1]), ("9128", [1]), ("contura 9 12", [1]),
        ("JSMIT500", [2]), ("IT-500", [2]), ("it500", [2]), ("GB/T 2423.17", [1]), ("2423.17", [1]), ("ＪＥＯＬ", [2]),
        ("muller", [3]), ("MÜLLER", [3]), ("X射线", [3]), ("坐标 蔡司", [1]), ("坐标 显微", []), ("标坐", []),
    ],
)  # fmt: skip
def test_words_pinyin_and_model_numbers_find(session: Session, query: str, ids: list[int]) -> None:
    assert found(session, query) == ids


def test_a_blank_query_is_no_query_and_one_without_words_finds_nothing(session: Session) -> None:
    assert text_index.matches("thing", "  \n ") is None
    assert found(session, "***") == []


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:20])
def test_a_hostile_query_gives_a_clean_answer_and_can_be_kept(session: Session, query: str) -> None:
    if query.strip():
        found(session, query)
    text_index.put("thing", 9, [query, query * 3])
    assert found(session, "坐标") == [1]


def test_naughty_strings_are_kept_and_asked_for_without_harm(session: Session, corpus) -> None:
    for text in json.loads((corpus / "naughty-strings" / "blns.json").read_text(encoding="utf-8")):
        text_index.put("thing", 9, [text, text])
        if text.strip():
            ids = found(session, text)
            assert (9 in ids) == bool(units_of(text)), text


def test_every_piece_of_a_chinese_name_finds_it(session: Session) -> None:
    words = [
        "光谱",
        "显微镜",
        "测试",
        "质谱",
        "三坐标",
        "测量机",
        "半导体",
        "探针台",
        "试验箱",
        "拉力",
        "盐雾",
        "分析仪",
        "硬度计",
        "粗糙度",
        "轮廓仪",
        "射线",
    ]
    chance = random.Random(7)
    names = {number: "".join(chance.sample(words, 4)) for number in range(100, 300)}
    text_index.put_many("thing", ((number, [name]) for number, name in names.items()))
    for _ in range(150):
        name = chance.choice(list(names.values()))
        start = chance.randrange(len(name) - 2)
        piece = name[start : start + chance.randint(2, 6)]
        assert set(found(session, piece)) - set(RECORDS) == {key for key, text in names.items() if piece in text}


def test_a_match_in_the_heading_ranks_first(session: Session) -> None:
    text_index.put("thing", 20, ["轮廓仪", "可代替盐雾试验"])
    text_index.put("thing", 21, ["盐雾试验箱", "轮廓"])
    assert found(session, "盐雾")[0] == 21


def test_kinds_are_strangers(session: Session) -> None:
    assert found(session, "盐雾") == []
    assert found(session, "盐雾", "other") == [1]
    assert found(session, "坐标", "other") == []


def test_putting_again_replaces_and_forgetting_removes(session: Session) -> None:
    text_index.put("thing", 1, ["轮廓仪"])
    assert found(session, "坐标") == []
    assert found(session, "轮廓") == [1]
    text_index.forget("thing", 1)
    assert found(session, "轮廓") == []
    assert found(session, "盐雾", "other") == [1]


def test_clearing_a_kind_leaves_the_others(session: Session) -> None:
    text_index.clear("thing")
    assert found(session, "显微镜") == []
    assert found(session, "盐雾", "other") == [1]


def test_terms_are_short_and_end_each_run_with_its_last_character() -> None:
    assert terms_of("光谱仪")[:3] == ["光谱", "谱仪", "仪"]
    assert all(len(term) <= LONGEST_TERM for term in terms_of("a1" * 500 + "光" * 100))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("conturra", "contura"), ("contua", "contur"), ("cotnura", "contura"), ("contira", "contura"),
        ("sanzoubiao", "sanzuobiao"), ("xianweiging", "xianweijing"), ("jeolx", "jeol"), ("ziess", "zeiss"),
        ("joel", "jeol"), ("jexl", None), ("zies", None), ("abc", None), ("'; --", None), ("", None),
    ],
)  # fmt: skip
def test_one_slip_of_the_hand_is_forgiven(session: Session, typed: str, meant: str | None) -> None:
    text_index.recount()
    assert (meant in text_index.near(typed)) if meant else not text_index.near(typed)


def test_the_vocabulary_follows_the_index(session: Session) -> None:
    text_index.recount()
    assert text_index.how_often(["坐标", "盐雾", "无此"], ["cont"]) == text_index.Known(
        4, {"坐标": 1, "盐雾": 1, "cont": 1}
    )
    text_index.forget("thing", 1)
    text_index.put("thing", 5, ["盐雾箱"])
    text_index.recount()
    assert text_index.how_often(["坐标", "盐雾"]).words == {"盐雾": 2}


def test_a_part_counts_once_where_it_stands_best(session: Session) -> None:
    unit = text_index.Wanted((text_index.Choice(tuple(units_of("坐标"))),))
    text_index.put("thing", 30, ["坐标", "坐标", "坐标", "坐标", "坐标"])
    ranks = dict(session.execute(select(*text_index.ranked(("thing",), [unit]).c)).all())
    key = text_index.key_range("thing")[0]
    assert ranks == {key | 1: 100, key | 30: 100}
