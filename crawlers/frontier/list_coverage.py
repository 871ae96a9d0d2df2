"""Compares what the lists of a run announced with what was seen, and reports the number missing.

A list is one or more pages that lead to one another. It announces a total, a number of pages, or further pages by linking
them; whatever was announced and not read is a gap, and a run with a gap is never ``ok``.
"""

from collections.abc import Callable, Iterable, Sequence

from crawlers.evidence.partition import Gap, ListCoverage
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.visits import GUESS, READ, ListPage, Step
from crawlers.pages.listings.pager import page_number

Key = Callable[[str], str]

GAPS = 50
"""Gaps that a report names; all are counted."""
ADDRESSES = 5
"""Unread addresses named for each gap; all are counted."""
REPEATED = 0.1
"""Repeated items are reported from this share of a list on: promoted adverts appear on several pages."""


class _List:
    """The pages of one list, gathered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages = 0
        self.items: set[int] = set()
        self.totals: list[int] = []
        self.announced_pages = 0
        self.leads: dict[str, str] = {}
        """Key -> address of the pages it leads to."""
        self.more = ""
        self.repeats = self.ends = self.cut = self.blank = False
        self.deeper: dict[str, str] = {}
        self._guessed: set[int] = set()
        self._found: set[int] = set()
        self._empty: set[int] = set()
        self._said_pages = 0
        self._shown: list[tuple[int, tuple[int, ...]]] = []

    def add(self, page: ListPage, step: Step, key: Key) -> None:
        self.pages += 1
        self.items.update(page.items)
        self.totals += [page.total] if page.total is not None else []
        here = page_number(step.url)
        first = 1 if here is None else here
        leads = () if page.guessed else page.leads
        sure = (lead.ahead for lead in leads if page_number(lead.url) == first + lead.ahead)
        numbered = step.turn + max(sure, default=1 - step.turn)
        self.announced_pages = max(self.announced_pages, page.pages or 0, numbered)
        self.leads |= {key(lead.url): lead.url for lead in page.leads}
        self.more = self.more or page.more
        self.repeats |= page.repeats
        self.ends |= page.ends and bool(page.items)
        self.cut |= page.cut
        self.blank |= page.blank
        self.deeper |= {key(url): url for url in page.deeper}
        self._guessed |= {step.turn + 1} if page.guessed else set()
        self._found |= set() if page.ends else {step.turn}
        self._empty |= {step.turn} if not page.items and step.turn > 1 else set()
        self._said_pages = max(self._said_pages, page.pages or 0)
        self._shown.append((step.turn, page.items))

    @property
    def is_broken(self) -> bool:
        """Whether a page shows nothing although the list counts it or a later page shows something."""
        last = max([self._said_pages, *(turn for turn, items in self._shown if items)])
        return any(turn <= last for turn in self._empty)

    @property
    def repeat_count(self) -> int:
        """Items that appear on several pages and may hide others; 0 where there is a harmless cause."""
        return repeated_items([items for _, items in sorted(self._shown)]) if len(dict(self._shown)) == len(self._shown) else 0

    @property
    def is_guessed(self) -> bool:
        """Whether it said that there is more and no guessed address led to it."""
        return not self._guessed <= self._found

    @property
    def total(self) -> int | None:
        """The announced total; for a list that changes while it is read, the smaller of its first and last total."""
        return min(self.totals[0], self.totals[-1]) if self.totals else None


def repeated_items(pages: Sequence[tuple[int, ...]]) -> int:
    """Return how many items of a list's pages, in order, were shown before; 0 for fewer than a tenth of what they show.

    Harmless cases are left out: adverts that stand on all pages, or at the same end of a page as on the first; a few that new
    ones pushed over to the next page; a last page that is filled up from the one before.
    """
    pages = list({frozenset(page): page for page in reversed(pages) if page}.values())[::-1]  # a page twice is told otherwise
    everywhere = frozenset(pages[0]).intersection(*pages[1:]) if len(pages) > 2 else frozenset()
    seen: set[int] = set()
    count = 0
    for number, page in enumerate(pages):
        own = page if not number else _without_ends(page, pages[0])
        before = pages[number - 1] if number else ()
        pushed = next((size for size in range(min(len(before), len(page)), 0, -1) if before[-size:] == page[:size]), 0)
        if pushed <= max(1, len(page) // 8) or number == len(pages) - 1:
            own = tuple(item for item in own if item not in page[:pushed])
        count += sum(item in seen and item not in everywhere for item in own)
        seen.update(page)
    return count if count > REPEATED * sum(map(len, pages)) else 0


def _without_ends(page: tuple[int, ...], first: tuple[int, ...]) -> tuple[int, ...]:
    """Return a page without the items that stand at its top or bottom as they do on the first page."""
    pairs = list(zip(page, first, strict=False))
    top = next((at for at, (item, other) in enumerate(pairs) if item != other), len(pairs))
    ends = list(zip(reversed(page), reversed(first), strict=False))
    bottom = next((at for at, (item, other) in enumerate(ends) if item != other), len(ends))
    return page[top : max(top, len(page) - bottom)]


def coverage(frontier: Frontier) -> ListCoverage:
    """Return what the lists of the current run announced and how much of it was seen."""
    key = frontier.key
    pages = list(frontier.list_pages())
    read = {here for here, _, _ in pages}
    gathered = _gather_lists(pages, key)
    named: set[str] = set()
    gaps: list[Gap] = []
    for item in gathered:
        if gap := _gap(item, read, frontier):
            gaps.append(gap)
        named |= set(item.leads)
    gaps += [
        _lost_gap(step, outcome)
        for here, step, outcome in frontier.lists_not_read()
        if here not in named and not outcome.startswith(GUESS)
    ]
    gaps.sort(key=lambda gap: (-gap.missing, -gap.unread_pages))
    totals = [entry for entry in gathered if entry.total is not None]
    return ListCoverage(
        lists=len(gathered),
        pages=len(pages),
        announced=sum(total.total or 0 for total in totals),
        seen=sum(len(total.items) for total in totals),
        missing=sum(gap.missing for gap in gaps),
        unread_pages=sum(gap.unread_pages for gap in gaps),
        gaps=tuple(gaps[:GAPS]),
        gaps_in_all=len(gaps),
    )


def _gather_lists(pages: Iterable[tuple[str, Step, ListPage]], key: Key) -> list[_List]:
    """Return the lists: pages that lead to one another, or were walked one after another, belong together."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while (outer := above.setdefault(name, name)) != name:
            above[name] = name = above.setdefault(outer, outer)
        return name

    pages = list(pages)
    for here, step, page in pages:
        for other in (step.list_url or step.url, *(lead.url for lead in page.leads)):
            above[top(key(other))] = top(here)
    lists: dict[str, _List] = {}
    for here, step, page in pages:
        lists.setdefault(top(here), _List(step.list_url or step.url)).add(page, step, key)
    return list(lists.values())


