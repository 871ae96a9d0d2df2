"""Erases adverts from the desk: weekly mails, messages in the outbox, takedown lists, words of decisions, comments and
marked reasons, answers of platforms and what was seen when they were asked again, translations.

An emptied row says so and keeps its head of the audit log; the log names it (``rows_erased``). A list is erased when no
platform holds anything of it any more: until then it is the record of what was sent.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection, Engine, delete, or_, select, text, update

from crawlers.evidence.kept_pages import members
from desk.custody import audit
from desk.custody.log_details import (
    COMMENTS,
    DECISIONS,
    PARTNER_ANSWERS,
    REASON_MARKS,
    SIGHTINGS,
    LoggedTable,
    digest_detail,
    list_detail,
)
from desk.custody.published_heads import LABEL, MANIFEST_KEY, head_in, stored_bytes
from desk.database import writing
from desk.partners.answer_review import take_answers
from desk.tables import (
    asks,
    deliveries,
    digests,
    leases,
    list_entries,
    list_files,
    lists,
    recheck_clock,
    rulings,
    saved_searches,
    seed_proposals,
    setting_signatures,
    sighting_proofs,
    translation_items,
    translations,
)
from desk.tables import audit as chain
from desk.takedown.repository import list_period, mail_key
from desk.translation import kept_translations
from foundation.traces import Traces

ACTION = "rows_erased"
_CHUNK = 500
_OVER = ("sent", "failed", "recalled")
"""Final states of a mail."""
_STUB = "Erased by retention on"
_WORDS = "[erased]"
_SAYING = frozenset({"title", "excerpt", "note", "name", "reasons", "translated", "places"})
"""Fields of a weekly mail that contain words of an advert."""
_SAID = {
    "decisions": DECISIONS, "comments": COMMENTS, "marks": REASON_MARKS, "sightings": SIGHTINGS, "answers": PARTNER_ANSWERS,
}  # fmt: skip
"""Rows with words about an item, as the log's entry of an erasure calls them."""
_KEPT_HEADERS = ("From", "To", "Subject", "Date", "Message-ID")


def erase(engine: Engine, items: frozenset[str], traces: Traces, *, now: datetime) -> None:
    """Empty everything that contains words of ``items``; in SQLite the file is rewritten and its log emptied."""
    take_answers(engine, now)  # only then is it known which items answers of platforms speak of
    with writing(engine) as connection:
        emptied: dict[str, list[Any]] = {
            "mails": sorted(_erase_mails(connection, items, traces, now)),
            "digests": sorted(_erase_digests(connection, items, traces)),
            "lists": sorted(_erase_lists(connection, items)),
        }
        emptied |= {name: sorted(_erase_words(connection, kept, items)) for name, kept in _SAID.items()}
        for start in range(0, len(emptied["sightings"]), _CHUNK):
            mine = sighting_proofs.c.sighting_id.in_(emptied["sightings"][start : start + _CHUNK])
            connection.execute(update(sighting_proofs).where(mine).values(content=b""))
        for table in (asks, leases, recheck_clock):
            for name in items.intersection(connection.execute(select(table.c.item_id)).scalars()):
                connection.execute(delete(table).where(table.c.item_id == name))
        translated = kept_translations.erase(connection, items)
        if any(emptied.values()):
            detail: dict[str, object] = emptied | _now(connection, emptied)
            audit.append(connection, at=now, actor="system", action=ACTION, detail=detail)
    if translated or any(emptied.values()):
        _scrub(engine)


def _now(connection: Connection, emptied: dict[str, list[Any]]) -> dict[str, object]:
    """Return the digests of emptied rows for the log; {} where the log has none."""
    rows: dict[str, dict[str, object]] = {"mails": {}, "digests": {}, "lists": {}}
    mails = select(deliveries.c.message_id, deliveries.c.message).where(deliveries.c.message_id.in_(emptied["mails"]))
    for name, message in connection.execute(mails):
        rows["mails"][name] = hashlib.sha256(stored_bytes(message)).hexdigest()
    for week, body in connection.execute(select(digests.c.week, digests.c.body).where(digests.c.week.in_(emptied["digests"]))):
        rows["digests"][week] = digest_detail(body)["body_sha256"]
    for name in emptied["lists"]:
        rows["lists"][name] = list_detail(connection, int(name.removeprefix("list:")))
    return {"now": rows} if any(rows.values()) else {}


