"""Public Telegram previews (``t.me/s/<channel>``), single message blocks and embeds: one Posting per message.

The text has only the message's own words: no reactions, view counts, quoted parts of replies or link previews.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawlers.items import Media, ParsedPage, Posting, Reject
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import prose

FAMILY = "channel"
_PICTURE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z][A-Za-z0-9_]{3,31})(?![\w.@-]*\.[a-z])")
_BARE = re.compile(r"https?://[^\s<>\"'）)】」]+", re.I)
_FORMS = (
    ("poll", ".tgme_widget_message_poll"),
    ("video", ".tgme_widget_message_video_player, .tgme_widget_message_roundvideo_player, video.tgme_widget_message_video"),
    ("voice", ".tgme_widget_message_voice_player"),
    ("document", ".tgme_widget_message_document_wrap"),
    ("sticker", ".tgme_widget_message_sticker_wrap, .tgme_widget_message_tgsticker"),
    ("contact", ".tgme_widget_message_contact_wrap"),
    ("location", ".tgme_widget_message_location_wrap, .tgme_widget_message_venue_wrap"),
    ("photo", ".tgme_widget_message_photo_wrap"),
    ("invoice", ".tgme_widget_message_invoice"),
    ("link preview", ".tgme_widget_message_link_preview"),
    ("unsupported", ".message_media_not_supported_wrap"),
)
"""What a post is besides text, most telling first (a video post also holds a thumbnail)."""
_TEXT = ".tgme_widget_message_text"


def speaks(document: PageDocument) -> bool:
    """Tell whether the page is made of Telegram's widget markup."""
    return "tgme_" in document.text and any(
        mark in document.text for mark in ("tgme_widget_message", "tgme_channel_info", "tgme_page_title")
    )


def parse(document: PageDocument) -> ParsedPage:
    """Return the messages of a preview, oldest first, and the address of the older page; service messages are counted, not
    kept."""
    postings: dict[str, Posting] = {}
    rejected: list[Reject] = []
    services = 0
    for message in document.tree.css(".tgme_widget_message"):
        native = (message.attributes.get("data-post") or "").strip()
        if "service_message" in (message.attributes.get("class") or ""):
            services += 1
            continue
        if error := message.css_first(".tgme_widget_message_error"):
            rejected.append(
                Reject(url=_address(native) or document.url, reason="post_not_shown", detail=prose.text_of(error)[:200])
            )
            continue
        if not re.fullmatch(r"[\w]+/\d+(?:\?.*)?", native):
            rejected.append(Reject(url=document.url, reason="no_post_id", detail=native[:100]))
            continue
        posting = _posting(message, native.partition("?")[0], document)
        if posting.text or posting.media:
            postings.setdefault(posting.id, posting)
        else:
            rejected.append(Reject(url=posting.url, reason="no_text", detail=posting.form or ""))
    facts = _channel(document, next(iter(postings.values()), None))
    if services:
        facts["service_messages"] = str(services)
    return ParsedPage(
        family=FAMILY,
        title=_first_text(
            document.tree.root,
            ".tgme_channel_info_header_title, .tgme_header_title, .tgme_page_title, .tgme_widget_message_owner_name",
        ),
        postings=tuple(postings.values()),
        previous_page=_more(document, "before", "prev"),
        next_page=_more(document, "after", "next"),
        rejected=tuple(rejected),
        facts=facts,
    )


def _posting(message: LexborNode, native: str, document: PageDocument) -> Posting:
    text = "\n".join(part for node in _own_parts(message, _TEXT) if (part := prose.text_of(node)))
    contacts, links = _published_addresses(message, text)
    text = "\n".join(part for part in (text, *_spoken_parts(message, contacts)) if part)
    stamp = message.css_first(".tgme_widget_message_date time[datetime], time[datetime]")
    published = (stamp.attributes.get("datetime") or None) if stamp else None
    meta = message.css_first(".tgme_widget_message_meta")
    return document.posting(
        _address(native),
        native_id=native,
        by_native_id=True,
        text=text,
        author=native.split("/")[0],
        posted_at=document.moment(published),
        posted_at_raw=published,
        language_hint=None,
        media=_media(message),
        contacts=tuple(contacts),
        links=tuple(links),
        form=next((form for form, css in _FORMS if message.css_first(css)), "text"),
        forwarded_from=_forward_source(message),
        edited=message.css_first(".tgme_widget_message_edited") is not None
        or bool(meta and re.search(r"\bedited\b", meta.text())),
        views=_first_text(message, ".tgme_widget_message_views"),
    )


