"""Forum threads and indexes, of common software by its table, of others by what posts look like: one Posting per post.

Only the opening post of a thread carries its author, because adverts are opening posts. Finding it needs evidence
(``opening``); it comes first in the result. Authors of replies are never recorded. Quotes and signatures are left out.
"""

import re
from urllib.parse import urlsplit

from msgspec import UNSET
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from crawlers.items import REPLY, ParsedPage, Posting, Reject
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import listing, pager
from crawlers.pages.node_path import climb
from crawlers.pages.posting_fields import prose
from crawlers.pages.threads.forum_software import POST_ID, QUOTES, SOFTWARE, Software
from crawlers.pages.threads.opening import DeclaredOpening, ThreadPost, declared_opening, opening_of
from crawlers.pages.threads.thread_posts import thread_posts
from foundation.url_template import page_number

FAMILY = "forum"
UNKNOWN = "unknown"
_STAMP = re.compile(r"(?:«|»|发表于|發表於|posted(?: on)?:?|reply #?\d+ on:|on:|đăng lúc|gửi lúc|wrote on)\s*", re.I)
_QUOTED = re.compile(r"^(?:quote|originally posted by|trích|引用|kutipan|อ้างอิง|citation|citar|цитата|zitat)\b", re.I)


def speaks(document: PageDocument) -> bool:
    """Tell whether the page is a thread or an index of a known forum software, or a thread of another."""
    return any(_has(document, software) for software in SOFTWARE) or bool(thread_posts(document)) or _declares(document)


def parse(document: PageDocument) -> ParsedPage:
    """Return a thread's posts, the opening one first, or an index's thread addresses, with the pages before and after."""
    following, preceding = pager.pages(document)
    page = ParsedPage(family=FAMILY, next_page=following, previous_page=preceding)
    for software in SOFTWARE:
        if not any(mark in document.text for mark in software.marks):
            continue
        if posts := _posts(document, software):
            return _thread(document, software, posts, page)
        if links := _topics(document, software):
            title = _title(document, software) or document.heading
            return replace(page, title=title, links=links, facts={"software": software.name})
    if (posts := thread_posts(document)) or _declares(document):
        return _thread(document, None, posts, page)
    return replace(page, title=document.heading, links=tuple(listing.detail_links(document)))


def _declares(document: PageDocument) -> bool:
    declared = declared_opening(document)
    return declared is not None and bool(declared.text)


def _has(document: PageDocument, software: Software) -> bool:
    if not any(mark in document.text for mark in software.marks):
        return False
    return bool(_posts(document, software)) or (bool(software.topics) and document.tree.css_first(software.topics) is not None)


def _posts(document: PageDocument, software: Software) -> list[ThreadPost]:
    """Return the posts; one inside another match of the same selector is counted once."""
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
    return [ThreadPost(post, content, _author(post, software), _stamp(post, software)) for post, content in numbered or results]


def _thread(document: PageDocument, software: Software | None, posts: list[ThreadPost], page: ParsedPage) -> ParsedPage:
    declared = declared_opening(document)
    opens_thread = not _is_later(document, page)
    posts, first = _opening_first(document, _each_once(posts), software, declared, asked=opens_thread)
    title = _thread_name(document, software, declared, posts, first)
    unopened = opens_thread and first is None
    read = [
        _posting(document, post, at, software, title=title, author=_author_of(post, declared) if post.node is first else None)
        for at, post in enumerate(posts)
    ]
    entries = [
        entry if post.node is first else replace(entry, form=REPLY, title=None, thread_title=title or UNSET)
        for post, entry in zip(posts, read, strict=True)
        if isinstance(entry, Posting)
    ]
    if unopened and declared and declared.text:
        entries.insert(0, _declared_posting(document, declared, title))
    author = posts[0].author if posts and (first is not None or (software and not opens_thread)) else None
    said = {"first_author": author, "opening": UNKNOWN if unopened and not declared else None}
    facts = {"software": software.name if software else UNKNOWN} | {name: value for name, value in said.items() if value}
    rejected = tuple(entry for entry in read if isinstance(entry, Reject))
    return replace(page, title=title, postings=_once(entries), rejected=rejected, facts=facts)


