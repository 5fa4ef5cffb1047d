"""Fill the synonyms of the search with words of the city's trades."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from equipment_cloud.discovery import seed

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seed.seed(op.get_bind())


def downgrade() -> None:
    op.execute(sa.delete(sa.table("synonym")))
