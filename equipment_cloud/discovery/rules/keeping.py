"""How much somebody may keep for themselves."""

from __future__ import annotations

MOST_COMPARED = 4
"""So many stand side by side on paper."""
MOST_FAVOURITES, MOST_SAVED = 100, 20
