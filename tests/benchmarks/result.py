"""One measured line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A ratio with the bound it must keep: at ``least`` or at ``most``."""

    work: str
    measured: str
    ratio: float
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        return f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.least if self.least is not None else self.ratio <= (self.most or 0)

    def values(self) -> dict[str, object]:
        """As it is written to ``bench.json``."""
        return {
            "work": self.work, "measured": self.measured, "ratio": round(self.ratio, 3), "target": self.target,
            "verdict": "met" if self.is_met else "missed",
        }  # fmt: skip
