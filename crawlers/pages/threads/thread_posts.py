"""Finds the posts of a thread whatever software wrote it: elements that hold a writer, a time and words of their own.

Used where the table of software (``forum_software``) knows none. Which of the posts opens the thread: ``opening``.
"""

import re

from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.node_path import TEXT_BODY, climb
from crawlers.pages.posting_fields import prose
from crawlers.pages.threads.opening import OPENING_WORDS, REPLY_WORDS, ThreadPost, names_of, words_of

_AUTHORS = (
    "[itemprop='author'], [itemprop='creator'], [rel~='author'], [class*='uthor'], [class*='user'], [class*='User'], "
    "[class*='nick'], [class*='poster'], [class*='creator'], a[href*='/user'], a[href*='/u/'], a[href*='/member'], "
    "a[href*='/profile'], a[href*='user?id=']"
)
_WRITER = frozenset({"author", "username", "user", "nickname", "nick", "poster", "creator", "hnuser"})
_TIMES = (
    "time, relative-time, [datetime], [itemprop='datePublished'], [itemprop='dateCreated'], [class*='date'], [class*='Date'], "
    "[class*='time'], [class*='ago'], [class~='age'], [class*='when'], [class*='posted']"
)
_TIME_WORDS = frozenset({"date", "time", "ago", "age", "posted", "when"})
_BLOCK = OPENING_WORDS | REPLY_WORDS | {"post", "message", "msg", "thing", "athing", "entry", "node", "postlist", "item"}
_CONTENT = frozenset({"content", "body", "text", "message", "md", "prose", "cooked", "entry", "description", "copy", "paragraph"})
_MARKED_CONTENT = "[itemprop='text'], [itemprop='articleBody'], [itemprop='description'], [data-role='commentContent']"
_OPENERS = "[itemtype$='/Question'], [itemtype$='/DiscussionForumPosting'], [itemtype$='/SocialMediaPosting']"
_SCOPES = f"{_OPENERS}, [itemtype$='/Answer'], [itemtype$='/Comment']"
_ADVERTISED = frozenset({"promoted", "promotedlink", "sponsored", "advertisement"})
"""Names of what a site is paid to show between posts."""
_DEEPEST = 150
"""Levels of nesting; a thread of answers to answers has under 100."""
_MOST, _CLIMB, _LONGEST_NAME = 600, 10, 60
_LEAST_WORDS = 15
"""Characters a post has beside its writer's name and its time."""
_MEASURED = 4000
"""Nodes looked at to measure what an element says."""


def thread_posts(document: PageDocument) -> list[ThreadPost]:
    """Return the posts in the order of the page; none for a page that is no thread (a list of threads, a blog, an advert)."""
    if prose.is_deeper(document.body, _DEEPEST):
        return []
    if marked := _marked_posts(document):
        return marked
    found = {node.mem_id: node for node in document.tree.css(_AUTHORS)}
    authors = [node for node in found.values() if _is_author(node)][:_MOST]
    times = {node.mem_id for node in document.tree.css(_TIMES) if _is_time(node, document)}
    if len(authors) < 2 or not times:
        return []
    blocks: dict[int, LexborNode] = {}
    for author in authors:
        if (block := _block_of(author, times)) is not None:
            blocks.setdefault(block.mem_id, block)
    aside = frozenset({*times, *(author.mem_id for author in authors)})
    posts = [post for block in blocks.values() if (post := _post(block, blocks.keys(), aside, times)) is not None]
    order = {node.mem_id: place for place, node in enumerate(document.tree.css("*"))}
    posts.sort(key=lambda post: order[post.node.mem_id])
    posts = [post for post, names in zip(posts, names_of(posts), strict=True) if not names & _ADVERTISED]
    return posts if _is_thread(posts) else []


