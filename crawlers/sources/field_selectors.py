"""The places of single fields of an advert, as the operator writes them in ``crawl.fields``; they overrule the page parser.

In HTML a CSS selector, with ``@attribute`` when the value stands in one; in the answer of an API a dotted path from the item.
"""

import re
from collections.abc import Callable

from crawlers.sources.setting_types import Strict

_SELECTOR = re.compile(r"(.*?)(?:@([A-Za-z][\w:-]*))?", re.DOTALL)
_PATH = re.compile(r"[^\s.\"'<>]+(?:\.[^\s.\"'<>]+)*")


class FieldSelectors(Strict):
    """Field of a posting -> where it stands; each overrules what the page parser reads."""

    title: str | None = None
    company: str | None = None
    location: str | None = None
    pay: str | None = None
    posted_at: str | None = None
    contacts: str | None = None
    """All matches: links, telephone numbers, e-mail addresses."""
    text: str | None = None
    """All matches, one below the other."""

    def named_fields(self) -> dict[str, str]:
        """Return the fields that are written in the file."""
        return {name: value for name, value in self if value is not None}


def split(selector: str) -> tuple[str, str]:
    """Return (CSS, attribute); "" for an element's text."""
    match = _SELECTOR.fullmatch(selector)
    assert match, "the pattern takes any text"
    return match[1].strip(), match[2] or ""


def problem(value: str, *, path: bool, check_css: Callable[[str], str]) -> str:
    """Return what is wrong with a selector or, for an API, with a ``path``; "" for nothing."""
    if path:
        return "" if _PATH.fullmatch(value) else f"{value!r} is not a dotted path; write it from the item, as salary.text"
    if not split(value)[0]:
        return f"{value!r} has no selector before the @; write it as a.phone@href"
    try:
        check_css(split(value)[0])
    except ValueError as exc:
        return str(exc)
    return ""
