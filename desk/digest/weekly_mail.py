"""Build a week's digest once: the edition, what it tells, and a message for each recipient are stored in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select

from crawlers.sources.source import Source
from desk.cases.comments import escalated_items
from desk.cases.visible_store import visible
from desk.custody import audit
from desk.custody.log_details import digest_detail
from desk.database import writing
from desk.digest.edition import Edition
from desk.digest.fit import fit_edition
from desk.digest.render import message
from desk.digest.select import edition, last_built
from desk.outbox import queue
from desk.tables import digests, mentions
from desk.week_coverage import coverage
from index.base import Store
from index.query.parse import Places

SUBSCRIPTION = "weekly"


def stored_edition(connection: Connection, week: str, subscription: str = SUBSCRIPTION) -> Edition | None:
    """Return the digest that was built for a week, or None."""
    query = select(digests.c.body).where(digests.c.week == week, digests.c.subscription == subscription)
    body = connection.execute(query).scalar_one_or_none()
    return msgspec.json.decode(body, type=Edition) if body else None


def draft_edition(
    connection: Connection, store: Store, sources: Iterable[Source], runs: str, *, week: str, until: datetime, desk_url: str,
    organisation: str, places: Places | None = None, contact: str = "", help_lines: Sequence[str] = (),
) -> Edition:  # fmt: skip
    """Return the digest as it would be built now, fitted to a mail; stores nothing."""
    since = last_built(connection, SUBSCRIPTION) or until - timedelta(days=7)
    sources = list(sources)
    covered = coverage(sources, runs, since, until)
    origins = {source.name: source.countries[0] for source in sources if len(source.countries) == 1}
    seen = visible(store, escalated_items(connection))  # what a possible victim wrote goes into no mail
    whole = edition(connection, seen, covered, week=week, subscription=SUBSCRIPTION, until=until, places=places, origins=origins)
    whole = msgspec.structs.replace(whole, contact=contact, help_lines=tuple(help_lines))
    return fit_edition(whole, desk_url=desk_url, organisation=organisation)


def build(
    engine: Engine, store: Store, sources: Iterable[Source], runs: str, *, week: str, now: datetime, recipients: Sequence[str],
    sender: str, desk_url: str, organisation: str, places: Places | None = None, contact: str = "",
    help_lines: Sequence[str] = (),
) -> tuple[Edition, int]:  # fmt: skip
    """Return the week's digest, built now unless it was built before, and how many messages were newly queued."""
    with engine.connect() as connection:
        result = stored_edition(connection, week) or draft_edition(
            connection, store, sources, runs, week=week, until=now, desk_url=desk_url, organisation=organisation, places=places,
            contact=contact, help_lines=help_lines,
        )  # fmt: skip
    with writing(engine) as connection:
        # Drafting reads the whole index and must not keep analysts from deciding meanwhile; only keeping is under the lock.
        before = stored_edition(connection, week)
        if before is None:
            _keep(connection, result, now)
        result = before or result
        queued = sum(
            queue(
                connection, message(result, recipient=recipient, sender=sender, desk_url=desk_url, organisation=organisation),
                period=week, subscription=SUBSCRIPTION, recipient=recipient, now=now,
            )
            for recipient in recipients
        )  # fmt: skip
    return result, queued


def _keep(connection: Connection, found: Edition, now: datetime) -> None:
    key = {"week": found.week, "subscription": found.subscription}
    body = msgspec.json.encode(found).decode()
    connection.execute(insert(digests).values(**key, built_at=now, since=found.since, body=body))
    if found.withdrawn:
        earlier = mentions.c.subscription == found.subscription, mentions.c.standing.in_(("confirmed", "withdrawn"))
        connection.execute(delete(mentions).where(*earlier, mentions.c.item_id.in_(found.withdrawn)))
    known = select(mentions.c.item_id, mentions.c.standing).where(mentions.c.subscription == found.subscription)
    already = {(row.item_id, row.standing) for row in connection.execute(known)}
    stands = [*found.told, *((item, "withdrawn") for item in found.withdrawn)]
    rows = [{"item_id": item, "standing": standing, **key} for item, standing in stands if (item, standing) not in already]
    if rows:
        connection.execute(insert(mentions), rows)
    audit.append(
        connection, at=now, actor="system", action="digest_built", subject=found.week,
        detail={"confirmed": len(found.confirmed), "unreviewed": len(found.unreviewed), "told": len(found.told)}
        | digest_detail(body),
    )  # fmt: skip
