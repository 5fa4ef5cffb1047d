"""A published policy version never changes: the database says so too."""

from __future__ import annotations

from alembic import op

from equipment_cloud.vouchers import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guards.install(op.get_bind())


def downgrade() -> None:
    guards.remove(op.get_bind())
