"""Contacts taken out of what a mail or a note says, however they are written: neither is a place for them.

Enrichment gives a contact's place once, where it stands first. Here each further writing of it is found too: with hidden
characters or other separators inside, with or without the country code, in the title and in the text.
"""

import re
from collections.abc import Iterable, Iterator

from desk.highlighting import Mark, plain_line
from desk.identity_masks import without_identities
from enrichment.assessment import Contact
from enrichment.contacts.extract import contacts
from index.base import Record
from index.terms.record_terms import raw_text

LINE = 110
"""Characters of a title or a campaign's name in a mail."""
_GAP = r"[\W_]{0,3}"
"""What may stand between two characters of a contact and leave it readable."""
_SHORTEST, _SHORTEST_NUMBER = 4, 7
"""A shorter handle is an ordinary word, a shorter number a price."""
_COUNTRY_CODE = 3
"""Most digits of a country code: without up to so many the number is written for its own country."""


def headline(record: Record) -> str:
    """Return the title, or the beginning of a text without one, as one line in which each contact is replaced by its kind."""
    posting = record.posting
    raw = posting.title or posting.text
    offset = 0 if posting.title else 1
    entries, at = [], 0
    for mark in contact_marks(record, offset, raw):
        entries += [raw[at : mark.start], f"[{mark.key}]"]
        at = mark.end
    return plain_line("".join([*entries, raw[at:]]))[:LINE]


def mask_contacts(text: str, record: Record) -> str:
    """Return what somebody wrote about a record without any contact, of the record or of anybody else, and without identities."""
    own = [(contact, text[contact.start : contact.end]) for contact in contacts(text, record.assessment.language)]
    for contact, written in [*_written_forms(record), *own]:
        text = _anyhow(contact, written).sub(f"[{contact.type}]", text)
    return without_identities(text)


def contact_marks(record: Record, offset: int, part: str) -> list[Mark]:
    """Return the contacts in ``part``, which begins at ``offset`` of the record's ``title + "\\n" + text``: in order, apart."""
    results = [(contact.start - offset, contact.end - offset, contact.type) for contact in record.assessment.contacts]
    for contact, written in _written_forms(record):
        results += [(*match.span(), contact.type) for match in _anyhow(contact, written).finditer(part)]
    marks: list[Mark] = []
    for start, end, kind in sorted(results):
        start, end = max(start, 0, marks[-1].end if marks else 0), min(end, len(part))
        if start < end:
            marks.append(Mark(start=start, end=end, kind="contact", key=kind, label=kind))
    return marks


def _written_forms(record: Record) -> Iterator[tuple[Contact, str]]:
    raw = raw_text(record)
    for contact in record.assessment.contacts:
        yield contact, raw[contact.start : contact.end]


def _anyhow(contact: Contact, written: str) -> re.Pattern[str]:
    """Return a pattern of every way to write a contact that its value and its first writing tell."""
    bare = {_bare(contact.value.partition("://")[2] or contact.value), _bare(written)}
    ways = [_spaced_pattern(value) for value in bare if len(value) >= _SHORTEST and not value.isdigit()]
    pattern = rf"@?(?<![A-Za-z0-9])(?:{_any(ways)})(?![A-Za-z0-9])"
    numbers = {value[skipped:] for value in bare if value.isdigit() for skipped in range(_COUNTRY_CODE + 1)}
    digits = [_spaced_pattern(number) for number in numbers if len(number) >= _SHORTEST_NUMBER]
    return re.compile(rf"{pattern}|(?<!\d)\+?(?:0{_GAP}){{0,2}}(?:{_any(digits)})(?!\d)", re.IGNORECASE)


def _bare(form: str) -> str:
    return "".join(char for char in form if char.isalnum())


def _spaced_pattern(form: str) -> str:
    return _GAP.join(re.escape(char) for char in form)


def _any(ways: Iterable[str]) -> str:
    return "|".join(sorted(ways, key=lambda way: (-len(way), way))) or r"(?!)"
