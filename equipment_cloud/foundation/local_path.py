"""Where a form may send its reader back to: a path of this site, never another host."""

from __future__ import annotations


def local_path(text: str | None, fallback: str) -> str:
    """``text`` if it is a plain local path (``/claims/3/edit``), else ``fallback``."""
    if not text or not text.startswith("/") or len(text) > 500:
        return fallback
    if text.startswith("//") or "\\" in text or any(ord(letter) < 33 for letter in text):
        return fallback
    return text