def _marked_posts(document: PageDocument) -> list[ThreadPost]:
    """Return the posts that schema.org microdata mark; none where they do not mark exactly one that opens a thread."""
    if "itemtype" not in document.text:
        return []
    scopes = {node.mem_id: node for node in document.tree.css(_SCOPES)}
    openers = {node.mem_id for node in document.tree.css(_OPENERS)}
    parts: dict[int, dict[str, list[LexborNode]]] = {}
    for node in document.tree.css("[itemprop]"):
        scope = next((outer for outer in climb(node.parent, _DEEPEST, until=()) if outer.mem_id in scopes), None)
        if scope is not None:
            for name in (node.attributes.get("itemprop") or "").split():
                parts.setdefault(scope.mem_id, {}).setdefault(name, []).append(node)
    posts: list[ThreadPost] = []
    for key, named in parts.items():
        said = [node for name in ("text", "articleBody") for node in named.get(name, ()) if node.text().strip()]
        if said:
            names = {who for node in named.get("author", ()) if (who := _name(node))}
            stamps = [
                stamp for name in ("dateCreated", "datePublished") for node in named.get(name, ()) if (stamp := _written(node))
            ]
            skip = frozenset(node.mem_id for node in said[0].css(_SCOPES))
            author = names.pop() if len(names) == 1 else None
            if not named.get("author") and len(scopes[key].css(_SCOPES)) == 1:  # itself: no name of another post is inside
                author = _writer(scopes[key], set())[0]
            posts.append(ThreadPost(scopes[key], said[0], author, stamps[0] if stamps else None, skip))
    return posts if sum(post.node.mem_id in openers for post in posts) == 1 else []


def _is_author(node: LexborNode) -> bool:
    attributes = node.attributes
    if not 0 < len(node.text().strip()) <= _LONGEST_NAME or node.css_first("time") is not None:
        return False
    if (attributes.get("itemprop") or "") in ("author", "creator") or "href" in attributes:
        return True
    named = words_of(node, ("class",))
    return bool(named & _WRITER) and not named & (_CONTENT | _TIME_WORDS)


def _is_time(node: LexborNode, document: PageDocument) -> bool:
    attributes = node.attributes
    if node.tag in ("time", "relative-time") or "datetime" in attributes or (attributes.get("itemprop") or "").startswith("date"):
        return True
    said = node.text().strip()
    if len(said) > _LONGEST_NAME or any(inner.mem_id != node.mem_id for inner in node.css("p, div, li")):
        return False
    if words_of(node, ("class",)) & _TIME_WORDS and re.search(r"\d", said):
        return True
    return any(
        document.moment(value) is not None for value in (attributes.get("title"), attributes.get("data-time"), said) if value
    )


def _block_of(author: LexborNode, times: set[int]) -> LexborNode | None:
    """Return the nearest element around a writer's name that is called a post and holds a time and other words."""
    for node in climb(author.parent, _CLIMB, until=TEXT_BODY):
        if (
            node.tag not in ("header", "footer")
            and (words_of(node) & _BLOCK or _has_number(node))
            and any(inner.mem_id in times for inner in node.css(_TIMES))
        ):
            said = prose.text_of(node, skip=frozenset({author.mem_id, *times}), most=_MEASURED)
            if len(said.replace(author.text().strip(), "")) >= _LEAST_WORDS:
                return node
    return None


def _has_number(node: LexborNode) -> bool:
    return bool(re.search(r"\d{2}", node.attributes.get("id") or ""))


def _post(block: LexborNode, blocks: object, aside: frozenset[int], times: set[int]) -> ThreadPost | None:
    assert hasattr(blocks, "__contains__")
    inner = [node for node in block.css("*") if node.mem_id != block.mem_id and node.mem_id in blocks]
    nested = frozenset(node.mem_id for node in inner)
    covered = {node.mem_id for other in inner for node in other.css("*")} | nested
    content = _content(block, covered, aside)
    skip = nested if content.mem_id != block.mem_id else nested | aside
    text = prose.text_of(content, skip=skip)
    if len(text) < _LEAST_WORDS:
        return None
    name, node = _writer(block, covered)
    return ThreadPost(node=block, content=content, skip=skip, author=name, stamp=_stamp(node, block, times, covered))


