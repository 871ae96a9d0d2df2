"""Build a mail once: the edition, what it tells, and a message for each reader are stored in one transaction.

The weekly digest goes to the list of the settings and to who subscribes to every week whole; a narrower subscription, and a daily
or immediate one, has editions of its own.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from functools import partial

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, delete, insert, select

from crawlers.sources.source import Source
from desk.cases.comments import escalated_items
from desk.cases.visible_store import visible
from desk.custody import audit
from desk.custody.log_details import digest_detail
from desk.database import writing
from desk.digest import render
from desk.digest.edition import DigestItem, Edition
from desk.digest.render import message
from desk.digest.select import edition, last_built
from desk.languages.reader_locale import ReaderLocale
from desk.masks import mask_contacts, without_identities
from desk.outbox import list_deliveries, queue
from desk.subscribers.subscriptions import Subscription
from desk.tables import digests, mentions
from desk.translation.provider import TranslationError
from desk.translation.translator import Translator
from desk.week_coverage import coverage
from foundation.messages import LANGUAGES
from index.admission import AT_RISK
from index.base import RecordStore, Store
from index.query.parse import Places

LOG = logging.getLogger("lurewatch.digest")
SUBSCRIPTION = "weekly"
Translate = Callable[[Edition, Store], Edition]
"""Adds translations to an edition."""
BEFORE = {"weekly": timedelta(days=7), "daily": timedelta(days=1), "immediate": timedelta(hours=1)}
"""How far before a subscription was made its first mail reaches back, by its schedule."""


def stored_edition(connection: Connection, week: str, subscription: str = SUBSCRIPTION) -> Edition | None:
    """Return the digest that was built for a week, or None."""
    query = select(digests.c.body).where(digests.c.week == week, digests.c.subscription == subscription)
    body = connection.execute(query).scalar_one_or_none()
    return msgspec.json.decode(body, type=Edition) if body else None


def draft_edition(
    connection: Connection, store: Store, sources: Iterable[Source], runs: str, *, week: str, until: datetime, desk_url: str,
    organisation: str, places: Places | None = None, contact: str = "", help_lines: Sequence[str] = (),
    subscription: Subscription | None = None, translate: Translate | None = None, seeds: str | None = None,
) -> Edition:  # fmt: skip
    """Return the digest as it would be built now, fitted to a mail; stores nothing.

    Raises QueryError when the search of ``subscription`` can no longer be read.
    """
    name, schedule = (subscription.name, subscription.schedule) if subscription else (SUBSCRIPTION, "weekly")
    begins = subscription.created_at - BEFORE[schedule] if subscription else None
    since = last_built(connection, name) or begins or until - BEFORE[schedule]
    sources = list(sources)
    covered = coverage(sources, runs, since, until)
    origins = {source.name: source.countries[0] for source in sources if len(source.countries) == 1}
    seen = visible(store, escalated_items(connection))  # what a possible victim wrote goes into no mail
    whole = edition(
        connection, seen, covered, week=week, subscription=name, until=until, places=places, origins=origins, begins=begins,
        scope=subscription.query(until, places) if subscription else None,
    )  # fmt: skip
    told: dict[str, object] = {"contact": contact, "help_lines": tuple(help_lines), "schedule": schedule, "seeds": seeds}
    if subscription:
        told |= {name: getattr(subscription, name) for name in ("languages", "least_score", "least_harm")}
        told["about"] = without_identities(subscription.search or "")
    if translate is not None:
        whole = translate(whole, seen)
    return fit_edition(msgspec.structs.replace(whole, **told), desk_url=desk_url, organisation=organisation)


def build(
    engine: Engine, store: Store, sources: Iterable[Source], runs: str, *, week: str, now: datetime, recipients: Sequence[str],
    sender: str, desk_url: str, organisation: str, places: Places | None = None, contact: str = "",
    help_lines: Sequence[str] = (), readers: Sequence[Subscription] = (), subscription: Subscription | None = None,
    translate: Translate | None = None, seeds: str | None = None,
) -> tuple[Edition, int]:  # fmt: skip
    """Return the digest of a period, built now unless it was built before, and how many messages were newly queued.

    It goes to ``recipients``, in English, and to ``readers``, each in their language. With ``subscription`` it is that one's own;
    a daily or immediate one without news is not kept, so that the next one begins where the last one ended.
    """
    name = subscription.name if subscription else SUBSCRIPTION
    while True:
        with engine.connect() as connection:
            before = stored_edition(connection, week, name)
            result = before or draft_edition(
                connection, store, sources, runs, week=week, until=now, desk_url=desk_url, organisation=organisation,
                places=places, contact=contact, help_lines=help_lines, subscription=subscription, translate=translate,
                seeds=seeds,
            )  # fmt: skip
        if result.schedule != "weekly" and result.empty:
            return result, 0
        # Drafting reads the whole index, and each message takes its time: analysts decide meanwhile, only keeping is locked.
        have = {one.recipient for one in list_deliveries(engine, week, name)}
        fresh = [one for one in readers if one.address not in have]
        others = [address for address in recipients if address not in have]
        messages = list(_messages(result, others, fresh, sender=sender, desk_url=desk_url, organisation=organisation))
        with writing(engine) as connection:
            if before is None and stored_edition(connection, week, name) is not None:
                continue  # another process built it meanwhile: its edition is the one that is sent
            if before is None:
                _keep(connection, result, now)
            queued = sum(
                queue(connection, one, period=week, subscription=name, recipient=address, now=now) for address, one in messages
            )
        return result, queued


def _messages(
    result: Edition, recipients: Sequence[str], readers: Sequence[Subscription], *, sender: str, desk_url: str, organisation: str
) -> Iterator[tuple[str, EmailMessage]]:
    """Yield a message for each reader, then for each recipient of the settings; the outbox takes one for each address."""
    write = partial(message, result, sender=sender, desk_url=desk_url, organisation=organisation)
    for one in readers:
        yield one.address, write(recipient=one.address, locale=ReaderLocale(one.language, one.zone), reader=one)
    for address in recipients:
        yield address, write(recipient=address)


def _keep(connection: Connection, found: Edition, now: datetime) -> None:
    key = {"week": found.week, "subscription": found.subscription}
    body = msgspec.json.encode(found, enc_hook=str).decode()  # a sentence of ours is kept in English
    connection.execute(insert(digests).values(**key, built_at=now, since=found.since, body=body))
    if found.withdrawn:
        earlier = mentions.c.subscription == found.subscription, mentions.c.standing.in_(("confirmed", "withdrawn"))
        connection.execute(delete(mentions).where(*earlier, mentions.c.item_id.in_(found.withdrawn)))
    known = select(mentions.c.item_id, mentions.c.standing).where(mentions.c.subscription == found.subscription)
    already = {(row.item_id, row.standing) for row in connection.execute(known)}
    stands = [*found.told, *((item, "withdrawn") for item in found.withdrawn)]
    rows = [{"item_id": item, "standing": standing, **key} for item, standing in stands if (item, standing) not in already]
    for start in range(0, len(rows), 1_000):
        connection.execute(insert(mentions), rows[start : start + 1_000])
    audit.append(
        connection, at=now, actor="system", action="digest_built", subject=found.week,
        detail={"confirmed": len(found.confirmed), "unreviewed": len(found.unreviewed), "told": len(found.told)}
        | digest_detail(body),
    )  # fmt: skip


LARGEST_MESSAGE = 100_000
"""Bytes of the whole message as it crosses the wire."""
_ADDRESS = f"{'a' * 64}@{'b' * 60}.{'b' * 60}.{'b' * 60}.example"
"""As long as an address may be."""
_READER = Subscription(
    id=999_999_999, address=_ADDRESS, owner="-", by="-", search=None, typed="", schedule="weekly", language="en", zone="UTC",
    key="00", created_at=datetime.min.replace(tzinfo=UTC),
)  # fmt: skip
"""Whose links take as much room as anybody's."""
_LEAST_GRAVE = ("searches", "unreviewed", "movements", "confirmed", "retracted")