def _gap(item: _List, read: set[str], frontier: Frontier) -> Gap | None:
    total = item.total
    missing = max(0, total - len(item.items)) if total is not None else 0
    whole = total is not None and not missing
    unread = _find_unread(item, read, frontier, whole=whole)
    deeper = [url for name, url in item.deeper.items() if frontier.outcome(name) is None]
    causes = [_cause(outcome, ends=item.ends) for outcome in dict.fromkeys(unread.values())]
    short = max(0, item.announced_pages - item.pages - len(unread)) if not whole else 0
    if short and not unread:
        causes.append(f"the list says it has {item.announced_pages} pages")
    causes += _signs_of_more(item, whole=whole)
    if deeper:
        causes.append(f"{len(deeper)} addresses lie deeper than crawl.max_depth")
    if missing and not causes:
        causes.append("it does not say where the others are")
    if not causes:
        return None
    addresses = [item.leads[name] for name in unread] + deeper
    return Gap(
        list=item.url,
        announced=total,
        seen=len(item.items),
        missing=missing,
        unread=tuple(addresses[:ADDRESSES]),
        unread_pages=len(unread) + short,
        cause=", ".join(dict.fromkeys(causes)),
    )


def _find_unread(item: _List, read: set[str], frontier: Frontier, *, whole: bool) -> dict[str, str | None]:
    """Return key -> outcome of the pages that the list leads to and that were not read; none when all it announced was seen
    before it came to its end."""
    outcomes = {name: frontier.outcome(name) for name in item.leads if name not in read}
    unread = {
        name: outcome for name, outcome in outcomes.items() if outcome not in READ and not (outcome or "").startswith(GUESS)
    }
    said = set(unread.values())
    return {} if whole and said <= {None, "http/404", "http/410"} and (item.ends or None not in said) else unread


def _signs_of_more(item: _List, *, whole: bool) -> list[str]:
    """Return signs on the pages of a list that it is incomplete."""
    said = [
        (item.more and not whole, f"it shows {item.more!r} and no address for it"),
        (item.is_guessed and not whole, "it says that there is more and listens to none of the usual parameters"),
        (item.is_broken and not whole, "a page that it counts shows nothing, though the list says that it goes on"),
        (
            item.repeat_count and not whole,
            f"{item.repeat_count} adverts stand on several of its pages, others may have slipped between them",
        ),
        (item.repeats and not whole, "it shows the same page again under another address"),
        (item.blank and not whole, "a page that it leads to shows nothing, and not that there is nothing"),
        (item.cut, "it breaks off in the middle"),
    ]
    return [words for holds, words in said if holds]


def _cause(outcome: str | None, *, ends: bool) -> str:
    """Return why a page that belongs to a list was not read."""
    if outcome is None:
        return "a page before them shows nothing new" if ends else "crawl.max_pages is met"
    if outcome == "":
        return "the run ended before"
    if outcome == "robots":
        return "robots.txt forbids them"
    return outcome


def _lost_gap(step: Step, outcome: str) -> Gap:
    return Gap(list=step.list_url or step.url, unread=(step.url,), unread_pages=1, cause=_cause(outcome, ends=False))
