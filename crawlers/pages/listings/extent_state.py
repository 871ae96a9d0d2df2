"""What a page tells search engines and its own script of the list it shows: an ItemList's length, the totals of its state."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from crawlers.pages.document import PageDocument
from crawlers.pages.listings.extent_json import JsonExtent, read_json_extent

_ITEM_LIST = re.compile(r'"numberOfItems"\s*:\s*"?(\d{1,7})\b')
_LONGEST = 4_000_000
"""Characters of a script that are read."""
_MOST = 20_000
"""Values of a state that are looked at."""


def read_state_extent(document: PageDocument, shown: int) -> JsonExtent:
    """Return what stands in the page for others than readers; a total below the number of items ``shown`` is not the list's."""
    said = _item_list(document.text)
    total = said if said is not None and said >= shown else None
    if shown < 2 or "application/json" not in document.text:
        return JsonExtent(total=total)
    for node in document.tree.css('script[type="application/json"]'):
        text = node.text()
        if not re.search(r"total|count|next|more|last", text[:_LONGEST], re.I) or len(text) > _LONGEST:
            continue
        try:
            state = msgspec.json.decode(text.strip())
        except (msgspec.DecodeError, RecursionError):
            continue
        for holder, key in _lists(state, shown):
            extent = read_json_extent(holder, key, "", shown)
            if (extent.total or 0) >= shown or extent.more or extent.pages or extent.following:
                return extent
    return JsonExtent(total=total)


def _item_list(text: str) -> int | None:
    """Return the length that the page's one ItemList gives itself."""
    if text.count('"ItemList"') != 1:
        return None
    numbers = _ITEM_LIST.findall(text)
    return int(numbers[0]) if len(numbers) == 1 else None


def _lists(state: Any, shown: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (object, key) of the lists of as many objects as the page shows items."""
    waiting = [state]
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, list) and len(inner) == shown and all(isinstance(item, dict) for item in inner):
                    yield value, key
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]
