"""JSON APIs: items at dotted paths the source names, page by page, with detail pages where an item carries no text."""

from functools import cached_property
from typing import Any

import msgspec
from scrapy.http import Response

from crawlers.errors import PageChanged
from crawlers.frontier.visits import Step
from crawlers.items import Lead, Posting, Reject, posting_id
from crawlers.pages.addresses import absolute
from crawlers.pages.fields import prose
from crawlers.pages.fields.field_overrides import contact_addresses
from crawlers.pages.listings.extent_json import JsonExtent, of_json
from crawlers.pages.postings import json_text
from crawlers.sources.source import JsonPaths
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from crawlers.spiders.feed import completed
from crawlers.spiders.links import after_cursor, next_number
from crawlers.text import dates


class JsonApiSpider(BaseSpider):
    """Walks the pages of an API by its ``next`` path, or by a number or cursor in the start address."""

    name = "json_api"

    @cached_property
    def _paths(self) -> JsonPaths:
        """Where the facts stand: the paths of the source, its ``crawl.fields`` before them."""
        paths = self.source.crawl.json_paths
        assert paths is not None, "a json_api source has json paths"
        fields = self.source.crawl.fields.written()
        return paths.model_copy(update={name: path for name, path in fields.items() if name != "contacts"})

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return an answer's items and where the next ones are; of an item's page, the item with the page's text."""
        if step.role == "detail":
            return self._detail(response, step)
        paths = self._paths
        try:
            answer = msgspec.json.decode(response.body)
        except msgspec.DecodeError as exc:
            raise PageChanged(response.url, "readable JSON") from exc
        items = at(answer, paths.items)
        if not isinstance(items, list):
            raise PageChanged(response.url, f"list at {paths.items}")
        postings: list[Posting] = []
        rejected: list[Reject] = []
        steps: list[Step] = []
        entries: list[str] = []
        for number, item in enumerate(items):
            posting = self._posting(item, response.url)
            if posting is None:
                rejected.append(Reject(url=response.url, reason="no_address", detail=f"item {number}"))
                continue
            entries.append(posting.id)
            if not self._chosen([posting.url]):
                continue
            below = () if posting.text or not paths.url else self.below(step, [posting.url], "detail", carried=posting)
            if below:
                steps += below
            else:
                postings.append(posting)
        said = self._extent(answer, response, len(items))
        leads = self._leads(answer, said.following, response.url, step)
        more = "" if leads else said.more or self._missing_cursor(step, len(items))
        listed = self.listed(step, entries, leads, total=said.total, pages=said.pages, more=more)
        url = next_number(self.source.crawl, step) if step.counted else None
        following = () if listed.ends else self.turned(step, [Lead(url)] if url else leads)
        return PageOutcome(steps=(*steps, *following), postings=tuple(postings), rejected=tuple(rejected), listed=listed)

    def _posting(self, item: Any, base: str) -> Posting | None:
        """Return the posting an item tells of, None when it has neither an id nor an address."""
        paths = self._paths

        def text_at(path: str | None) -> str | None:
            value = at(item, path) if path else None
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
        value = at(item, path) if path else None
        values = value if isinstance(value, list) else [value]
        return contact_addresses(str(entry) for entry in values if isinstance(entry, str | int))

    def _extent(self, answer: Any, response: Response, count: int) -> JsonExtent:
        """Return what an answer and its headers announce."""
        body, head = of_json(answer, self._paths.items, response.url, count), self.headers_extent(response)
        return JsonExtent(
            total=body.total if body.total is not None else head.total,
            pages=body.pages if body.pages is not None else head.pages,
            following=body.following or head.following,
            more=body.more,
        )

    def _leads(self, answer: Any, announced: str | None, base: str, step: Step) -> list[Lead]:
        """Return the address of the next items: at the ``next`` path, else where APIs usually say it."""
        paths = self._paths
        if paths.cursor:
            cursor = at(answer, paths.cursor)
            said = str(cursor) if isinstance(cursor, str | int) and not isinstance(cursor, bool) else ""
            next_url = after_cursor(self.source.crawl, step, said) if said else None
            return [Lead(next_url)] if next_url and next_url != step.url else []
        link = at(answer, paths.next) if paths.next else None
        url = absolute(base, link) if isinstance(link, str) and link else None
        url = url or announced
        if step.counted:
            url = next_number(self.source.crawl, step) if url else None
        return [Lead(url)] if url else []

    def _missing_cursor(self, step: Step, count: int) -> str:
        """Return what speaks for more where a first page is full and has nothing at the path of its cursor."""
        crawl = self.source.crawl
        full = step.turn == 1 and crawl.page_size is not None and count >= crawl.page_size
        return f"a full page, nothing at json.cursor {self._paths.cursor}" if self._paths.cursor and full else ""

    def _detail(self, response: Response, step: Step) -> PageOutcome:
        posting = step.carried
        assert posting is not None, "the page of an item is reached from the API only"
        if words := json_text.text_of(self.text(response)):
            return PageOutcome(postings=(msgspec.structs.replace(posting, text=words),))
        try:
            page = self.page(response, family=self.source.crawl.page)
        except PageChanged:
            return PageOutcome(postings=(posting,))
        return PageOutcome(postings=(completed(posting, page),))


def at(value: Any, path: str) -> Any:
    """Return what stands at a dotted path (``data.jobs``, ``places.0.name``; ``""`` or ``.`` is the value itself), else None."""
    for part in path.strip(".").split("."):
        if not part:
            continue
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value