def _content(block: LexborNode, covered: set[int], aside: frozenset[int]) -> LexborNode:
    """Return the element of a post that holds its words: the marked one, else the one named so that says most, else the one
    that holds most of them, else the post."""
    marked = [node for node in block.css(_MARKED_CONTENT) if node.mem_id not in covered]
    if marked:
        return marked[0]
    plain = [
        node
        for node in block.css("div, p, section, blockquote, td, span, article")
        if node.mem_id != block.mem_id
        and node.mem_id not in covered
        and not any(inner.mem_id in aside for inner in node.css(f"{_AUTHORS}, {_TIMES}"))
    ]
    named = [node for node in plain if words_of(node, ("class", "id")) & _CONTENT]
    if named:
        return max(named, key=lambda node: len(node.text()))
    headings = frozenset(node.mem_id for node in block.css("h1, h2, h3, h4"))
    whole = len(prose.text_of(block, skip=aside | covered | headings, most=_MEASURED))
    longest = max(plain, key=lambda node: len(node.text()), default=block)
    return longest if 2 * len(longest.text()) >= whole else block


def _writer(block: LexborNode, covered: set[int]) -> tuple[str | None, LexborNode]:
    """Return the author of a post and the element that names him; None when two names are possible (editor, quoted author)."""
    found = {node.mem_id: node for node in block.css(_AUTHORS) if node.mem_id not in covered and _is_author(node)}
    marked = [node for node in found.values() if (node.attributes.get("itemprop") or "") in ("author", "creator")]
    called = [node for node in found.values() if words_of(node, ("class",)) & _WRITER]
    for tier in (marked, called, list(found.values())):
        names = {name for node in tier if (name := _name(node))}
        if names:
            return (names.pop() if len(names) == 1 else None), tier[0]
    return block.attributes.get("data-author") or None, block


def _name(node: LexborNode) -> str | None:
    for css in ("[itemprop='name']", "a[href]"):
        if (inner := node.css_first(css)) is not None and (name := prose.one_line(inner.text())):
            return name
    return prose.one_line(node.text())


def _stamp(writer: LexborNode, block: LexborNode, times: set[int], covered: set[int]) -> str | None:
    """Return the time nearest to the author's name; the editor's name may have another time beside it."""
    around: LexborNode | None = writer
    while around is not None:
        found = [node for node in around.css(_TIMES) if node.mem_id in times and node.mem_id not in covered]
        if found:
            return _written(found[0])
        around = around.parent if around.mem_id != block.mem_id else None
    return None


def _written(node: LexborNode) -> str | None:
    """Return the time an element has, as written: an attribute where there is one, else the shown words."""
    written = (node.attributes.get(name) for name in ("datetime", "data-time", "title", "content"))
    machine = next((value for value in written if value and re.search(r"\d", value)), None)
    return machine or (prose.one_line(node.text()) or "")[:100] or None


def _is_thread(posts: list[ThreadPost]) -> bool:
    """Whether posts are a thread's: two or more, some called answers or numbered in a row, each more than a link to a page."""
    if len(posts) < 2:
        return False
    links = sum(_is_link(post) for post in posts)
    if 2 * links > len(posts) or any(_is_article(post.node) for post in posts):
        return False
    called = sum(bool(names & (REPLY_WORDS | {"post", "message", "msg"})) for names in names_of(posts))
    return 2 * called >= len(posts)


def _is_article(node: LexborNode) -> bool:
    """Whether a post is what WordPress calls an entry: a page of its own with comments, or one of a blog."""
    return any("hentry" in (outer.attributes.get("class") or "") for outer in climb(node, 4))


def _is_link(post: ThreadPost) -> bool:
    """Whether most of what a post says is a heading that leads to another page: a row of an index."""
    said = len(prose.text_of(post.content, skip=post.skip))
    linked = sum(
        len(node.text()) for node in post.content.css("a[href]") if not (node.attributes.get("href") or "").startswith("#")
    )
    heading = post.node.css_first("h1 a[href], h2 a[href], h3 a[href]")
    return 2 * linked > said or (heading is not None and heading.text().strip() not in (post.author or "", ""))
