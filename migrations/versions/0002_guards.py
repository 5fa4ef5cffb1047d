"""What a table definition cannot say alike on both engines: no overlap, append-only trails, search tables."""

from __future__ import annotations

from alembic import op

from equipment_cloud.foundation import guards as trails
from equipment_cloud.foundation import text_index
from equipment_cloud.occupancy import guards as occupation

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for piece in (occupation, trails, text_index):
        piece.install(connection)


def downgrade() -> None:
    connection = op.get_bind()
    for piece in (text_index, trails, occupation):
        piece.remove(connection)
