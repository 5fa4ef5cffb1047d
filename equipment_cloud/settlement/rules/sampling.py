"""The draw of a second look (抽查): by hash of a recorded seed, so that anyone can draw it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

BASIS = 10_000


class SampleState(StrEnum):
    OPEN = "open"
    CLEAR = "clear"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """What is drawn from."""

    claim_id: int
    number: str
    amount_fen: int


def rank(seed: str, number: str) -> str:
    """The place of a claim in the draw: SHA-256 of ``seed:number`` in hexadecimal, the lowest first."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def plan_sample(paid: Sequence[PaidClaim], rate_bp: int, seed: str) -> list[PaidClaim]:
    """Claims in order of rank until they make up the rate in number and in money; none at a rate of zero."""
    total = sum(claim.amount_fen for claim in paid)
    drawn: list[PaidClaim] = []
    fen = 0
    for claim in sorted(paid, key=lambda claim: rank(seed, claim.number)):
        if len(drawn) * BASIS >= len(paid) * rate_bp and fen * BASIS >= total * rate_bp:
            break
        drawn.append(claim)
        fen += claim.amount_fen
    return drawn
