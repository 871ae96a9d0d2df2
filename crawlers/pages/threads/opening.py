"""Finds the post that opens a thread, by evidence only: the author of a reply is no advertiser.

Evidence: only this post has such a name (``question`` beside ``answer``), it is number 1, its number is the thread's, or its
text is the thread's text in the structured data. Without any of these the first on the page counts only when nothing speaks
against it, and for software that is not known only when it is also the earliest.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.node_path import TEXT_BODY, climb
from crawlers.pages.posting_fields import prose
from crawlers.pages.postings import job_posting_ld

OPENING_WORDS = frozenset(
    "question topic lead opening original starter submission discussion firstpost opener threadstarter".split()
)
REPLY_WORDS = frozenset(
    (
        "answer answers reply replies comment comments response responses solution solutions accepted best recommended promoted "
        "promotedlink sponsored featured suggested hot highlighted pinned popular helpful"
    ).split()
)
_ANSWERS = frozenset({"answer", "answers", "reply", "replies", "comment", "comments"})
_KINDS = frozenset({"discussionforumposting", "question", "socialmediaposting"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PLACE = re.compile(r"#\s*(\d{1,6})")
_NUMBER = re.compile(r"(\d{2,})(?!.*\d)")
_PLACES = 1000
"""When all numbers are larger, they count posts of the site, not of a thread."""
_COMPARED = 60
"""Letters in which a post and the text of the structured data must agree."""


class ThreadPost(NamedTuple):
    """A post of the page."""

    node: LexborNode
    content: LexborNode
    author: str | None
    stamp: str | None
    skip: frozenset[int] = frozenset()
    """Elements inside the content that are not its words."""


class DeclaredOpening(NamedTuple):
    """What structured data (JSON-LD) say of the post that opens the thread."""

    text: str
    author: str | None
    headline: str | None
    stamp: str | None


class _Signs(NamedTuple):
    """Signs of a post's place in its thread."""

    words: frozenset[str]
    place: int | None
    key: int | None
    moment: datetime | None


def words_of(node: LexborNode, names: tuple[str, ...] = ("class", "id", "itemtype", "itemprop")) -> frozenset[str]:
    """Return the words an element is called by, camel case taken apart, in lower case."""
    attributes = node.attributes
    said = " ".join(
        (attributes.get(name) or "").rpartition("/")[2] if name == "itemtype" else attributes.get(name) or "" for name in names
    )
    return frozenset(word.lower() for word in _WORD.findall(said[:1000]))


def opening_of(
    document: PageDocument, posts: Sequence[ThreadPost], *, known: bool, declared: DeclaredOpening | None
) -> int | None:
    """Return the index in ``posts`` of the opening post; None without evidence.

    ``known``: the software is, so that the first post of a page is the opening one unless something speaks against it.
    """
    signs = _signs(document, posts)
    if not known and _says(declared) and not any(_agrees(declared, post) for post in posts):
        return None  # structured data have the opening post, and the page does not show it as a post
    if comments := not known and _are_replies(posts, signs):
        signs = [sign._replace(place=None) for sign in signs]  # the first comment on something is number 1 too
    if known:  # some software calls every post a comment of its thread, and not in all templates
        signs = [sign._replace(words=sign.words - {"comment", "comments"}) for sign in signs]
    replies = {place for place, sign in enumerate(signs) if sign.words & REPLY_WORDS or sign.place not in (None, 1)}
    sure = {place for place, post in enumerate(posts) if _is_sure(document, post, signs[place], signs, declared)}
    if sure:
        keys = {signs[place].key if signs[place].key is not None else -place - 1 for place in sure}
        best = min(sure)
        return best if len(keys) == 1 and best not in replies else None
    first = next((place for place in range(len(posts)) if place not in replies), None)
    stands = first is not None and not comments and (known or _is_earliest(first, signs)) and not _is_contradicted(first, signs)
    return first if stands else None


def _says(declared: DeclaredOpening | None) -> bool:
    return declared is not None and len(declared.text) >= _COMPARED


def _are_replies(posts: Sequence[ThreadPost], signs: Sequence[_Signs]) -> bool:
    """Whether every post is called a reply, by itself, and they are numbered or microdata say it: the opening is elsewhere."""
    said = any(sign.place == 1 for sign in signs) or all("itemtype" in post.node.attributes for post in posts)
    return said and len(posts) > 1 and all(words_of(post.node) & _ANSWERS for post in posts)


def _signs(document: PageDocument, posts: Sequence[ThreadPost]) -> list[_Signs]:
    """Return the signs of each post; words that all posts share are left out."""
    called = names_of(posts)
    shared = frozenset.intersection(*called) if len(called) > 1 else frozenset()
    places = [_place(post) for post in posts]
    if min((place for place in places if place is not None), default=0) > _PLACES:
        places = [None] * len(posts)
    before = called[: places.index(1)] if 1 in places else []
    if any(place is None and not words & REPLY_WORDS for place, words in zip(places, before, strict=False)):
        places = [place and place + 1 for place in places]  # the replies alone are numbered
    return [
        _Signs(words - shared, place, _key(post), document.moment(post.stamp) if post.stamp else None)
        for post, words, place in zip(posts, called, places, strict=True)
    ]


