"""Titles of the items that a mail sets out, as the desk's provider translates them, with contacts and identities masked.

Without a provider, and while it fails, the reasons beside the quote say in the reader's language what the words mean.
"""

import logging

from msgspec.structs import replace

from desk.digest.edition import DigestItem, Edition
from desk.masks import mask_contacts
from desk.translation.provider import TranslationError
from desk.translation.translator import Translator
from foundation.messages import LANGUAGES
from index.admission import AT_RISK
from index.base import RecordStore

LOG = logging.getLogger("lurewatch.digest")


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
