"""What a notice shows beside its words, in its files and at the partners' door: the kept screenshot, a kept translation."""

import hashlib
import io
from collections.abc import Iterable, Mapping

import msgspec
from PIL import Image
from sqlalchemy import Connection

from crawlers.pictures.image_header import ImageRefused, image_header
from desk.custody.kept_records import EvidenceError, SealedPartitions, home_of
from desk.custody.sealed_partitions import partition_notes
from desk.highlighting import plain_line
from desk.masks import blank_words, name_blanks
from desk.takedown.repository import SHOWN, ListEntry
from desk.takedown.takedown_document import Exhibit, SentencePair, TakedownDocument
from desk.translation.translator import TranslatedItem, Translator, foreign
from desk.word_edges import shorten
from index.base import Record

WIDEST, TALLEST = 900, 1400
"""Pixels of a screenshot in a notice; its upper part is shown."""
SENTENCES, LONGEST = 8, 300
"""Sentences of a translation, and characters of each."""


def exhibits_of(
    connection: Connection, entries: Iterable[ListEntry], records: Mapping[str, Record], language: str,
    translator: Translator | None,
) -> dict[str, Exhibit]:  # fmt: skip
    """Return the exhibit of each notice that has one; what cannot be read is left out, for the notice stands without it."""
    told = {entry.item_id: entry for entry in entries if entry.change != "withdrawn" and entry.item_id in records}
    pictures = _screenshots(connection, [records[item] for item in told])
    results = {}
    for item, entry in told.items():
        shown = _show_translation(records[item], entry, language, translator)
        if shown.sentences or item in pictures:
            results[item] = msgspec.structs.replace(shown, picture=pictures.get(item))
    return results


def exhibit_files(document: TakedownDocument) -> dict[str, tuple[str, bytes]]:
    """Return what the partners' door shows of single notices, with its SHA-256; it is kept with the list and not mailed."""
    contents: dict[str, bytes] = {}
    for entry in document.entries:
        exhibit, name = document.exhibit(entry), f"{SHOWN}{entry.body['notice_id']}"
        contents |= {f"{name}.jpg": exhibit.picture} if exhibit.picture else {}
        contents |= {f"{name}.json": msgspec.json.encode(exhibit.fields["translation"])} if exhibit.sentences else {}
    return {name: (hashlib.sha256(content).hexdigest(), content) for name, content in contents.items()}


def _show_translation(record: Record, entry: ListEntry, language: str, translator: Translator | None) -> Exhibit:
    """Return the sentences around the quotes beside their translation: in the receiver's language, else in English."""
    for target in dict.fromkeys((language, "en")):
        if translator is None or not foreign(record, target):
            break
        if found := translator.kept_item(record, target):
            sentences = tuple(_quoted_sentences(record, entry, found))
            return Exhibit(engine=found.engine, language=target, sentences=sentences)
    return Exhibit()


def _screenshots(connection: Connection, records: Iterable[Record]) -> dict[str, bytes]:
    wanted: dict[str, dict[str, str]] = {}
    for record in records:
        capture = record.posting.capture
        if capture is not None and capture.screenshot:
            wanted.setdefault(home_of(record.partition, capture), {})[capture.screenshot] = record.id
    if not wanted:
        return {}
    sealed, results = SealedPartitions(partition_notes(connection)), {}
    for home, names in wanted.items():
        try:
            for name, content in sealed.resources(home, frozenset(names)):
                results[names[name]] = encoded_again(content)
        except (EvidenceError, ImageRefused, OSError, ValueError):
            continue
    return results


def encoded_again(content: bytes) -> bytes:
    """Return a screenshot as a small JPEG of its upper part: no byte of the file it was read from is in it."""
    image_header(content)
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
        picture = image.convert("RGB")
    picture.thumbnail((WIDEST, 10 * TALLEST))
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60, optimize=True)
    return out.getvalue()


def _quoted_sentences(record: Record, entry: ListEntry, translated: TranslatedItem) -> Iterable[SentencePair]:
    """Yield the sentences that hold a quote of the notice, each beside its translation, with what identifies anybody blanked."""
    quotes = [plain_line(ground["quote"]) for ground in entry.body["grounds"] if ground["quote"]]
    count = 0
    for sentence in [*translated.title, *translated.text]:
        original = _mask_words(sentence.original, record)
        if count < SENTENCES and any(quote in original or original in quote for quote in quotes):
            count += 1
            yield SentencePair(original=shorten(original, LONGEST), words=shorten(_mask_words(sentence.words, record), LONGEST))


def _mask_words(pieces: Iterable[msgspec.Struct], record: Record) -> str:
    words = "".join(str(getattr(piece, "text", "")) for piece in pieces)
    return plain_line(name_blanks(blank_words(words, record)))
