"""Telegram and boards on loopback; every request is counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple, Protocol

from tests.loopback import Answer, Request, serve_answers

DAY = datetime(2026, 9, 1, tzinfo=UTC)


class Post(NamedTuple):
    """One post of a channel or advert of a board."""

    text: str
    at: datetime
    forwarded_from: str = ""
    links: tuple[str, ...] = ()


def channel_page(name: str, posts: Sequence[Post]) -> str:
    """Return the public preview of a channel."""
    return '<div class="tgme_channel_info"></div>' + "".join(_message(f"{name}/{at}", post) for at, post in enumerate(posts, 1))


def _message(native: str, post: Post) -> str:
    forward = f'<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/{post.forwarded_from}">x</a>'
    return (
        f'<div class="tgme_widget_message" data-post="{native}">{forward if post.forwarded_from else ""}'
        f'<div class="tgme_widget_message_text">{escape(post.text)} {_anchors(post)}</div>'
        f'<a class="tgme_widget_message_date"><time datetime="{post.at.isoformat()}"></time></a></div>'
    )


def _anchors(post: Post) -> str:
    return " ".join(f'<a href="{link}">{link}</a>' for link in post.links)


class Pages(Protocol):
    """What is served."""

    def page(self, path: str, board: str = "") -> str | None:
        """Return what is served at a path of Telegram, or of a board; None for what is not there."""


class LoopbackWeb:
    """Telegram and boards on loopback; ``requests`` counts pages by place."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.network: Pages | None = None
        self.telegram = ""
        self.boards: list[str] = []

    def answer(self, server: str, path: str) -> str | None:
        """Return a page, counted for its place."""
        assert self.network is not None
        board = server if server in self.boards else ""
        if path != "/robots.txt":
            self.requests[board or path.removeprefix("/s/")] += 1
        return None if path == "/robots.txt" else self.network.page(path, board)


@contextmanager
def loopback_web(boards: int) -> Iterator[LoopbackWeb]:
    """Yield the servers; they are gone afterwards."""
    web = LoopbackWeb()

    def answer(request: Request) -> Answer:
        body = web.answer(f"http://{request.headers['Host']}/", request.path)
        return 404 if body is None else 200, {"Content-Type": "text/html; charset=utf-8"}, (body or "").encode()

    with ExitStack() as stack:
        addresses = [f"{stack.enter_context(serve_answers(answer))}/" for _ in range(boards + 1)]
        web.telegram, web.boards = addresses[0], addresses[1:]
        yield web