def remains(engine: Engine, items: frozenset[str], traces: Traces) -> dict[str, frozenset[str]]:
    """Return which traces of ``items`` were found where."""
    results: dict[str, frozenset[str]] = {}
    with engine.connect() as connection:
        for where, content in _contents(connection, items):
            if found := traces.found_in([content]) - items:
                results[where] = results.get(where, frozenset()) | found
    return results


def written_by_people(engine: Engine, items: frozenset[str], traces: Traces) -> dict[str, frozenset[str]]:
    """Return which traces people wrote themselves, and where: these are not emptied.

    The audit log (decisions of release 0.2 stand there in clear), rulings about campaigns, saved searches, proposals.
    """
    columns = {
        "audit entry": (chain.c.seq, chain.c.detail),
        "ruling": (rulings.c.id, rulings.c.note),
        "saved search": (saved_searches.c.id, saved_searches.c.typed),
        "proposal": (seed_proposals.c.id, seed_proposals.c.value),
        "signed setting": (setting_signatures.c.id, setting_signatures.c.value),
    }
    results = {}
    with engine.connect() as connection:
        for name, (number, words) in columns.items():
            for row in connection.execute(select(number.label("number"), words.label("words"))):
                if found := traces.found_in([row.words.encode("utf-8", "surrogatepass")]) - items:
                    results[f"{name} {row.number}"] = found
    return results


def standing_lists(connection: Connection, items: frozenset[str]) -> list[int]:
    """Return the lists that name some of ``items`` and stay, because they name other items too."""
    return sorted(number for number, named in _list_rows(connection).items() if named & items and named - items)


def _scrub(engine: Engine) -> None:
    """Remove emptied values from the disk: SQLite has cleared them, PostgreSQL keeps them in the pages of a table."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in (
            *(kept.table for kept in _SAID.values()),
            *(digests, deliveries, sighting_proofs, list_entries, list_files, translations, translation_items),
        ):
            connection.execute(text(f"VACUUM (FULL) {table.name}"))


def _contents(connection: Connection, items: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the decoded text of each row, with a name for its place."""
    stay = set(standing_lists(connection, items))
    mails = _mails_of(connection, stay)
    for row in connection.execute(select(deliveries)):
        if (row.subscription, list_period(row.period)) in mails:
            continue
        where = f"mail {row.period}" + ("" if row.state in _OVER else ", which has not left: send it")
        yield where, _decode_row(stored_bytes(row.message))
    for row in connection.execute(select(digests.c.week, digests.c.body)):
        yield f"weekly mail {row.week}", row.body.encode()
    yield from _words_of_items(connection)
    for row in connection.execute(select(list_entries.c.list_id, list_entries.c.body)):
        if row.list_id not in stay:
            yield f"list {row.list_id}", row.body.encode()
    for row in connection.execute(select(list_files.c.list_id, list_files.c.content)):
        if row.list_id not in stay:
            yield f"list {row.list_id}", stored_bytes(row.content)


