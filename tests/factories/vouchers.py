"""Policy documents of every shape, and a city where vouchers can be issued and used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Kind, Organisation
from equipment_cloud.vouchers import service
from equipment_cloud.vouchers.models import Hold, PolicyVersion, Pool, Voucher
from tests.factories.carriers import carrier
from tests.factories.occupancy import member, organisation

HALF: dict[str, Any] = {
    "code": "half", "name": "示例半价券", "name_en": "Half-price example", "version": 1, "example": True,
    "valid_from": "2026-01-01", "settlement_model": "institution", "tiers": [{"up_to_fen": None, "rate_bp": 5000}],
    "unit_fen": 100, "per_claim_cap_fen": None, "per_enterprise_year_cap_fen": None, "max_held_fen": None,
    "validity": {"until": "year_end"}, "redemption_days": 31, "purposes_excluded": ["certification"],
    "rule_text": [{"clause": "第一条", "text": "抵扣一半。", "text_en": "Half is covered.", "about": ["tier"]}],
}  # fmt: skip

YUHUAN: dict[str, Any] = HALF | {
    "code": "yuhuan-2023", "name": "玉环市科技创新券（2023）", "name_en": "Yuhuan innovation vouchers 2023",
    "settlement_model": "enterprise",
    "tiers": [{"up_to_fen": 1_000_000, "rate_bp": 10_000}, {"up_to_fen": None, "rate_bp": 5_000}],
    "per_claim_cap_fen": 2_000_000, "per_enterprise_year_cap_fen": 10_000_000, "max_held_fen": 5_000_000,
    "validity": {"months": 3}, "redemption_days": 0, "related_parties_excluded": True, "sample_rate_bp": 500,
    "settlement_period": "year", "example": True,
}  # fmt: skip
"""A real neighbour's rules of 2023 in our shape: they prove that another city's rules are data."""


def document(**changes: Any) -> dict[str, Any]:
    """The half-price policy with changes."""
    return HALF | changes


@dataclass
class City:
    """An enterprise, a carrier, the bureau's people, a policy in force and a pool."""

    session: Session
    enterprise: Organisation
    provider: Organisation
    bureau: Organisation
    researcher: Actor
    reviewer: Actor
    approver: Actor
    keeper: Actor
    version: PolicyVersion
    pool: Pool
    now: datetime

    def voucher(self, amount_fen: int = 1_000_000) -> Voucher:
        """An issued voucher."""
        row = service.apply(
            self.enterprise.id, self.version.policy_id, amount_fen, "新品试制", by=self.researcher, now=self.now
        )
        service.submit(row.id, by=self.researcher, now=self.now)
        service.review(row.id, "材料齐全", by=self.reviewer, now=self.now)
        return service.issue(row.id, opinion="同意", by=self.approver, now=self.now)

    def hold(self, voucher: Voucher, price_fen: int = 100_000, reference: str = "booking:1", **changes: Any) -> Hold:
        """A hold for machine time a week later."""
        values: dict[str, Any] = {
            "reference": reference, "provider_id": self.provider.id, "category": "instrument_use", "purpose": "rd",
            "price_fen": price_fen, "service_on": date(2026, 11, 30), "by": self.researcher, "now": self.now,
        } | changes  # fmt: skip
        return service.hold(voucher.id, **values)


def city(session: Session, now: datetime, *, planned_fen: int = 10_000_000, **terms: Any) -> City:
    """The city under the half-price policy with ``terms`` changed."""
    enterprise, provider = organisation(session, "塑业"), organisation(session, "检测中心", kind=Kind.INSTITUTION)
    bureau = organisation(session, "科技局", kind=Kind.BUREAU)
    carrier(session, provider)
    keeper = member(session, bureau, "policy", name="示例政策员")
    version = service.publish_document(document(**terms), by=keeper, now=now)
    pool = service.plan_pool(version.policy_id, 2026, planned_fen, "示例〔2026〕2号", by=keeper, now=now)
    return City(
        session=session, enterprise=enterprise, provider=provider, bureau=bureau,
        researcher=member(session, enterprise, "researcher", name="示例研发员"),
        reviewer=member(session, bureau, "reviewer", name="示例初审"),
        approver=member(session, bureau, "approver", name="示例复审"),
        keeper=keeper, version=version, pool=pool, now=now,
    )  # fmt: skip
