"""Seen or not seen: two houses compare confirmed items by files of keyed hashes, and each learns only which of its own match.

One house asks with a file: for each item HMAC-SHA-256 values of its contacts, of the bands of its text's MinHash and of the
bands of its posters' PDQ hashes. The other answers with the references of those it knows too. Every value is keyed with what
both agreed on and with a salt of that one file, so that a third party learns nothing and cannot connect two files; an altered
file is refused.

Whoever holds the key can try every telephone number or picture band against a question: towards the partner itself the hashes
hide little. Ask only somebody whom you would tell (docs/takedown.md).
"""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from enrichment.campaigns.posters import poster_hashes, poster_tokens
from index.base import Record

KEY_BYTES = 32
MOST_ITEMS = 2_000
"""Items in one question."""
MOST_BYTES = 16 << 20
OLDEST = timedelta(days=7)
"""Of a question that is answered."""
MOST_ANSWERS = 4
"""Questions with one key that are answered in a day: whoever asks without end reads the other's whole house."""
LEAST_BANDS = 2
"""Bands of a text, or of one picture, that two items share: one alone may be chance."""

Kind = Literal["contact", "text", "picture"]
Token = Annotated[str, Meta(pattern=r"^[0-9a-f]{24}$")]
Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
File = TypeVar("File", bound="_File")


class ExchangeError(Exception):
    """A file or a key of an exchange that cannot be used; the message says why and what to do."""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both kinds of file hold."""

    schema: Literal["lurewatch-exchange-1"] = "lurewatch-exchange-1"
    salt: Salt
    """Of the question; an answer repeats it."""
    made_at: datetime
    mac: str = ""
    """HMAC of everything else in the file."""


class AskedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of a question, in keyed hashes."""

    ref: Token
    """What the answer calls it; it says nothing outside of this question."""
    contacts: Annotated[tuple[Token, ...], Meta(max_length=40)] = ()
    text: Annotated[tuple[Token, ...], Meta(max_length=64)] = ()
    pictures: Annotated[tuple[tuple[Token, ...], ...], Meta(max_length=8)] = ()


