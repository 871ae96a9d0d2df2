"""The title of a thread: what its page is called where that names the thread, and not the site, its menu or its log-in."""

import re

from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import prose

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
    outer: LexborNode | None = node
    for _ in range(30):
        if outer is None:
            return False
        if outer.mem_id in posts:
            return True
        outer = outer.parent
    return False
