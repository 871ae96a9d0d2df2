"""Items that each weekly mail reported; the next mail reads them, and the desk shows those a mail had no room for."""

from sqlalchemy import Connection, select

from desk.tables import digests, mentions

STANDINGS = ("withdrawn", "confirmed", "unreviewed")
"""How a mail reported an item: taken back, confirmed by a person, or flagged by the machine only."""


def mentioned_items(connection: Connection, week: str) -> dict[str, list[str]] | None:
    """Return the items a week's mail reported, by standing, each in order of its id; None when no mail was built for that week.

    An item that a later mail took back is no longer among the confirmed ones of the earlier.
    """
    if connection.execute(select(digests.c.week).where(digests.c.week == week)).first() is None:
        return None
    results: dict[str, list[str]] = {standing: [] for standing in STANDINGS}
    query = select(mentions.c.standing, mentions.c.item_id).where(mentions.c.week == week).order_by(mentions.c.item_id)
    for row in connection.execute(query):
        results.setdefault(row.standing, []).append(row.item_id)
    return results
