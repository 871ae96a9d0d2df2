"""Translations that were made, kept so that no text is sent twice: found by the digest of text, language and engine.

Kept is what came back, with the masked parts still masked, and for each item where these stand in its text: no contact and no
word of an advert stands in these tables but in translation. Adverts that differ only in what is masked share one translation.
Retention erases what is kept of an item with the item (``erase``).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, tuple_

from desk.tables import translation_items, translations
from desk.translation.text_mask import MaskedSentence

_AT_ONCE = 500
"""Items of one statement: databases bound its parameters."""
_SPANS = msgspec.json.Decoder(tuple[MaskedSentence, ...])
_LINES = msgspec.json.Decoder(tuple[str, ...])


class KeptTranslation(msgspec.Struct, frozen=True, kw_only=True):
    """One text's translation as it came back."""

    engine: str
    made_at: datetime
    sentences: tuple[MaskedSentence, ...]
    lines: tuple[str, ...]
    """A line for each sentence, in order."""


def digest(*parts: str) -> str:
    """Return the digest that a text is found by: of the provider, the language and the text."""
    return hashlib.sha256(msgspec.json.encode([part.encode("utf-8", "replace").decode() for part in parts])).hexdigest()


def find_kept(connection: Connection, keys: Mapping[str, str]) -> dict[str, KeptTranslation]:
    """Return what is kept for texts: item -> digest of its text, in one query."""
    if not keys:
        return {}
    pairs = tuple_(translation_items.c.item_id, translation_items.c.text_digest)
    query = select(translation_items, translations).join(translations).where(pairs.in_(list(keys.items())))
    return {
        row.item_id: KeptTranslation(
            engine=row.engine, made_at=row.made_at, sentences=_SPANS.decode(row.spans), lines=_LINES.decode(row.sentences)
        )
        for row in connection.execute(query)
    }


def lines_kept(connection: Connection, digests: Iterable[str]) -> frozenset[str]:
    """Return those of the digests of masked texts that a translation is kept of, of any item."""
    wanted = list(digests)
    return frozenset(connection.execute(select(translations.c.digest).where(translations.c.digest.in_(wanted))).scalars())


def keep_lines(connection: Connection, masked_digest: str, lines: Sequence[str], *, engine: str, now: datetime) -> None:
    """Keep the translation of a masked text, unless one is kept by now."""
    if not lines_kept(connection, [masked_digest]):
        values = {"engine": engine[:128], "sentences": msgspec.json.encode(lines).decode(), "made_at": now}
        connection.execute(insert(translations).values(digest=masked_digest, **values))


def keep_item(
    connection: Connection, item_id: str, text_digest: str, masked_digest: str, sentences: Sequence[MaskedSentence]
) -> None:
    """Keep that an item's text has a translation, and where its masked parts stand."""
    row = {"item_id": item_id, "text_digest": text_digest}
    connection.execute(delete(translation_items).filter_by(**row))
    spans = msgspec.json.encode(sentences).decode()
    connection.execute(insert(translation_items).values(**row, digest=masked_digest, spans=spans))


def erase(connection: Connection, items: Iterable[str]) -> int:
    """Erase what is kept of items, and each translation that no other item has; return how many rows went."""
    names, rows = sorted(items), 0
    for start in range(0, len(names), _AT_ONCE):
        mine = translation_items.c.item_id.in_(names[start : start + _AT_ONCE])
        rows += connection.execute(delete(translation_items).where(mine)).rowcount
    if rows:
        connection.execute(delete(translations).where(translations.c.digest.not_in(select(translation_items.c.digest))))
    return rows


def forget_all(connection: Connection) -> None:
    """Delete every kept translation: each text is sent anew when it is asked for."""
    connection.execute(delete(translation_items))
    connection.execute(delete(translations))
