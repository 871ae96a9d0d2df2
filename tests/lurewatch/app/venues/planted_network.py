"""A planted network of 60 places: channels, boards, groups and accounts of crews, decoys, honest and warning places.

Texts are labelled ones with planted contacts in them; every page is served on loopback and every request is counted.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import NamedTuple

from enrichment.contacts.extract import contacts
from enrichment.language.detect import language
from enrichment.text.views import Views
from lurewatch.app.lures.labelled_listings import Listing, listings
from tests.loopback import Answer, Request, serve_answers

FILES = ("listings-dev.jsonl", "listings-grown.jsonl", "listings-own.jsonl")
HONEST, WARNING = ("benign_job", "overseas_legit_job"), ("warning", "news")
DAY = datetime(2026, 9, 1, tzinfo=UTC)
CREWS, RENAMED = 6, 3


class Post(NamedTuple):
    """One post of a channel or advert of a board."""

    text: str
    at: datetime
    forwarded_from: str = ""
    links: tuple[str, ...] = ()


class PlantedNetwork:
    """The places by name, what is posted in each, and which are lure places."""

    def __init__(self, folder: Path, boards: Sequence[str]) -> None:
        """Plant with the labelled texts of ``folder``; ``boards`` are nine addresses: three of crews, six honest."""
        self._chance = random.Random(5)
        self._texts: dict[str, list[Listing]] = defaultdict(list)
        for listing in (item for name in FILES for item in listings(folder / name) if item.evasion == "none"):
            self._texts["lure" if listing.label else listing.kind].append(listing)
        for texts in self._texts.values():
            self._chance.shuffle(texts)
        self.posts: dict[str, list[Post]] = defaultdict(list)
        self.lure_boards, self.honest_boards = boards[:3], boards[3:]
        self.lure_channels = [f"sample_{letter}_crew{crew}" for letter in "abc" for crew in range(CREWS)]
        self.old_names = [f"sample_old_crew{crew}" for crew in range(RENAMED)]
        self.accounts = [f"sample_hr_crew{crew}" for crew in range(CREWS)]
        self.honest = [f"sample_honest_{n}" for n in range(10)]
        self.warners = [f"sample_warner_{n}" for n in range(6)]
        self.decoys = [f"sample_visa_info_{n}" for n in range(6)]
        self.groups = ["chat.whatsapp.com/SampleOne", "chat.whatsapp.com/SampleTwo"]
        self._plant()

    @property
    def size(self) -> int:
        """How many places there are."""
        channels = (self.lure_channels, self.old_names, self.accounts, self.honest, self.warners, self.decoys)
        return sum(map(len, (*channels, self.groups, self.lure_boards, self.honest_boards)))

    def _plant(self) -> None:
        for crew in range(CREWS):
            self._crew(crew)
        for number, decoy in enumerate(self.decoys):
            self._ordinary("sample_start", [f"Visa news: @{decoy}"] * 4)
            for place in range(2):
                self._lure("sample_start", (number + place) % CREWS, f"Visa news: @{decoy}")
        for number, board in enumerate(self.honest_boards):
            self._ordinary("sample_start", [""] * 4, links=(f"{board}jobs/{number}",))
            self._lure("sample_start", number, links=(f"{board}jobs/x",))
        for number, name in enumerate(self.honest):
            self._ordinary(
                name, [f"More: @{self.honest[(number + 1) % 10]}", f"Fraud? Write to @{self.warners[number % 6]}", "", ""]
            )
            self._warning(name, number % CREWS)
        for number, name in enumerate(self.warners):
            for crew in (number, number + 1):
                self._warning(name, crew % CREWS)

    def _crew(self, crew: int) -> None:
        first, second, third = (f"sample_{letter}_crew{crew}" for letter in "abc")
        for place in range(3):
            self._lure("sample_start", crew, "" if place else f"@{first}", forwarded_from=first if place else "")
        if crew < RENAMED:
            for _ in range(2):
                self._lure("sample_start", crew, forwarded_from=f"sample_old_crew{crew}", day=-200)
        for here, there in ((first, second), (second, third), (third, first)):
            for place in range(7):
                self._lure(here, crew, forwarded_from=there if place in (2, 4, 5) else "", day=30)
        if crew < RENAMED:  # the new name posts again what the old one did
            old = [post for post in self.posts["sample_start"] if post.forwarded_from == f"sample_old_crew{crew}"]
            again = [post._replace(at=DAY + timedelta(days=31), forwarded_from=third) for post in old]
            self.posts[second] += again
        self._beside(crew, first)

    def _beside(self, crew: int, first: str) -> None:
        """Plant the board and the group that a crew's first channel leads to."""
        if crew < len(self.lure_boards):
            board = self.lure_boards[crew]
            for _ in range(3):
                self._lure(first, crew, links=(f"{board}jobs/1",), day=30)
            for _ in range(5):
                self._lure(board, crew, day=32)
        if crew < len(self.groups):
            for _ in range(3):
                self._lure(first, crew, links=(f"https://{self.groups[crew]}",), day=30)

    def _lure(
        self, here: str, crew: int, more: str = "", *, day: float = 0, forwarded_from: str = "", links: tuple[str, ...] = ()
    ) -> None:
        text = f"{self._text(('lure',), f'@{self.accounts[crew]}')} {more}".strip()
        self.posts[here].append(Post(text, self._moment(day), forwarded_from, links))

    def _ordinary(self, here: str, additions: Sequence[str], links: tuple[str, ...] = ()) -> None:
        for addition in additions:
            number = self._chance.randrange(100, 999)
            text = f"{self._text(HONEST, f'+44 7700 900{number}')} {addition}".strip()
            self.posts[here].append(Post(text, self._moment(0), links=links))

    def _warning(self, here: str, crew: int) -> None:
        for letter in "ab":
            text = f"{self._text(WARNING, f'@{self.accounts[crew]}')} @sample_{letter}_crew{crew}"
            self.posts[here].append(Post(text, self._moment(0)))

    def _text(self, kinds: Sequence[str], contact: str) -> str:
        """Return a labelled text not taken before, with ``contact`` where its contacts stood, or after it."""
        listing = self._texts[max(kinds, key=lambda kind: len(self._texts[kind]))].pop()
        raw = f"{listing.title or ''}\n{listing.text}".strip()
        seen = Views(raw)
        spans = sorted({(found.start, found.end) for found in contacts(seen, language(seen))}, reverse=True)
        for start, end in spans:
            raw = raw[:start] + contact + raw[end:]
        return raw if spans else f"{raw} {contact}"

    def _moment(self, day: float) -> datetime:
        return DAY + timedelta(days=day, hours=self._chance.randrange(48))

    def page(self, path: str, board: str = "") -> str | None:
        """Return what is served at a path of Telegram, or of a board; None for what is not there."""
        if board:
            return _board_page(self.posts[board] or [Post("Cook for a hotel kitchen", DAY)] * 4, path)
        name = path.removeprefix("/s/")
        if name in self.accounts:
            return f'<div class="tgme_page_title">HR</div><div class="tgme_page_extra">@{name}</div>'
        known = name in self.posts or name in self.decoys
        return channel_page(name, self.posts[name]) if known else "<p>If you have Telegram, you can contact them right away.</p>"


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