def fit_edition(edition: Edition, *, desk_url: str, organisation: str) -> Edition:
    """Return the edition with as many items as a mail has room for; the rest is added to the counts."""
    while _size(edition, desk_url, organisation) > LARGEST_MESSAGE:
        name = next((name for name in _LEAST_GRAVE if getattr(edition, name)), None)
        if name is None:
            break
        edition = edition.cut({name: len(getattr(edition, name)) - 1})
    return edition


def _size(edition: Edition, desk_url: str, organisation: str) -> int:
    house = {"recipient": _ADDRESS, "sender": _ADDRESS, "desk_url": desk_url, "organisation": organisation}
    messages = (render.message(edition, locale=ReaderLocale(one), reader=_READER, **house) for one in LANGUAGES)
    return max(len(each.as_bytes(policy=policy.SMTP)) for each in messages)


def translate_cards(edition: Edition, store: RecordStore, translator: Translator, *, ask: bool) -> Edition:
    """Return the edition with the titles of its cards in each language of mails; without ``ask`` those that are kept."""
    cards = {item.id for part in edition.cards for item in part}
    records = [record for record in store.get_many(cards).values() if record.assessment.stance not in AT_RISK]
    titles: dict[str, list[tuple[str, str]]] = {}
    for language in LANGUAGES:
        if ask:
            try:
                translator.translate_titles(records, language)
            except TranslationError as exc:
                LOG.warning("the mail has fewer translations: %s", exc)
                ask = False
        named = {record.id: record for record in records}
        for item, title in translator.kept_titles(records, language).items():
            titles.setdefault(item, []).append((language, mask_contacts(title, named[item])))

    def add_title(item: DigestItem) -> DigestItem:
        return replace(item, translated=tuple(titles.get(item.id, ())))

    confirmed, unreviewed = map(add_title, edition.confirmed), map(add_title, edition.unreviewed)
    return replace(edition, confirmed=tuple(confirmed), unreviewed=tuple(unreviewed))