def _published_addresses(message: LexborNode, text: str) -> tuple[dict[str, None], dict[str, None]]:
    """Return the contacts and the other addresses in a message's ``text``, its buttons and its preview of a page."""
    contacts: dict[str, None] = {}
    links: dict[str, None] = {}
    for node in (
        *_own_parts(message, _TEXT),
        *message.css(".tgme_widget_message_inline_keyboard"),
        *message.css(".tgme_widget_message_link_preview"),
    ):
        near, far = page_urls.of(node, "https://t.me/")
        contacts.update(dict.fromkeys(address for address in near if "/?q=" not in address))
        links.update(dict.fromkeys(far))
    if preview := message.css_first("a.tgme_widget_message_link_preview"):
        target = page_urls.absolute("https://t.me/", preview.attributes.get("href"))
        if target:
            (contacts if page_urls.is_contact(target) else links)[target] = None
    contacts.update(
        (f"https://t.me/{handle}", None) for handle in _MENTION.findall(text) if f"https://t.me/{handle}" not in contacts
    )
    links.update((address.rstrip(".,;:!?"), None) for address in _BARE.findall(text) if not page_urls.is_contact(address))
    return contacts, links


def _own_parts(message: LexborNode, css: str) -> list[LexborNode]:
    """Return the matching parts of the message itself, without the text that a reply quotes."""
    kept: list[LexborNode] = []
    for node in message.css(css):
        outer = node.parent
        while outer is not None and outer.mem_id != message.mem_id:
            classes = outer.attributes.get("class") or ""
            if "tgme_widget_message_reply" in classes or "tgme_widget_message_text" in classes:
                break
            outer = outer.parent
        else:
            if "js-message_reply_text" not in (node.attributes.get("class") or ""):
                kept.append(node)
    return kept


def _spoken_parts(message: LexborNode, contacts: dict[str, None]) -> list[str]:
    """Return the words of polls, documents, shared contacts and places; a shared telephone number joins ``contacts``."""
    words: list[str] = []
    for part in (
        "poll_question",
        "poll_option_text",
        "document_title",
        "contact_name",
        "contact_phone",
        "venue_title",
        "venue_address",
    ):
        css = f".tgme_widget_message_{part}"
        words.extend(text for node in message.css(css) if (text := prose.text_of(node)))
    for node in message.css(".tgme_widget_message_contact_phone"):
        contacts[f"tel:{re.sub(r'[^+0-9]', '', node.text())}"] = None
    return words


def _media(message: LexborNode) -> tuple[Media, ...]:
    media: dict[str, Media] = {}
    for css in (".tgme_widget_message_photo_wrap", ".tgme_widget_message_video_thumb", ".tgme_widget_message_roundvideo_thumb"):
        for node in message.css(css):
            if match := _PICTURE.search(node.attributes.get("style") or ""):
                address = page_urls.absolute("https://t.me/", match[1])
                if address:
                    media[address] = Media(url=address, kind="image")
    for node in message.css("video[src], audio[src]"):
        if address := page_urls.absolute("https://t.me/", node.attributes.get("src")):
            media[address] = Media(url=address, kind="video" if node.tag == "video" else "audio")
    return tuple(media.values())


def _forward_source(message: LexborNode) -> str | None:
    """Return the handle of the channel a message came from; its shown name when it has no public address."""
    node = message.css_first(".tgme_widget_message_forwarded_from_name")
    if node is None:
        return None
    handle = urlsplit(node.attributes.get("href") or "").path.strip("/").removeprefix("s/").split("/")[0]
    return handle if handle and handle not in ("c", "joinchat") and not handle.startswith("+") else prose.one_line(node.text())


def _channel(document: PageDocument, sample: Posting | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    username = _first_text(document.tree.root, ".tgme_channel_info_header_username")
    path = urlsplit(document.url).path.strip("/").split("/")
    named = path[1] if len(path) > 1 and path[0] == "s" else path[0] if "t.me" in document.url and path[0] != "s" else None
    if channel := (username or "").lstrip("@") or named or (sample.author if sample else None):
        facts["channel"] = channel
    for counter in document.tree.css(".tgme_channel_info_counter"):
        kind, value = _first_text(counter, ".counter_type"), _first_text(counter, ".counter_value")
        if kind and value:
            facts["subscribers" if kind.startswith("subscriber") else kind] = value
    if "subscribers" not in facts:
        text = _first_text(document.tree.root, ".tgme_header_counter, .tgme_page_extra")
        if text and (match := re.match(r"([\d.,\s]+[KM]?)\s*subscriber", text)):
            facts["subscribers"] = match[1].strip()
    if about := document.tree.css_first(".tgme_channel_info_description, .tgme_page_description"):
        facts["description"] = prose.text_of(about)
    return facts


def _more(document: PageDocument, name: str, rel: str) -> str | None:
    """Return the address of the older (``before``) or newer (``after``) page of the same channel."""
    for css in (f"a.tme_messages_more[data-{name}]", f'link[rel="{rel}"]'):
        for node in document.tree.css(css):
            href = node.attributes.get("href") or ""
            if f"{name}=" in href and (address := document.absolute(href)):
                return address
    return None


def _address(native: str) -> str:
    return f"https://t.me/{native}" if native else ""


def _first_text(node: LexborNode | None, css: str) -> str | None:
    result = node.css_first(css) if node is not None else None
    return prose.one_line(prose.text_of(result)) if result is not None else None
