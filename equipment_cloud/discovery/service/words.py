"""The words the search knows."""

from __future__ import annotations

from equipment_cloud.foundation import text_index


def count_words() -> int:
    """Count anew which words the catalogue holds, for rarity and for slips of the hand; returns how many."""
    return text_index.recount()