def _words_of_items(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield what people wrote about items, and their translations."""
    for kept in _SAID.values():
        for row in connection.execute(select(kept.table)):
            yield f"{kept.kind} {row.id}", "\n".join(row._mapping[name] for name in kept.words).encode("utf-8", "surrogatepass")
    for row in connection.execute(select(sighting_proofs)):
        yield f"proof of sighting {row.sighting_id}", b"".join(map(gzip.decompress, members(stored_bytes(row.content))))
    for row in connection.execute(select(translations.c.sentences)):
        yield "kept translations", row.sentences.encode("utf-8", "surrogatepass")


def _erase_mails(connection: Connection, items: frozenset[str], traces: Traces, now: datetime) -> Iterator[str]:
    """Empty the mails that say something of ``items``: that is looked for, but a list of these items alone goes unread, as no
    words are found in an archive or a printed page."""
    stay = _mails_of(connection, standing_lists(connection, items))
    gone = _mails_of(connection, [number for number, named in _list_rows(connection).items() if named and named <= items])
    rows = connection.execute(select(deliveries).where(deliveries.c.state.in_(_OVER))).all()
    for row in rows:
        raw = stored_bytes(row.message)
        mail, words = (row.subscription, list_period(row.period)), _decode_row(raw)
        speaks = (mail in gone and _STUB.encode() not in words) or traces.found_in([words])
        if mail not in stay and speaks:
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(message=_empty_values(raw, now)))
            yield row.message_id


def _erase_words(connection: Connection, kept: LoggedTable, items: frozenset[str]) -> Iterator[int]:
    """Empty what was said about ``items``; person, kind and time stay."""
    table, said = kept.table, or_(*(kept.table.c[name] != "" for name in kept.words))
    for row in connection.execute(select(table.c.id, table.c.item_id).where(said)).all():
        if row.item_id in items:
            connection.execute(update(table).where(table.c.id == row.id).values(dict.fromkeys((*kept.words, "salt"), "")))
            yield row.id


def _mails_of(connection: Connection, numbers: Iterable[int]) -> set[tuple[str, str]]:
    """Return subscription and period of the mails that lists left by."""
    query = select(lists.c.platform, lists.c.number).where(lists.c.id.in_(list(numbers)))
    return {mail_key(row.platform, row.number) for row in connection.execute(query)}


def _empty_values(raw: bytes, now: datetime) -> bytes:
    """Return the stub of an erased message: its headers, its digest, and the head it carried."""
    before, after = message_from_bytes(raw, policy=policy.default), EmailMessage(policy=policy.SMTP)
    for name in _KEPT_HEADERS:
        if name in before:
            after[name] = str(before[name])
    head = head_in(before)
    lines = [f"{_STUB} {now:%Y-%m-%d}.", f"SHA-256 of the message as it was: {hashlib.sha256(raw).hexdigest()}"]
    after.set_content("\n".join([*lines, *([f"{LABEL}: {head}"] if head else [])]) + "\n")
    return after.as_bytes()


def _decode_row(raw: bytes) -> bytes:
    """Return headers and parts of a message as they are read: no transfer encoding hides a word."""
    message = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    words = [str(value).encode("utf-8", "surrogatepass") for value in message.values()]
    return b"\0".join([*words, *(part for part in parts if isinstance(part, bytes)), raw])


def _erase_digests(connection: Connection, items: frozenset[str], traces: Traces) -> Iterator[str]:
    for row in connection.execute(select(digests)).all():
        body = json.dumps(_without(json.loads(row.body), items, traces), ensure_ascii=False, separators=(",", ":"))
        if json.loads(body) != json.loads(row.body):
            mine = digests.c.week == row.week, digests.c.subscription == row.subscription
            connection.execute(update(digests).where(*mine).values(body=body))
            yield row.week


def _without(value: Any, items: frozenset[str], traces: Traces) -> Any:
    """Return a JSON value without the words of ``items``: those of whatever is named by one, and every text with a trace."""
    if isinstance(value, list):
        return [_without(part, items, traces) for part in value]
    if isinstance(value, str):
        return _WORDS if traces.found_in([value.encode("utf-8", "surrogatepass")]) - items else value
    if not isinstance(value, dict):
        return value
    named = value.get("id") in items or value.get("lead") in items
    return {
        key: _emptied_field(part) if named and key in _SAYING else _without(part, items, traces) for key, part in value.items()
    }


def _emptied_field(value: Any) -> Any:
    return [] if isinstance(value, list) else _WORDS if value else value


def _erase_lists(connection: Connection, items: frozenset[str]) -> Iterator[str]:
    gone = [number for number, named in _list_rows(connection).items() if named and named <= items]
    for number in gone:
        entries = list_entries.c.list_id == number
        if connection.execute(select(list_entries.c.body).where(entries, list_entries.c.body != "{}")).first() is None:
            continue
        connection.execute(update(list_entries).where(entries).values(body="{}"))
        for row in connection.execute(select(list_files).where(list_files.c.list_id == number)).all():
            mine = list_files.c.list_id == number, list_files.c.name == row.name
            connection.execute(update(list_files).where(*mine).values(content=_emptied_file(row.name, stored_bytes(row.content))))
        yield f"list:{number}"


def _emptied_file(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return b""
    return audit.canonical({MANIFEST_KEY: json.loads(content).get(MANIFEST_KEY)}).encode()


def _list_rows(connection: Connection) -> dict[int, frozenset[str]]:
    results: dict[int, set[str]] = {}
    for row in connection.execute(select(list_entries.c.list_id, list_entries.c.item_id)):
        results.setdefault(row.list_id, set()).add(row.item_id)
    return {number: frozenset(named) for number, named in results.items()}
