"""Fill the reference tables: regions, instrument classes, industries, working days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from equipment_cloud.reference import seed

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seed.seed(op.get_bind())


def downgrade() -> None:
    for table in ("calendar_day", "industry", "instrument_class", "region"):
        op.execute(sa.delete(sa.table(table)))
