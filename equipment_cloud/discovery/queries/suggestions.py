"""Other ways to ask, where a search found nothing or only what comes close."""

from __future__ import annotations

from equipment_cloud.discovery.queries.words import Answer

MOST_WAYS = 6


def other_ways(query: str, answer: Answer) -> list[str]:
    """Queries to try instead: without the words found nowhere, what a word was read as, each known word alone."""
    if answer.question is None or (answer.is_exact and answer.found.total):
        return []
    pieces = [piece.text for piece in answer.question.pieces]
    known = [text for text in pieces if text not in answer.unknown]
    ways = [" ".join(known)] if known and len(known) < len(pieces) else []
    ways.extend(meaning for meanings in answer.read_as.values() for meaning in meanings)
    if len(pieces) > 1:
        ways.extend(text for text in known if len(text) > 1)
    return [way for way in dict.fromkeys(ways) if way != query.strip()][:MOST_WAYS]
