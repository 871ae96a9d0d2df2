"""Public Telegram previews (t.me/s/<channel>): newest page first, then back in time with ``?before=``.

A preview shows consecutive posts, so a post that was in the shown range before and is missing now was deleted.
"""

from datetime import timedelta

import msgspec
from scrapy.http import Response

from crawlers.frontier.frontier_store import content_digest, place_of
from crawlers.frontier.visits import ListPage, Step, Validators
from crawlers.items import Lead, ParsedPage, Posting
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from foundation.crawl_errors import NoPreview

PREVIEW = ("tgme_channel_history", "tgme_channel_info", "tgme_widget_message")
"""Markup of every preview, also of one without posts; Telegram's page for a name without a preview does not have it."""
RECHECKED = timedelta(days=7)
"""How far back known posts are read again, for edits and deletions, when a page brings nothing new."""


class ChannelSpider(BaseSpider):
    """Walks a channel back in time until it reaches known posts or a page without older posts."""

    name = "channel"

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return a page's posts, those now missing from it, and the step to the older page."""
        page = self.page(response, family="channel")
        if not page.postings and not any(mark in self.text(response) for mark in PREVIEW):
            raise NoPreview(response.url, "public channel preview")
        postings = tuple(
            msgspec.structs.replace(posting, source=self.name) if posting.source != self.name else posting
            for posting in page.postings
        )
        steps, listed, known = self._older(step, page, postings)
        return PageOutcome(
            steps=steps,
            listed=listed,
            known=known,
            postings=(*postings, *self._missing(page, postings)),
            rejected=page.rejected,
        )

    def take_over(self, step: Step, known: Validators) -> PageOutcome:
        """Return an unchanged page: all its posts are known, so nothing before it is missing."""
        page_outcome = super().take_over(step, known)
        return msgspec.structs.replace(
            page_outcome, listed=None, known={} if page_outcome.steps else self._before(page_outcome.postings)
        )

    def _before(self, postings: tuple[Posting, ...]) -> dict[str, int]:
        """Return how many posts older than these stand, as earlier runs know."""
        numbers = [(place, number) for place, number in map(place_of, postings) if place and number is not None]
        return {"older": self.frontier.count_older_posts(*min(numbers))} if numbers else {}

    def _older(
        self, step: Step, page: ParsedPage, postings: tuple[Posting, ...]
    ) -> tuple[tuple[Step, ...], ListPage | None, dict[str, int]]:
        """Return the step to the older page, what is left unread when the walk stops early, and how many older posts earlier
        runs know when it stops because it reached them."""
        if not postings or not page.previous_page or self._all_seen(postings):
            return (), None, {}
        known = self._all_known(postings)
        oldest = min((posting.posted_at for posting in postings if posting.posted_at), default=None)
        if known and (oldest is None or self.now() - oldest > RECHECKED):
            return (), None, self._before(postings)
        following = self.make_turn_steps(step, [Lead(page.previous_page)])
        if following:
            return following, None, {}
        if known:
            return (), None, self._before(postings)
        return (
            (),
            self.describe_list(step, (posting.id for posting in postings), [Lead(page.previous_page)]),
            self._before(postings),
        )

    def _all_seen(self, postings: tuple[Posting, ...]) -> bool:
        """Whether this run already has every post of the page: the server repeats itself."""
        return not self.frontier.new_in_run([posting.id for posting in postings])

    def _all_known(self, postings: tuple[Posting, ...]) -> bool:
        """Whether the last run had every post of the page, as it is now."""
        known = {
            known_posting.posting.id: known_posting.posting
            for known_posting in self.frontier.find_postings(posting.id for posting in postings)
        }
        return all(posting.id in known and content_digest(known[posting.id]) == content_digest(posting) for posting in postings)

    def _missing(self, page: ParsedPage, postings: tuple[Posting, ...]) -> tuple[Posting, ...]:
        """Return the posts that were between the first and last of the page and are missing now."""
        numbers = [(place, number) for place, number in map(place_of, postings) if place and number is not None]
        if not numbers or len({place for place, _ in numbers}) > 1:
            return ()
        names = {posting.id for posting in postings} | {reject.url for reject in page.rejected}
        low, high = min(numbers)[1], max(numbers)[1]
        return tuple(
            msgspec.structs.replace(posting, deleted=True, fetched_at=None, capture=None)
            for posting in self.frontier.list_standing_posts(numbers[0][0], low, high)
            if posting.id not in names and posting.url not in names
        )
