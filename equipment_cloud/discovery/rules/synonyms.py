"""What two words must be to stand for one another."""

from __future__ import annotations

from equipment_cloud.kernel.errors import N_, Problem

LONGEST_WORD = 30


def problems_with_synonym(word: str, meaning: str, *, spelling: str, meaning_spelling: str) -> list[Problem]:
    """All that is wrong with a pair, given as typed and as the search spells it."""
    found: list[Problem] = []
    for field, typed, spelled in (("word", word, spelling), ("meaning", meaning, meaning_spelling)):
        if not spelled.strip():
            found.append(Problem("nothing-to-find", N_("This has no letter, digit or character to look for."), field))
        elif len(typed.strip()) > LONGEST_WORD:
            words = N_("This needs a text of at most %(most)s characters.")
            found.append(Problem("text", words, field, {"most": LONGEST_WORD}))
        elif len(spelled.strip()) == 1:
            words = N_("A single character stands in too many words.")
            found.append(Problem("too-short", words, field, remedy=N_("Write the whole word.")))
    if not found and spelling == meaning_spelling:
        found.append(Problem("same-word", N_("The search takes these two for the same word already."), "meaning"))
    return found
