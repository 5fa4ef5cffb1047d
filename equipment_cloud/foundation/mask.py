"""Masks for personal data (个人信息脱敏): enough to recognise one's own, not enough to learn another's."""

from __future__ import annotations


def name(text: str | None) -> str:
    """``王小明`` -> ``王**``."""
    return text[0] + "*" * max(1, len(text) - 1) if text else ""


def mobile(text: str | None) -> str:
    """``13812345678`` -> ``138****5678``."""
    return f"{text[:3]}****{text[-4:]}" if text and len(text) >= 8 else "*" * len(text or "")


def account(text: str | None) -> str:
    """Bank account: only the last four digits."""
    return f"**** {text[-4:]}" if text and len(text) >= 8 else "*" * len(text or "")


def email(text: str | None) -> str:
    """``someone@example.cn`` -> ``s***@example.cn``."""
    local, _, domain = (text or "").partition("@")
    return f"{local[:1]}***@{domain}" if domain else ""
