"""A kept page as words in their order: nothing that runs, loads, links, sends or hides is left of it.

``python -m desk.web.saved_page`` is the process that takes a page apart: hostile markup may take the sanitizer minutes or end it.
"""

import base64
import hashlib
import html
import sys
from collections.abc import Iterable

import msgspec

from crawlers.evidence.kept_pages import KeptPage
from crawlers.process import answer_of_child, limit_process

MOST = 1 << 20
"""Bytes of a page that are shown."""
SECONDS, PROCESSOR_SECONDS, SPACE = 20.0, 3, 256 << 20
"""What taking a page apart may take: of time on a busy machine, of processor, of memory. A page of 1 MB takes 0.3 s."""
KEPT_TAGS = frozenset({
    "abbr", "address", "article", "aside", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl",
    "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "li",
    "main", "mark", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
})  # fmt: skip
GONE_WITH_CONTENT = frozenset({
    "applet", "audio", "canvas", "embed", "iframe", "math", "noembed", "noframes", "object", "script", "style", "svg",
    "template", "title", "video",
})  # fmt: skip
STYLE = (
    ":root{color-scheme:light dark;font:15px/1.6 system-ui,sans-serif}body{margin:12px;overflow-wrap:anywhere}"
    "table{border-collapse:collapse}td,th{border:1px solid #8888;padding:2px 6px;vertical-align:top}pre{white-space:pre-wrap}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Content-Security-Policy of a saved page: its own style, and nothing else, in an origin of its own."""


class CleanPage(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a kept page."""

    body: str
    """Markup of ``KEPT_TAGS`` without attributes but ``lang`` and ``dir``, or escaped source."""
    size: int
    """Bytes of the page as it was kept."""
    source: bool = False
    """It is no HTML, or could not be taken apart: its source stands here."""

    @property
    def cut(self) -> bool:
        """Only the first ``MOST`` bytes are shown."""
        return self.size > MOST


def saved_page(page: KeptPage) -> CleanPage:
    """Return a kept page, sanitized."""
    text = msgspec.structs.replace(page, body=page.body[:MOST]).text
    cleaned = None
    if "html" in page.content_type.lower() or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        cleaned = answer_of_child("desk.web.saved_page", text.encode("utf-8", "replace"), seconds=SECONDS)
    if cleaned is None:
        return CleanPage(body=f"<pre>{html.escape(text)}</pre>", size=len(page.body), source=True)
    return CleanPage(body=cleaned.decode("utf-8", "replace"), size=len(page.body))


def document(page: CleanPage, language: str, notes: Iterable[str] = ()) -> str:
    """Return the document that stands in the frame of an item's page, with the desk's own ``notes`` above the page."""
    told = "".join(f"<p><em>{html.escape(note)}</em></p>" for note in notes)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Saved page</title><style>{STYLE}</style></head>'
        f'<body>{told}<div lang="{html.escape(language)}" dir="auto">{page.body}</div></body></html>'
    )


def sanitize(text: str) -> str:
    """Return what is left of the markup of a page; only in a process that may end."""
    import nh3  # the desk itself does without it

    return nh3.clean(
        text, tags=set(KEPT_TAGS), clean_content_tags=set(GONE_WITH_CONTENT), attributes={"*": {"lang", "dir"}},
        url_schemes=set(), link_rel=None, strip_comments=True,
    )  # fmt: skip


def main() -> None:
    """Sanitize standard input."""
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    limit_process(SPACE, PROCESSOR_SECONDS)
    sys.stdout.buffer.write(sanitize(text).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
