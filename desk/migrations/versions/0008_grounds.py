"""The words of a text that a person names as what shows a lure, beside the decision; retention empties them with the others."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_BEFORE = importlib.import_module("desk.migrations.versions.0007_erasable_words")
SQLITE_TRIGGER = _BEFORE.SQLITE_TRIGGER.replace("NEW.note = ''", "NEW.note = '' AND NEW.ground = ''")
POSTGRESQL_FUNCTION = (
    _BEFORE.POSTGRESQL_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("NEW.note = ''", "NEW.note = '' AND NEW.ground = ''")
    .replace("{note,", "{note,ground,")
)


def upgrade() -> None:
    """Make the column; decisions made before name none."""
    op.add_column("decisions", sa.Column("ground", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER decisions_no_UPDATE")
        op.execute(SQLITE_TRIGGER)
        return
    op.execute(POSTGRESQL_FUNCTION)