def _board_page(posts: Sequence[Post], path: str) -> str | None:
    if path == "/":
        items = "".join(
            f'<li class="job"><h3><a href="/jobs/{n}">Advert number {n} of today</a></h3></li>' for n in range(len(posts))
        )
        return f"<html><body><ul>{items}</ul></body></html>"
    number = path.removeprefix("/jobs/")
    if not number.isdigit() or int(number) >= len(posts):
        return None
    post = posts[int(number)]
    return (
        f'<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Advert {number}</h1>'
        f'<div itemprop="description">{escape(post.text)}</div>'
        f'<time itemprop="datePosted" datetime="{post.at.date()}"></time></div>'
    )


def _anchors(post: Post) -> str:
    return " ".join(f'<a href="{link}">{link}</a>' for link in post.links)


class LoopbackWeb:
    """Telegram and nine boards on loopback; ``requests`` counts pages by place."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.network: PlantedNetwork | None = None
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
def loopback_web(boards: int = 9) -> Iterator[LoopbackWeb]:
    """Yield the servers; they are gone afterwards."""
    web = LoopbackWeb()

    def answer(request: Request) -> Answer:
        body = web.answer(f"http://{request.headers['Host']}/", request.path)
        return 404 if body is None else 200, {"Content-Type": "text/html; charset=utf-8"}, (body or "").encode()

    with ExitStack() as stack:
        addresses = [f"{stack.enter_context(serve_answers(answer))}/" for _ in range(boards + 1)]
        web.telegram, web.boards = addresses[0], addresses[1:]
        yield web
