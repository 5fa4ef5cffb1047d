"""The example policy, a year's money, and vouchers in every state."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from equipment_cloud.demo.data import rows
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock
from equipment_cloud.organisations import service as organisations
from equipment_cloud.vouchers import service as vouchers

POLICY = Path(__file__).resolve().parent.parent.parent / "docs" / "policies" / "yuyao-example.json"
BUDGET_FEN = 300_000_000
REQUESTED_FEN = (5_000_000, 8_000_000, 10_000_000, 3_000_000, 6_000_000)
PURPOSE = "新产品试制阶段的尺寸、材料和环境试验（示例）"
UNFINISHED = {
    "emat-3": "draft",
    "metal-4": "submitted",
    "plastic-3": "sent_back",
    "elec-2": "reviewed",
    "tea-1": "refused",
    "food-1": "frozen",
    "herb-1": "returned",
}
"""Organisations whose voucher stopped on its way; every other enterprise but one has an issued one."""
WITHOUT = ("cold-1",)


def write_policy(story: Story) -> None:
    """Publish the example policy and plan its money for each year the story touches."""
    document = json.loads(POLICY.read_text(encoding="utf-8"))
    years = sorted({clock.today(story.begins_at).year, clock.today(story.now).year})
    document["valid_from"] = date(years[0], 1, 1).isoformat()
    version = vouchers.publish_document(document, by=story.bureau("policy"), now=story.begins_at)
    story.policy_id = version.policy_id
    for year in years:
        pool = vouchers.plan_pool(
            version.policy_id, year, BUDGET_FEN, f"示例财〔{year}〕8号", by=story.bureau("policy"), now=story.begins_at
        )
        story.pool_id = pool.id


def write_vouchers(story: Story) -> None:
    """Standing, application, two decisions, issue; some stop on the way."""
    enterprises = [row["key"] for row in rows("organisations") if row["kind"] == "enterprise"]
    for number, key in enumerate(enterprises):
        if key in WITHOUT:
            continue
        _approve_standing(story, key)
        begins_at = story.begins_at + timedelta(days=1 + number % 9)
        _voucher(story, key, number, UNFINISHED.get(key, "issued"), begins_at=begins_at)


def _approve_standing(story: Story, key: str) -> None:
    organisation = story.organisations[key]
    organisations.request_standing(organisation.id, by=story.actor(key, "owner"), now=story.begins_at)
    organisations.approve_standing(organisation.id, by=story.bureau("reviewer"), now=story.begins_at)


def _voucher(story: Story, key: str, number: int, ending: str, *, begins_at: datetime) -> None:
    owner, reviewer, approver = story.actor(key, "owner"), story.bureau("reviewer"), story.bureau("approver")
    if ending in {"draft", "submitted", "sent_back", "reviewed"}:
        begins_at = story.now - timedelta(days=2 + number % 5)
    requested = REQUESTED_FEN[number % len(REQUESTED_FEN)]
    voucher = vouchers.apply(story.organisations[key].id, story.policy_id, requested, PURPOSE, by=owner, now=begins_at)
    if ending == "draft":
        return
    vouchers.submit(voucher.id, by=owner, now=begins_at)
    if ending == "submitted":
        return
    if ending == "sent_back":
        vouchers.send_back(
            voucher.id,
            "申请用途与检测计划不一致",
            defects=["补充检测计划", "用途写明产品名称"],
            by=reviewer,
            now=begins_at,
        )
        return
    if ending == "refused":
        vouchers.refuse(voucher.id, "拟委托项目属于例行出厂检验，不在支持范围", by=reviewer, now=begins_at)
        return
    vouchers.review(voucher.id, "材料齐全，同意", by=reviewer, now=begins_at + timedelta(hours=3))
    if ending == "reviewed":
        return
    vouchers.approve(voucher.id, "同意发放", by=approver, now=begins_at + timedelta(hours=5))
    _after_issue(story, key, voucher.id, ending)


def _after_issue(story: Story, key: str, voucher_id: int, ending: str) -> None:
    if ending == "frozen":
        vouchers.freeze(
            voucher_id, "经营异常名录核查中（示例）", by=story.bureau("reviewer"), now=story.now - timedelta(days=9)
        )
    elif ending == "returned":
        vouchers.give_back(
            voucher_id, "本年无检测需求", by=story.actor(key, "owner"), now=story.now - timedelta(days=12)
        )
    elif ending == "issued":
        story.vouchers[key] = voucher_id
