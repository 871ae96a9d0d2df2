"""From here on the log covers accounts, messages, digests and list entries: what stands there now is noted once."""

from datetime import UTC, datetime

from alembic import op

from desk.custody.log_details import take_inventory

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Change no table."""
    take_inventory(op.get_bind(), datetime.now(UTC))