class Question(_File, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Have you seen these?"""

    items: Annotated[tuple[AskedItem, ...], Meta(max_length=MOST_ITEMS)]


class SeenItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of the question that the other house knows too."""

    ref: Token
    by: tuple[Kind, ...]


class Answer(_File, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """We have seen these of yours, and say nothing about the others."""

    matches: Annotated[tuple[SeenItem, ...], Meta(max_length=MOST_ITEMS)]


class Hasher:
    """Makes the keyed hashes of one question."""

    def __init__(self, key: bytes, salt: str) -> None:
        self._key = hmac.digest(key, b"token:" + bytes.fromhex(salt), "sha256")

    def token(self, kind: str, value: str) -> str:
        """Return the keyed hash of a value: 96 bits, hex."""
        return hmac.digest(self._key, f"{kind}\0{value}".encode("utf-8", "replace"), "sha256").hex()[:24]

    def item(self, record: Record) -> AskedItem:
        """Return a record in keyed hashes."""
        posting, judged = record.posting, record.assessment
        contacts = sorted({self.token("contact", f"{each.type}:{each.value}") for each in judged.contacts})
        return AskedItem(
            ref=self.token("item", record.id),
            contacts=tuple(contacts[:40]),
            text=tuple(self.token("text", f"{at}:{band}") for at, band in enumerate(judged.fingerprint.bands))[:64],
            pictures=tuple(
                tuple(self.token("picture", band) for band in poster_tokens((value,))) for value in poster_hashes(posting)[:8]
            ),
        )  # fmt: skip


def new_key() -> str:
    """Return a key as its file holds it."""
    return secrets.token_hex(KEY_BYTES) + "\n"


def read_key(content: str) -> bytes:
    """Return the key of a file's content."""
    try:
        key = bytes.fromhex(content.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ExchangeError(f"no key: it has {2 * KEY_BYTES} hexadecimal digits; `lurewatch takedown exchange key` makes one")
    return key


def key_name(key: bytes) -> str:
    """Return what the audit log calls a key: it says nothing about it."""
    return hashlib.sha256(b"name:" + key).hexdigest()[:12]


def ask(records: Iterable[Record], key: bytes, now: datetime) -> tuple[bytes, Question]:
    """Return a question about records, as a file."""
    salt = secrets.token_hex(16)
    hasher = Hasher(key, salt)
    items = sorted((hasher.item(record) for record in records), key=lambda item: item.ref)
    if len(items) > MOST_ITEMS:
        raise ExchangeError(f"{len(items):,} items; a question holds {MOST_ITEMS:,} at most, narrow it with --days")
    return _seal(Question(salt=salt, made_at=now, items=tuple(items)), key)


def answer(
    content: bytes, records: Iterable[Record], key: bytes, now: datetime
) -> tuple[bytes, Answer, dict[str, tuple[Kind, ...]]]:
    """Return the answer to a question as a file, and which own items it is about, by what."""
    question = _open_sealed(content, Question, key)
    if not timedelta(minutes=-5) <= now - question.made_at <= OLDEST:
        raise ExchangeError(f"the question is of {question.made_at:%Y-%m-%d}; one of the last {OLDEST.days} days is answered")
    hasher = Hasher(key, question.salt)
    asked = _TokenIndex(question.items)
    found: dict[str, set[Kind]] = {}
    own: dict[str, tuple[Kind, ...]] = {}
    for record in records:
        shared = asked.shared_with(hasher.item(record))
        for ref, kinds in shared.items():
            found.setdefault(ref, set()).update(kinds)
        if shared:
            own[record.id] = tuple(sorted({kind for kinds in shared.values() for kind in kinds}))
    matches = tuple(SeenItem(ref=ref, by=tuple(sorted(kinds))) for ref, kinds in sorted(found.items()))
    file, sealed = _seal(Answer(salt=question.salt, made_at=now, matches=matches), key)
    return file, sealed, own


def read_answer(content: bytes, records: Iterable[Record], key: bytes) -> dict[str, tuple[Kind, ...]]:
    """Return which of the records a partner has seen too, by what."""
    given = _open_sealed(content, Answer, key)
    hasher = Hasher(key, given.salt)
    refs = {match.ref: match.by for match in given.matches}
    return {record.id: refs[ref] for record in records if (ref := hasher.token("item", record.id)) in refs}


class _TokenIndex:
    """The items of a question, found by their hashes."""

    def __init__(self, items: Iterable[AskedItem]) -> None:
        self._found: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for item in items:
            for kind, at, tokens in _groups(item):
                for token in set(tokens):
                    self._found.setdefault((kind, token), []).append((item.ref, at))

    def shared_with(self, item: AskedItem) -> Mapping[str, set[Kind]]:
        """Return reference -> what an own item shares with it: a contact, or enough bands of a text or of one picture."""
        results: dict[str, set[Kind]] = {}
        for kind, _, tokens in _groups(item):
            shared = Counter(where for token in set(tokens) for where in self._found.get((kind, token), ()))
            for (ref, _place), count in shared.items():
                if count >= (1 if kind == "contact" else LEAST_BANDS):
                    results.setdefault(ref, set()).add(kind)
        return results


def _groups(item: AskedItem) -> list[tuple[Kind, int, tuple[str, ...]]]:
    pictures: list[tuple[Kind, int, tuple[str, ...]]] = [("picture", at, bands) for at, bands in enumerate(item.pictures)]
    return [("contact", 0, item.contacts), ("text", 0, item.text), *pictures]


def _seal(file: File, key: bytes) -> tuple[bytes, File]:
    sealed = msgspec.structs.replace(file, mac=_mac(file, key))
    return msgspec.json.format(msgspec.json.encode(sealed), indent=1), sealed


def _open_sealed(content: bytes, kind: type[File], key: bytes) -> File:
    if len(content) > MOST_BYTES:
        raise ExchangeError(f"the file has more than {MOST_BYTES >> 20} MiB")
    try:
        file = msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise ExchangeError(f"not a file of an exchange ({exc}); ask the partner for it again") from exc
    if file.made_at.tzinfo is None or not hmac.compare_digest(file.mac.encode(), _mac(file, key).encode()):
        raise ExchangeError("it was made with another key, or changed on its way; compare the keys by telephone")
    return file


def _mac(file: _File, key: bytes) -> str:
    content = msgspec.json.encode(msgspec.structs.replace(file, mac=""), order="deterministic")
    kind = type(file).__name__.encode()
    return hmac.digest(hmac.digest(key, b"file:" + kind, "sha256"), content, "sha256").hex()
