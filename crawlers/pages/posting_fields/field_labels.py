"""Labels that boards print before a fact, in the languages served: which field the words before a colon, or in a table head,
announce."""

import re

import msgspec

from crawlers.text.folding import fold_text
from foundation.yaml_limits import read_table


class LabelWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of ``field_labels.yml``: texts whose labels are parted by bars."""

    labels: dict[str, str]
    monthly: str


_WORDS = read_table(__file__, "field_labels.yml", LabelWords)


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", fold_text(text)).strip(" :*•·-|")


FIELD_OF = {_fold(label): field for field, said in reversed(_WORDS.labels.items()) for label in said.split("|")}
"""Folded label -> field. Where two fields share a word the first table entry wins."""
MONTHLY = frozenset(map(_fold, _WORDS.monthly.split("|")))
"""Pay labels that by themselves mean pay by the month."""


def field(text: str) -> str | None:
    """Return the field that ``text``, as a whole, announces; None when it is no label."""
    return FIELD_OF.get(_fold(text)) if len(text) <= 60 else None


_CONTACT = re.compile(
    "(?:"
    + "|".join(sorted(map(re.escape, filter(None, map(_fold, _WORDS.labels["contact"].split("|")))), key=len, reverse=True))
    + ")"
    r"(?![^\W\d_])|(?:联系|聯絡|聯繫|微信|电话|電話|ติดต่อ|โทร|連絡先|연락처)"
)
"""A contact label at the beginning of a line; scripts without spaces go on without one."""
_REACHABLE = re.compile(r"\d(?:[ ().\-]{0,2}\d){5,}|@\w|https?://|[:：]\s*\S")


def opens_contact(line: str) -> bool:
    """Tell whether a line begins with a contact word and goes on with a number, a handle, an address or a colon; or is the
    word alone."""
    return field(line) == "contact" or bool(_CONTACT.match(_fold(line)) and _REACHABLE.search(line))


def is_monthly(label: str) -> bool:
    """Tell whether a pay label means pay by the month."""
    return _fold(label) in MONTHLY


def read_label(line: str) -> tuple[str, str] | None:
    """Return (field, value) of a line such as "Company: Reef & Rope"; None when no known label opens it."""
    head, colon, value = line.partition(":")
    wide_head, wide_colon, wide_value = line.partition("：")
    if wide_colon and (not colon or len(wide_head) < len(head)):
        head, colon, value = wide_head, wide_colon, wide_value
    if not colon or not value.strip() or value.startswith("//"):
        return None
    text = field(head)
    return (text, value.strip()) if text else None