def names_of(posts: Sequence[ThreadPost]) -> list[frozenset[str]]:
    """Return the words each post is called by: its own, its content's, and those of the elements around it that hold no other
    post, or no other than replies."""
    holders: dict[int, list[int]] = {}
    chains = [[post.node, *climb(post.node.parent, 30, until=TEXT_BODY)] for post in posts]
    for place, chain in enumerate(chains):
        for node in chain:
            holders.setdefault(node.mem_id, []).append(place)
    words = {node.mem_id: words_of(node) for chain in chains for node in chain}
    called = [
        words[chain[0].mem_id].union(
            words_of(post.content), *(words[node.mem_id] for node in chain[1:] if len(holders[node.mem_id]) == 1)
        )
        for post, chain in zip(posts, chains, strict=True)
    ]
    replies = {place for place, names in enumerate(called) if names & REPLY_WORDS}
    for held, places in holders.items():
        left = [place for place in places if place not in replies]
        if len(places) > 1 and len(left) == 1 and not words[held] & REPLY_WORDS:
            called[left[0]] |= words[held] & OPENING_WORDS
    return called


def _place(post: ThreadPost) -> int | None:
    """Return the place in the thread that a post shows (``#1``); a number of the site is none."""
    for node in post.node.css("a, strong, span"):
        if (match := _PLACE.fullmatch(node.text().strip())) and (place := int(match[1])) != _key(post):
            return place
    return None


def _key(post: ThreadPost) -> int | None:
    attributes = post.node.attributes
    names = ("id", "data-content", "data-post-id", "data-fullname", "data-questionid", "data-answerid", "data-id", "data-pid")
    found = (_NUMBER.search(attributes.get(name) or "") for name in names)
    match = next(filter(None, found), None) or _NUMBER.search(post.content.attributes.get("id") or "")
    return int(match[1]) if match else None


def _is_sure(
    document: PageDocument, post: ThreadPost, sign: _Signs, signs: Sequence[_Signs], declared: DeclaredOpening | None
) -> bool:
    if _agrees(declared, post):
        return True
    if sign.words & REPLY_WORDS:
        return False
    if sign.place == 1:
        return True
    if sign.words & OPENING_WORDS and (
        len(signs) == 1 or all(other is sign or not other.words & OPENING_WORDS or other.words & REPLY_WORDS for other in signs)
    ):
        return True
    path = document.url.partition("://")[2].partition("/")[2]
    numbers = {int(number) for number in re.findall(r"\d{4,}", path)}
    return sign.key is not None and sign.key in numbers and sum(other.key == sign.key for other in signs) == 1


def _agrees(declared: DeclaredOpening | None, post: ThreadPost) -> bool:
    return declared is not None and _agree(declared.text, prose.text_of(post.content, skip=post.skip))


def _agree(text: str, other: str) -> bool:
    mine, its = (re.sub(r"\W+", "", said).casefold()[:_COMPARED] for said in (text, other))
    return len(mine) >= 15 and (mine == its or (len(its) >= 15 and (mine.startswith(its) or its.startswith(mine))))


def _is_contradicted(place: int, signs: Sequence[_Signs]) -> bool:
    """Whether another post was made before this one, by its time or by the number of the site."""
    mine = signs[place]
    if any(mine.moment and other.moment and other.moment < mine.moment for other in signs):
        return True
    return any(
        mine.key and other.key and other.key < mine.key
        for other in signs
        if other.words & OPENING_WORDS == mine.words & OPENING_WORDS
    )


def _is_earliest(place: int, signs: Sequence[_Signs]) -> bool:
    """Whether every post has a time and all others were made after this one."""
    mine = signs[place].moment
    others = [sign.moment for at, sign in enumerate(signs) if at != place]
    return mine is not None and bool(others) and all(moment is not None and moment > mine for moment in others)


def declared_opening(document: PageDocument) -> DeclaredOpening | None:
    """Return the opening post in JSON-LD; None when it has none or several."""
    if not any(kind in document.text for kind in ("DiscussionForumPosting", "QAPage", "SocialMediaPosting")):
        return None
    found = [
        facts
        for block in job_posting_ld.blocks(document.text)
        if any(kind in block for kind in ("DiscussionForumPosting", "Question", "SocialMediaPosting"))
        for facts in _thread_things(job_posting_ld.read(block)[0], 0)
    ]
    if len(found) != 1:
        return None
    facts = found[0]
    text = next((str(facts[name]) for name in ("text", "articleBody", "description") if isinstance(facts.get(name), str)), "")
    author = facts.get("author")
    author = author[0] if isinstance(author, list) and len(author) == 1 else author
    name = author.get("name") if isinstance(author, Mapping) else author
    return DeclaredOpening(
        text=prose.text_of_html(text),
        author=prose.one_line(name) if isinstance(name, str) else None,
        headline=next((said for key in ("headline", "name") if (said := prose.one_line(str(facts.get(key) or "")))), None),
        stamp=next((str(facts[key]) for key in ("datePublished", "dateCreated") if facts.get(key)), None),
    )


def _thread_things(value: Any, depth: int) -> list[Mapping[str, Any]]:
    """Return the things of a kind that opens a thread, not those inside another (comments are postings to some)."""
    if depth > 6:
        return []
    if isinstance(value, list):
        return [thing for item in value for thing in _thread_things(item, depth + 1)]
    if not isinstance(value, Mapping):
        return []
    kinds = value.get("@type")
    if {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])} & _KINDS:
        return [value]
    return [
        thing for name in ("@graph", "mainEntity", "mainEntityOfPage") for thing in _thread_things(value.get(name), depth + 1)
    ]