def _is_later(document: PageDocument, page: ParsedPage) -> bool:
    """Whether a page continues a thread: by its number, or by a page before it that is not page 1 itself nor the forum above,
    whose address has neither the number of the thread nor the form of its address."""
    if (page_number(document.url) or 1) > 1:
        return True
    if page.previous_page is None or (page.next_page and page_number(page.next_page) == 2):
        return False
    numbers, others = (set(re.findall(r"\d{3,}", address)) for address in (document.url, page.previous_page))
    forms = {re.sub(r"\d+", "", urlsplit(address).path) for address in (document.url, page.previous_page)}
    return not numbers or bool(numbers & others) or len(forms) == 1


def _opening_first(
    document: PageDocument, posts: list[ThreadPost], software: Software | None, declared: DeclaredOpening | None, *, asked: bool
) -> tuple[list[ThreadPost], LexborNode | None]:
    """Return the posts with the opening one first, and its node; as they are, and None, where none is known or ``asked`` for."""
    opening = opening_of(document, posts, known=software is not None, declared=declared) if asked else None
    if opening is None:
        return posts, None
    return [posts[opening], *posts[:opening], *posts[opening + 1 :]], posts[opening].node


def _thread_name(
    document: PageDocument,
    software: Software | None,
    declared: DeclaredOpening | None,
    posts: list[ThreadPost],
    opening: LexborNode | None,
) -> str | None:
    others = frozenset(post.node.mem_id for post in posts if post.node is not opening)
    shown = _title(document, software) if software else None
    return thread_title(document, shown, declared.headline if declared else None, opening, others)


def _once(postings: list[Posting]) -> tuple[Posting, ...]:
    """Return the postings without later ones of the same id."""
    results: dict[str, Posting] = {}
    for posting in postings:
        results.setdefault(posting.id, posting)
    return tuple(results.values())


def _each_once(posts: list[ThreadPost]) -> list[ThreadPost]:
    """Return the posts without the copy of one that is shown above the others as the best answer."""
    last = {(post.author, post.stamp, post.content.text()): at for at, post in enumerate(posts)}
    kept = frozenset(last.values())
    return [post for at, post in enumerate(posts) if at in kept]


def _posting(
    document: PageDocument, post: ThreadPost, position: int, software: Software | None, *, title: str | None, author: str | None
) -> Posting | Reject:
    number = _number(post.node) or _number(post.content)
    anchor = next((name for name in (_identity(post.node), _identity(post.content)) if name), None) or f"post-{position + 1}"
    content = post.content
    quotes = frozenset(node.mem_id for node in content.css(QUOTES) if node.mem_id != content.mem_id)
    skip = post.skip | quotes | _old_quotes(content)
    text = prose.text_of(content, skip=skip)
    address = f"{document.address}#{anchor}"
    if not text:
        return Reject(url=address, reason="no_text", detail="only quotes, pictures or a signature")
    contacts, links = page_urls.of(content, document.base, skip=skip)
    return document.posting(
        address,
        native_id=f"post/{number}" if number and software and not software.numbers_in_thread else None,
        by_native_id=True,
        title=title,
        text=text,
        author=author,
        posted_at=document.moment(post.stamp),
        posted_at_raw=post.stamp,
        language_hint=content.attributes.get("lang") or document.language,
        contacts=contacts,
        links=links,
    )


def _author_of(post: ThreadPost, declared: DeclaredOpening | None) -> str | None:
    """Return who opened the thread, as the page and its structured data have it; None where they differ."""
    told = declared.author if declared else None
    return (post.author or told) if not (post.author and told) or post.author.casefold() == told.casefold() else None


def _declared_posting(document: PageDocument, declared: DeclaredOpening, title: str | None) -> Posting:
    """Return the opening post as structured data have it, where none of the posts shown is it."""
    return document.posting(
        document.address,
        title=title,
        text=declared.text,
        author=declared.author,
        posted_at=document.moment(declared.stamp),
        posted_at_raw=declared.stamp,
    )


