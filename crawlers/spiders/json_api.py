"""JSON APIs: items at dotted paths the source names, page by page, with detail pages where an item carries no text."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec
from scrapy.http import Response

from crawlers.frontier.visits import Step
from crawlers.items import Lead, Posting, Reject, posting_id
from crawlers.pages.document import separate_postings
from crawlers.pages.listings.extent_json import read_json_extent
from crawlers.pages.listings.json_facts import at_path
from crawlers.pages.page_urls import absolute
from crawlers.pages.posting_fields import prose
from crawlers.pages.posting_fields.field_overrides import contact_addresses
from crawlers.sources.source import JsonPaths
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from crawlers.spiders.feed import complete_posting
from crawlers.spiders.links import after_cursor, next_number
from crawlers.text import dates
from foundation.crawl_errors import PageChanged


class JsonApiSpider(BaseSpider):
    """Walks the pages of an API by its ``next`` path, or by a number or cursor in the start address."""

    name = "json_api"

    @cached_property
    def _paths(self) -> JsonPaths:
        """Where the facts stand: the paths of the source, its ``crawl.fields`` before them."""
        paths = self.source.crawl.json_paths
        assert paths is not None, "a json_api source has json paths"
        fields = self.source.crawl.fields.named_fields()
        return paths.model_copy(update={name: path for name, path in fields.items() if name != "contacts"})

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return an answer's items and where the next ones are; of an item's page, the item with the page's text."""
        if step.role == "detail":
            return self._detail(response, step)
        try:
            answer, items = self._answer(response)
        except PageChanged:
            if step.guesses is None:
                raise
            return PageOutcome(steps=self._next_guess(step))
        entries, read = self._entries(items, response, step)
        before = self._lists.count_items(step)
        said = read_json_extent(
            answer,
            self._paths.items,
            response.url,
            len(items),
            turn=step.turn,
            before=before,
            headers=self.headers_of(response),
        )
        leads = self._leads(answer, said.following, response.url, step)
        guesses = () if leads or self._paths.cursor or not before + len(items) else self._own_site_addresses(said.guesses)
        if step.counted and (leads or guesses):
            url = next_number(self.source.crawl, step)
            leads, guesses = ([Lead(url)] if url else []), ()
        leads = leads or [Lead(url) for url in guesses[:1]]
        more = "" if leads else said.more or self._missing_cursor(step, len(items))
        listed = self.describe_list(step, entries, leads, total=said.total, pages=said.pages, more=more, guessed=bool(guesses))
        if step.guesses is not None and listed.ends:
            return PageOutcome(steps=self._next_guess(step))
        following = self._following(step, leads, tuple(guesses)) if not listed.ends else ()
        return msgspec.structs.replace(read, steps=(*read.steps, *following), listed=listed)

    def _answer(self, response: Response) -> tuple[Any, list[Any]]:
        """Return an answer and its items; raise PageChanged where it has none at the path of the source."""
        try:
            answer = msgspec.json.decode(response.body)
        except msgspec.DecodeError as exc:
            raise PageChanged(response.url, "readable JSON") from exc
        items = at_path(answer, self._paths.items)
        if not isinstance(items, list):
            raise PageChanged(response.url, f"list at {self._paths.items}")
        return answer, items

    def _entries(self, items: list[Any], response: Response, step: Step) -> tuple[list[str], PageOutcome]:
        """Return the ids of the items, and their postings or the steps to their pages."""
        postings: list[Posting] = []
        steps: list[Step] = []
        read = [self._posting(item, response.url) for item in items]
        rejected = [
            Reject(url=response.url, reason="no_address", detail=f"item {at}")
            for at, posting in enumerate(read)
            if posting is None
        ]
        separate, shared = separate_postings(posting for posting in read if posting is not None)
        pages = Counter(self.frontier.key(posting.url) for posting in separate)
        self._counted["address/shared"] += shared
        for posting in separate:
            if not self._choose_addresses([posting.url]):
                continue
            wants_page = not posting.text and self._paths.url and pages[self.frontier.key(posting.url)] == 1
            below = self.make_child_steps(step, [posting.url], "detail", carried=posting) if wants_page else ()
            steps += below
            postings += [] if below else [posting]
        return [posting.id for posting in separate], PageOutcome(
            steps=tuple(steps), postings=tuple(postings), rejected=tuple(rejected)
        )

    def _following(self, step: Step, leads: list[Lead], guesses: tuple[str, ...]) -> tuple[Step, ...]:
        """Return the step to the next items; of several ``guesses`` the first, which carries the others."""
        if step.counted and not leads:
            url = next_number(self.source.crawl, step)
            leads = [Lead(url)] if url else []
        steps = self.make_turn_steps(step, leads)
        return tuple(msgspec.structs.replace(item, guesses=guesses[1:]) for item in steps) if guesses else steps

    def _next_guess(self, step: Step) -> tuple[Step, ...]:
        """Return the step to the next guess when this one brought nothing."""
        return (msgspec.structs.replace(step, url=step.guesses[0], guesses=step.guesses[1:]),) if step.guesses else ()

    def make_steps_after_failure(self, step: Step) -> tuple[Step, ...]:
        """Return the step to the next guess when an address could not be fetched."""
        return super().make_steps_after_failure(step) if step.guesses is None else self._next_guess(step)

    def _posting(self, item: Any, base: str) -> Posting | None:
        """Return the posting of an item; None when it has neither an id nor an address."""
        paths = self._paths

        def text_at(path: str | None) -> str | None:
            value = at_path(item, path) if path else None
            return str(value).strip() or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None

        native, link = text_at(paths.id), absolute(base, text_at(paths.url))
        if not native and not link:
            return None
        url = self.source.identity.item(link) if link else f"{self.source.identity.page(base)}#{native}"
        raw = text_at(paths.posted_at)
        return Posting(
            id=posting_id(self.name, native or url),
            source=self.name,
            url=url,
            native_id=native,
            title=text_at(paths.title),
            text=prose.text_of_html(text_at(paths.text) or ""),
            company=text_at(paths.company),
            location=text_at(paths.location),
            pay_raw=text_at(paths.pay),
            posted_at=dates.moment(raw, now=self.now()) if raw else None,
            posted_at_raw=raw,
            author=text_at(paths.author),
            contacts=self._contacts(item),
        )

    def _contacts(self, item: Any) -> tuple[str, ...]:
        """Return the contacts at the path of ``crawl.fields``, a text or a list of texts."""
        path = self.source.crawl.fields.contacts
        value = at_path(item, path) if path else None
        values = value if isinstance(value, list) else [value]
        return contact_addresses(str(entry) for entry in values if isinstance(entry, str | int))

    def _leads(self, answer: Any, announced: str | None, base: str, step: Step) -> list[Lead]:
        """Return the address of the next items: at the ``next`` path, else where APIs usually say it."""
        paths = self._paths
        if paths.cursor:
            cursor = at_path(answer, paths.cursor)
            said = str(cursor) if isinstance(cursor, str | int) and not isinstance(cursor, bool) else ""
            next_url = after_cursor(self.source.crawl, step, said) if said else None
            return [Lead(next_url)] if next_url and next_url != step.url else []
        link = at_path(answer, paths.next) if paths.next else None
        url = absolute(base, link) if isinstance(link, str) and link else None
        url = url or announced
        return [Lead(url)] if url else []

    def _missing_cursor(self, step: Step, count: int) -> str:
        """Return a sign that there is more when a first page is full and has no cursor at its path."""
        crawl = self.source.crawl
        full = step.turn == 1 and crawl.page_size is not None and count >= crawl.page_size
        return f"a full page, nothing at json.cursor {self._paths.cursor}" if self._paths.cursor and full else ""

    def _detail(self, response: Response, step: Step) -> PageOutcome:
        posting = step.carried
        assert posting is not None, "the page of an item is reached from the API only"
        if words := text_of(self.text(response)):
            return PageOutcome(postings=(msgspec.structs.replace(posting, text=words),))
        try:
            page = self.page(response, family=self.source.crawl.page)
        except PageChanged:
            return PageOutcome(postings=(posting,))
        return PageOutcome(postings=(complete_posting(posting, page),))


_KEYS = frozenset(("text", "description", "descriptionhtml", "jobdescription", "body", "content", "requirements", "benefits"))
_DEEPEST = 8


def text_of(answer: str) -> str:
    """Return the texts in a JSON answer as one text, each once; "" when it is no JSON or has none."""
    if answer.lstrip()[:1] not in ("{", "["):
        return ""
    try:
        value = msgspec.json.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        return ""
    parts = (prose.text_of_html(text) for text in _texts(value, _DEEPEST))
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if isinstance(inner, str) and key.lower().replace("_", "") in _KEYS:
                yield inner
            yield from _texts(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _texts(inner, depth - 1)
