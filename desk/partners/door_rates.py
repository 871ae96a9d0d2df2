"""How often a token may ask at the door: counted in the database, so that any number of processes share one limit."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, text

from desk.database import writing
from desk.tables import partner_requests

KEPT = timedelta(hours=1)
"""How long a count is kept after its minute; the hourly run drops what is older."""
_COUNT = text(
    "INSERT INTO partner_requests (key, minute, requests) VALUES (:key, :minute, 1) ON CONFLICT (key) DO UPDATE SET"
    " requests = CASE WHEN partner_requests.minute = excluded.minute THEN partner_requests.requests + 1 ELSE 1 END,"
    " minute = excluded.minute RETURNING requests"
)
"""One row a token, one step: two processes that count at once cannot both read the same number."""


def count_request(engine: Engine, key: str, most: int, now: datetime) -> bool:
    """Count one request of a token, or a refused one of an address; tell whether the minute of the clock has room for it."""
    # The server's lock on the row is enough: the desk's own lock, which ``writing`` takes there, would make requests wait for it.
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        return int(connection.execute(_COUNT, {"key": key, "minute": _minute(now)}).scalar_one()) <= most


def forget_requests(engine: Engine, now: datetime) -> None:
    """Drop the counts of minutes that are long over."""
    with writing(engine) as connection:
        connection.execute(delete(partner_requests).where(partner_requests.c.minute < _minute(now - KEPT)))


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
