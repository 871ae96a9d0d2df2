"""Forum threads and indexes of the common software: one Posting per post, the quoted and the signed away.

Only the opening post of a thread carries its author: that is where an advert stands. Who merely replies is never recorded,
so a reply is a
text without a name (``facts["first_author"]`` names the first post of the page for whoever reads a single page).
"""

import re

from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage, Posting, Reject
from crawlers.pages import addresses
from crawlers.pages.document import PageDocument
from crawlers.pages.fields import prose
from crawlers.pages.listings import listing, pager
from crawlers.pages.threads.forum_software import POST_ID, QUOTES, SOFTWARE, Software

FAMILY = "forum"
_STAMP = re.compile(r"(?:«|»|发表于|發表於|posted(?: on)?:?|reply #?\d+ on:|on:|đăng lúc|gửi lúc|wrote on)\s*", re.I)
_QUOTED = re.compile(r"^(?:quote|originally posted by|trích|引用|kutipan|อ้างอิง|citation|citar|цитата|zitat)\b", re.I)


def speaks(document: PageDocument) -> bool:
    """Tell whether the page is a thread or an index of a known forum software."""
    return any(_has(document, software) for software in SOFTWARE)


def parse(document: PageDocument) -> ParsedPage:
    """Return a thread's posts, or an index's thread addresses, with the pages before and after."""
    following, preceding = pager.pages(document)
    for software in SOFTWARE:
        if not any(mark in document.text for mark in software.marks):
            continue
        posts = _posts(document, software)
        if posts:
            return _thread(document, software, posts, following, preceding)
        if links := _topics(document, software):
            facts = {"software": software.name}
            return ParsedPage(
                family=FAMILY,
                title=_title(document, software),
                links=links,
                next_page=following,
                previous_page=preceding,
                facts=facts,
            )
    return ParsedPage(
        family=FAMILY,
        title=document.heading,
        links=tuple(listing.detail_links(document)),
        next_page=following,
        previous_page=preceding,
    )


def _has(document: PageDocument, software: Software) -> bool:
    if not any(mark in document.text for mark in software.marks):
        return False
    return bool(_posts(document, software)) or (bool(software.topics) and document.tree.css_first(software.topics) is not None)


def _posts(document: PageDocument, software: Software) -> list[tuple[LexborNode, LexborNode]]:
    """Return (post, its content) pairs; a post inside another match of the same selector is counted once."""
    results: list[tuple[LexborNode, LexborNode]] = []
    seen: set[int] = set()
    for css in software.post:
        for post in document.tree.css(css):
            content = next((node for part in software.content.split(", ") if (node := post.css_first(part)) is not None), None)
            if content is None and post.css_matches(software.content):
                content = post
            if content is not None and content.mem_id not in seen:
                seen.add(content.mem_id)
                results.append((post, content))
        if results:
            break
    # a row above the posts that names the columns has the class of a post and no number, in templates that number their posts
    numbered = [pair for pair in results if _number(pair[0]) or _number(pair[1])]
    return numbered or results


def _thread(
    document: PageDocument,
    software: Software,
    posts: list[tuple[LexborNode, LexborNode]],
    following: str | None,
    preceding: str | None,
) -> ParsedPage:
    title = _title(document, software)
    opens_thread = preceding is None and (pager.page_number(document.url) or 1) <= 1
    postings: dict[str, Posting] = {}
    rejected: list[Reject] = []
    first_author = None
    for position, (post, content) in enumerate(posts):
        number = _number(post) or _number(content)
        anchor = next((name for name in (_identity(post), _identity(content)) if name), None) or f"post-{position + 1}"
        author = _author(post, software)
        first_author = first_author or (author if position == 0 else None)
        skip = frozenset(node.mem_id for node in content.css(QUOTES) if node.mem_id != content.mem_id) | _old_quotes(content)
        text = prose.text_of(content, skip=skip)
        address = f"{document.address}#{anchor}"
        if not text:
            rejected.append(Reject(url=address, reason="no_text", detail="only quotes, pictures or a signature"))
            continue
        stamp = _stamp(post, software)
        contacts, links = addresses.of(content, document.base, skip=skip)
        posting = document.posting(
            address,
            native_id=f"post/{number}" if number and not software.numbers_in_thread else None,
            by_native_id=True,
            title=title,
            text=text,
            author=author if opens_thread and position == 0 else None,
            posted_at=document.moment(stamp),
            posted_at_raw=stamp,
            language_hint=content.attributes.get("lang") or document.language,
            contacts=contacts,
            links=links,
        )
        postings.setdefault(posting.id, posting)
    facts = {"software": software.name, **({"first_author": first_author} if first_author else {})}
    return ParsedPage(
        family=FAMILY,
        title=title,
        postings=tuple(postings.values()),
        next_page=following,
        previous_page=preceding,
        rejected=tuple(rejected),
        facts=facts,
    )


