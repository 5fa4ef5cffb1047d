"""Full-text search over records of any room: put texts in, ask which records match and how well.

One table ``search_text``: FTS5 on SQLite, ``tsvector`` under GIN on PostgreSQL. The terms come from ``segments``, and
the points are added up by the same statement, so both engines find the same in the same order. Index a record in the
transaction that changes it. The tables are outside the models: migrations call :func:`install` and :func:`remove`,
and autogenerate must skip names that begin with ``search_``.

A record's texts stand on five tiers, the first is its name; a word counts where it stands best. Beside the texts there
is a vocabulary: how many records hold each word, and which words are one slip of the hand away from another.
"""

from equipment_cloud.foundation.text_index.keeping import clear, forget, put, put_many
from equipment_cloud.foundation.text_index.ranking import Choice, Wanted, id_of, key_of, matches, ranked
from equipment_cloud.foundation.text_index.tables import TIERS, install, key_range, remove
from equipment_cloud.foundation.text_index.vocabulary import (
    Known,
    how_often,
    near,
    recount,
)

__all__ = [
    "TIERS",
    "Choice",
    "Known",
    "Wanted",
    "clear",
    "forget",
    "how_often",
    "id_of",
    "install",
    "key_of",
    "key_range",
    "matches",
    "near",
    "put",
    "put_many",
    "ranked",
    "recount",
    "remove",
]
