"""Sentences for people: English where they are made, the reader's language where they are shown.

This module loads no other, so that whatever raises or returns a sentence can mark it; ``catalogues.say`` translates.
"""

from collections.abc import Iterable, Mapping
from typing import Any

LANGUAGES = {"en": "English", "vi": "Tiếng Việt", "fr": "Français"}
"""Languages of the desk's pages and of the translations beside adverts, by their own names."""


class Message(str):
    """A sentence in English that knows what it was made of, so that it can be said in another language."""

    source: str
    plural: str
    number: int
    values: Mapping[str, Any]

    def __new__(cls, source: str, values: Mapping[str, Any], plural: str = "", number: int = 1) -> "Message":
        """Fill in the English sentence; ``source`` and ``plural`` are the ids in the catalogues."""
        result = super().__new__(cls, (plural if plural and number != 1 else source) % values)
        result.source, result.plural, result.number, result.values = source, plural, number, values
        return result

    def __getnewargs__(self) -> tuple[str, Mapping[str, Any], str, int]:  # type: ignore[override]  # copies stay messages
        return (self.source, self.values, self.plural, self.number)


def _(source: str, **values: Any) -> Message:
    """Return a sentence with named placeholders (``%(name)s``; a per cent sign is ``%%``) that can be translated."""
    return Message(source, values)


def sentence_of(error: Exception) -> str:
    """Return what an error says: its sentence, that can be translated, where it was made of one."""
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def join(sentences: Iterable[str], between: str = "; ") -> Message:
    """Return sentences, one at least, behind each other, each of which is said in the reader's language."""
    values = {f"part{number}": each for number, each in enumerate(sentences)}
    return Message(between.join(f"%({name})s" for name in values), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> Message:
    """Return a sentence about ``%(num)s`` things that can be translated."""
    return Message(singular, {"num": num} | values, plural, num)