def _title(document: PageDocument, software: Software) -> str | None:
    """Return the thread's title without the prefix label that some software prints before it."""
    for css in software.title.split(", "):
        for node in document.tree.css(css):
            labels = frozenset(label.mem_id for label in node.css(".prefix, .label, .label-append, .badge, .solved, .icon"))
            if title := prose.one_line(prose.text_of(node, skip=labels)):
                return title
    return document.heading


def _topics(document: PageDocument, software: Software) -> tuple[str, ...]:
    if not software.topics:
        return ()
    results: dict[str, None] = {}
    for css in software.topics.split(", "):
        for node in document.tree.css(css):
            address = document.absolute((node.attributes.get("href") or "").partition("#")[0])
            if address:
                results[re.sub(r"/(?:unread|latest)/?$", "/", address)] = None
        if results:
            break
    return tuple(results)


def _author(post: LexborNode, software: Software) -> str | None:
    for css in software.author.split(", "):
        if (node := post.css_first(css)) is not None and (name := prose.one_line(node.text())):
            return name
    return post.attributes.get("data-author") or None


def _stamp(post: LexborNode, software: Software) -> str | None:
    """Return when a post was made, as written: an attribute where there is one, else the shown words."""
    for css in software.date.split(", "):
        node = post.css_first(css) or _before(post, css)
        if node is None:
            continue
        attributes = node.attributes
        for name in ("datetime", "data-time", "title"):
            if (value := attributes.get(name)) and re.search(r"\d", value):
                return value
        said = prose.one_line(prose.text_of(node)) or ""
        said = said.rpartition("»")[2].strip() or said if "»" in said and not said.endswith("»") else said.strip("« »")
        if re.search(r"\d", said := _STAMP.sub("", said).strip()):
            return said[:100]
    return None


def _before(post: LexborNode, css: str) -> LexborNode | None:
    """Return the match in the element right before a post: bbPress prints the date in a row of its own."""
    sibling = post.prev
    while sibling is not None and not sibling.is_element_node:
        sibling = sibling.prev
    return sibling.css_first(css) if sibling is not None and "header" in (sibling.attributes.get("class") or "") else None


def _identity(node: LexborNode) -> str | None:
    name = node.attributes.get("id") or node.attributes.get("data-content") or ""
    return name if POST_ID.search(name) else None


def _number(node: LexborNode) -> str | None:
    attributes = node.attributes
    for name in ("id", "data-content", "data-post-id", "data-node-id"):
        if match := POST_ID.search(attributes.get(name) or ""):
            return match[1]
    classes = re.search(r"\bpost-(\d+)\b", attributes.get("class") or "")
    return classes[1] if classes else None


def _old_quotes(content: LexborNode) -> frozenset[int]:
    """Return the quotes of templates that mark them by words alone (vBulletin 3, subSilver): the block around "Quote:"."""
    names: set[int] = set()
    for node in content.css("div.smallfont, span.genmed, td.genmed, div.quoteheader"):
        if _QUOTED.match(node.text().strip()) and node.parent is not None:
            outer: LexborNode = node.parent
            while outer.tag in ("td", "tr", "tbody", "b") and outer.parent is not None:
                outer = outer.parent
            if outer.mem_id != content.mem_id:
                names.add(outer.mem_id)
    # a bare blockquote is a quote wherever the post's own text is not one
    names.update(node.mem_id for node in content.css("blockquote") if node.mem_id != content.mem_id)
    return frozenset(names)