def _title(document: PageDocument, software: Software) -> str | None:
    """Return the thread's title without the prefix label that some software prints before it."""
    for css in software.title.split(", "):
        for node in document.tree.css(css):
            labels = frozenset(label.mem_id for label in node.css(".prefix, .label, .label-append, .badge, .solved, .icon"))
            if title := prose.one_line(prose.text_of(node, skip=labels)):
                return title
    return None


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


_GENERIC = re.compile(
    r"(?:home|home ?page|log ?in|sign ?(?:in|up)|register|forums?|community|index|search|menu|welcome|untitled|discussions?|"
    r"topics?|threads?|questions?|answers?|repl(?:y|ies)|comments?|posts?|view (?:topic|thread|post)|post reply|new topic|"
    r"navigation|error|loading\W*|just a moment\W*|\d+ (?:answers?|comments?|repl(?:y|ies))|recommended posts|accepted solution|"
    r"best answer|trang chủ|đăng nhập|đăng ký|diễn đàn|bình luận|trả lời|首页|首頁|登录|登錄|登入|注册|註冊|论坛|論壇|หน้าแรก|"
    r"เข้าสู่ระบบ|กระทู้|beranda|masuk|daftar|accueil|connexion|inicio|iniciar sesión|início|entrar|главная|войти|вход|форум|"
    r"ホーム|ログイン|홈|로그인)\W*",
    re.I,
)
_SECTIONS = frozenset({"forum", "forums", "community", "discussions", "diễn đàn", "форум", "论坛", "論壇"})
_LONGEST = 300
_SITE = re.compile(r"(?:\s+[|–—·•»:-]+\s+|\s*[|_｜]\s*)[^|–—·•»_｜]{1,60}$")
"""What a page's title ends with: the name of the site or of its section."""


def thread_title(
    document: PageDocument, shown: str | None, declared: str | None, opening: LexborNode | None, replies: frozenset[int]
) -> str | None:
    """Return the title of a thread; None when all that could be it is generic.

    In this order: ``shown`` where its software prints it, ``declared`` in structured data, a heading outside of ``replies`` that
    the page's title or og:title repeats, the main heading, a heading in the ``opening`` post, og:title, the page's title.
    """
    tree = document.tree
    site = (_meta(document, "og:site_name") or "").casefold()

    def names_thread(text: str | None) -> bool:
        return (
            bool(text) and len(text or "") <= _LONGEST and not _GENERIC.fullmatch(text or "") and (text or "").casefold() != site
        )

    if names_thread(shown):
        return shown
    node = tree.css_first("title")
    whole, social = prose.one_line(node.text()) if node is not None else None, _meta(document, "og:title")
    page_titles = [said for said in (whole, social) if said]
    headings = [
        said
        for node in tree.css("h1, h2, h3, [itemprop='headline']")
        if not _inside(node, replies) and (said := document.line(node))
    ]
    confirmed = [said for said in headings if any(said.casefold() in title.casefold() for title in page_titles)]
    confirmed.sort(key=lambda said: min(title.casefold().find(said.casefold()) % _LONGEST for title in page_titles))
    parts = [_SITE.sub("", title[:_LONGEST]) for title in page_titles[::-1] if not _ends_generic(title)]
    main = [said for node in tree.css("h1") if (said := document.line(node))]
    inner = [said for node in opening.css("h1, h2, h3") if (said := document.line(node))] if opening is not None else []
    return next(filter(names_thread, (declared, *confirmed, *main, *inner, *parts)), None)


def _ends_generic(title: str) -> bool:
    """Whether a title's last part is the name of a page and not of a site: ``Sample Forum - Login``."""
    cut = _SITE.search(title)
    last = cut[0].strip(" |–—·•»:_｜-") if cut else ""
    return _GENERIC.fullmatch(last) is not None and last.casefold() not in _SECTIONS


def _meta(document: PageDocument, name: str) -> str | None:
    node = document.tree.css_first(f"meta[property='{name}']")
    return prose.one_line(node.attributes.get("content")) if node is not None else None


def _inside(node: LexborNode, posts: frozenset[int]) -> bool:
    return any(outer.mem_id in posts for outer in climb(node, 30, until=()))
