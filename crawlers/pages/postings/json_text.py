"""The text of one advert that an API gives as JSON: what stands under keys that name a text, in the order of the answer."""

from collections.abc import Iterator
from typing import Any

import msgspec

from crawlers.pages.posting_fields import prose

_KEYS = frozenset(("text", "description", "descriptionhtml", "jobdescription", "body", "content", "requirements", "benefits"))
_DEEPEST = 8


def text_of(answer: str) -> str:
    """Return the texts in a JSON answer as one text, each once; "" when it is no JSON or has none."""
    if answer.lstrip()[:1] not in ("{", "["):
        return ""
    try:
        value = msgspec.json.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        return ""
    parts = (prose.text_of_html(text) for text in _texts(value, _DEEPEST))
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if isinstance(inner, str) and key.lower().replace("_", "") in _KEYS:
                yield inner
            yield from _texts(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _texts(inner, depth - 1)
