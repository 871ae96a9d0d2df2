"""Compares what the lists of a run announced with what was seen, and reports the number missing.

A list is one or more pages that lead to one another. It announces a total, a number of pages, or further pages by linking
them; whatever was announced and not read is a gap, and a run with a gap is never ``ok``.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from crawlers.evidence.partition import Gap, ListCoverage
from crawlers.frontier.frontier_store import AGAIN, Frontier
from crawlers.frontier.visits import GUESS, LISTS, READ, ListPage, Step, item_mark
from foundation.url_template import page_number

Key = Callable[[str], str]

GAPS = 50
"""Gaps that a report names; all are counted."""
ADDRESSES = 5
"""Unread addresses named for each gap; all are counted."""
_FIRST = re.compile(r"(?<!\d)1\D*$")
"""Ends an address that counts the head as number 1."""
BRANCHES = LISTS | {"detail"}
"""Roles of pages that prove to be further lists of the one that leads to them."""
GONE_PAGES = {"http/404", "http/410"}
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
        self.head: Step | None = None
        self.named: set[str] = set()
        """Keys of all pages that any reading of it led to."""
        self._readings: dict[int, list[tuple[int, ...]]] = {}
        """Number of earlier readings -> what its pages showed, the head first."""
        self._ahead: set[int] = set()
        self._head_twice = False
        self.deeper: dict[str, str] = {}
        self.outer: _List | None = None
        """The list that leads to this one."""
        self.links = self.branches = self.unread = 0
        """Adverts and lists that it leads to; lists among them that were read; pages among them that were not."""
        self.lost: dict[str, tuple[str, str]] = {}
        """Key -> (address, outcome) of the lists that it leads to and that were not read."""
        self._guessed: set[int] = set()
        self._found: set[int] = set()
        self._empty: set[int] = set()
        self._said_pages = 0
        self._shown: list[tuple[int, tuple[int, ...]]] = []

    @property
    def is_tree(self) -> bool:
        """Whether it leads to more lists than adverts, by those read."""
        return 2 * self.branches > self.links - self.unread

    def note(self, page: ListPage, step: Step, key: Key) -> None:
        """Note a page of any reading."""
        self.items.update(page.items)
        self.named |= {key(lead.url) + AGAIN * step.again for lead in page.leads}
        shown = self._readings.setdefault(step.again, [])
        shown.insert(0 if step.turn == 1 else len(shown), page.items)
        if step.turn == 1 and not step.again and not step.list_url:
            self.head = step

    def add(self, page: ListPage, step: Step, key: Key) -> None:
        """Add a page of the newest whole reading, which the verdict is about."""
        self.pages += 1
        self.totals += [page.total] if page.total is not None else []
        here = page_number(step.url)
        first = 1 if here is None else here
        leads = () if page.guessed else page.leads
        sure = (lead.ahead for lead in leads if page_number(lead.url) == first + lead.ahead)
        numbered = step.turn + max(sure, default=1 - step.turn)
        self.announced_pages = max(self.announced_pages, page.pages or 0, numbered)
        self.leads |= {key(lead.url) + AGAIN * step.again: lead.url for lead in page.leads}
        self._ahead |= {step.turn} if any(lead.ahead > 0 for lead in leads) else set()
        self.more = self.more or page.more
        is_first = here == 1 or bool(_FIRST.search(step.url))
        self.repeats |= page.repeats and not is_first
        self._head_twice |= page.repeats and is_first
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
        pages = [items for _, items in sorted(self._shown)]
        return repeated_items(pages, len(self._find_new())) if len(dict(self._shown)) == len(self._shown) else 0

    @property
    def is_same_again(self) -> bool:
        """Whether another address showed the same page; the number 1 of the head does, where others show more."""
        return self.repeats or (self._head_twice and self.pages < 3)

    @property
    def has_moved(self) -> bool:
        """Whether it moved so that adverts slipped from a page not yet read to one that was: a new one stands last on its head,
        or one is missing there that no new one has pushed on. Read a second time, only the first of the two counts."""
        whole, look = max(number for number in self._readings if not number % 2), max(self._readings)
        if not look % 2:
            return False
        before, after, new = self._readings[whole][0], self._readings[look][0], self._find_new()
        kept = before[: max(0, len(before) - len(new))]
        return bool(after) and (after[-1] in new or (not whole and not set(kept) <= set(after)))

    def _find_new(self) -> set[int]:
        """Return what came while it was read: what a last look at its head shows and nothing before did."""
        look = max(self._readings)
        known = {item for number, pages in self._readings.items() if number < look for page in pages for item in page}
        return set(self._readings[look][0]) - known if look % 2 else set()

    @property
    def is_miscounted(self) -> bool:
        """Whether its total counts something else: read twice without a change, its last page is shorter than the others, leads
        nowhere, and what is missing is less than half of what was seen."""
        last, items = max(self._shown)
        longest = max(len(shown) for _, shown in self._shown)
        is_end = last not in self._ahead and 0 < len(items) < longest
        return 3 in self._readings and is_end and 2 * ((self.total or 0) - len(self.items)) <= len(self.items)

    def next_reading(self, unread: dict[str, str | None], gone: set[int]) -> int:
        """Return how many times it is to have been read before it is read again now; 0 when it need not be.

        ``unread`` are its pages that were not read; ``gone`` marks adverts that were gone when they were asked for.
        """
        is_read_on = self.head is not None and self.head.role in ("list", "index", "detail")
        if not is_read_on or len(self._readings[0]) < 2 or 3 in self._readings:
            return 0
        if 2 in self._readings:
            return 3
        if 1 in self._readings:
            return 2 if self.has_moved else 0
        lost = set(unread.values())
        signs = (
            len(set(self.totals)) > 1,
            self.total is not None and self.total > len(self.items) and not lost,
            bool(gone & self.items),
            bool(lost) and lost <= GONE_PAGES,
            self.is_broken and not lost,
        )
        return 2 if any(signs) else 1

    @property
    def is_guessed(self) -> bool:
        """Whether it said that there is more and no guessed address led to it."""
        return not self._guessed <= self._found

    @property
    def total(self) -> int | None:
        """The announced total; for a list that changes while it is read, the smaller of its first and last total."""
        return min(self.totals[0], self.totals[-1]) if self.totals else None


def repeated_items(pages: Sequence[tuple[int, ...]], new: int) -> int:
    """Return how many items of a list's pages, in order, were shown before; 0 for fewer than a tenth of what they show.

    Harmless cases are left out: adverts that stand on all pages, or at the same end of a page as on the first; a few, or as many
    as came ``new`` meanwhile, that were pushed over to the next page; a last page that is filled up from the one before.
    """
    pages = list({frozenset(page): page for page in reversed(pages) if page}.values())[::-1]  # a page twice is told otherwise
    everywhere = frozenset(pages[0]).intersection(*pages[1:]) if len(pages) > 2 else frozenset()
    seen: set[int] = set()
    count = 0
    before: tuple[int, ...] = ()
    for page in pages:
        own = tuple(item for item in (_without_ends(page, pages[0]) if seen else page) if item not in everywhere)
        pushed = next((size for size in range(min(len(before), len(own)), 0, -1) if before[-size:] == own[:size]), 0)
        harmless = pushed <= max(1, len(page) // 8, new) or page is pages[-1]
        count += sum(item in seen for item in (own[pushed:] if harmless else own))
        seen.update(page)
        before = own
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
    homes = _gather_lists(pages, key)
    gathered = list(dict.fromkeys(homes.values()))
    named = {name for item in gathered for name in item.named}
    beside = {step.via for _, step, _ in pages if step.role == "detail"}
    lost = [entry for entry in frontier.lists_not_read(beside) if entry[0] not in named and not entry[2].startswith(GUESS)]
    alone = _note_lost_branches(homes, lost, key)
    gaps = [gap for item in gathered if (gap := _gap(item, read, frontier))] + alone
    gaps.sort(key=lambda gap: (-gap.missing, -gap.unread_pages))
    totals = [entry for entry in gathered if entry.total is not None]
    return ListCoverage(
        lists=len(gathered),
        pages=sum(not step.again for _, step, _ in pages),
        announced=sum(total.total or 0 for total in totals),
        seen=sum(len(total.items) for total in totals),
        missing=sum(gap.missing for gap in gaps),
        unread_pages=sum(gap.unread_pages for gap in gaps),
        gaps=tuple(gaps[:GAPS]),
        gaps_in_all=len(gaps),
    )


def _note_lost_branches(homes: dict[str, _List], lost: list[tuple[str, Step, str]], key: Key) -> list[Gap]:
    """Note with each list the branches that were not read; return the gaps of the pages that belong to none. What an advert's
    step did not bring is a branch where more of the pages beside it are lists than adverts."""
    alone: list[Gap] = []
    beside: dict[_List, list[tuple[str, Step, str]]] = {}
    for here, step, outcome in lost:
        if outer := homes.get(key(step.via)) if step.via and step.turn == 1 else None:
            beside.setdefault(outer, []).append((here, step, outcome))
        else:
            cause = _cause(outcome, ends=False)
            alone.append(Gap(list=step.list_url or step.url, unread=(step.url,), unread_pages=1, cause=cause))
    for outer, entries in beside.items():
        outer.unread = len(entries)
        outer.lost = {here: (step.url, outcome) for here, step, outcome in entries if outer.is_tree or step.role in LISTS}
    marks = {item_mark(here) for outer in beside for here in outer.lost}
    for item in homes.values():
        item.items -= marks
    return alone


def _gather_lists(pages: Iterable[tuple[str, Step, ListPage]], key: Key) -> dict[str, _List]:
    """Return the list of each page: pages that lead to one another, or were walked one after another, belong together."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while (outer := above.setdefault(name, name)) != name:
            above[name] = name = above.setdefault(outer, outer)
        return name

    pages = list(pages)
    for here, step, page in pages:
        above[top(here.removesuffix(AGAIN * step.again))] = top(here)
        for other in (step.list_url or step.url, *(lead.url for lead in page.leads)):
            above[top(key(other))] = top(here)
    lists: dict[str, _List] = {}
    newest: dict[str, int] = {}
    for here, step, page in pages:
        lists.setdefault(top(here), _List(step.list_url or step.url)).note(page, step, key)
        newest[top(here)] = max(newest.get(top(here), 0), step.again // 2 * 2)
    for here, step, page in pages:
        if step.again == newest[top(here)]:
            lists[top(here)].add(page, step, key)
    homes = {here: lists[top(here)] for here, _, _ in pages}
    _add_branches(homes, [(here, step) for here, step, _ in pages if step.role in BRANCHES and not step.again], key)
    return homes


def _add_branches(homes: dict[str, _List], pages: list[tuple[str, Step]], key: Key) -> None:
    """Count what the branches of a list show for that list, in place of the links to them."""
    for item in homes.values():
        item.links = len(item.items)
    for here, step in pages:
        outer = homes.get(key(step.via)) if step.via and step.turn == 1 else None
        if outer and outer is not homes[here]:
            homes[here].outer = outer
            outer.branches += 1
    for here, step in reversed(pages):  # a branch comes after what leads to it
        outer = homes[here].outer
        if outer and step.turn == 1 and (step.role in LISTS or outer.is_tree):
            outer.items.discard(item_mark(here))
            outer.items |= homes[here].items


def find_heads(frontier: Frontier) -> list[Step]:
    """Return the first pages of lists to read again now that all they led to was asked for: each list of several pages once at
    its head, and whole when a sign says that it moved while it was read."""
    pages = frontier.list_pages()
    if all(step.turn == 1 for _, step, _ in pages):
        return []
    read = {here for here, _, _ in pages}
    gone = {item_mark(key) for key in frontier.find_gone()}
    lists = dict.fromkeys(_gather_lists(pages, frontier.key).values())
    numbers = [(item.head, item.next_reading(_find_unread(item, read, frontier, whole=False), gone)) for item in lists]
    return [msgspec.structs.replace(head, again=number) for head, number in numbers if head and number]


def _gap(item: _List, read: set[str], frontier: Frontier) -> Gap | None:
    if item.outer and item.head and item.head.role == "detail" and not item.outer.is_tree:
        return None  # what shows other adverts in place of one that has ended
    total = item.total
    missing = max(0, total - len(item.items)) if total is not None and not item.is_miscounted else 0
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
    if item.lost:
        why = ", ".join(dict.fromkeys(_cause(outcome, ends=False) for _, outcome in item.lost.values()))
        causes.append(f"read {item.branches} of {item.branches + len(item.lost)} lists that it leads to: {why}")
    if missing and not causes:
        causes.append("it does not say where the others are")
    if not causes:
        return None
    addresses = [item.leads[name] for name in unread] + deeper + [url for url, _ in item.lost.values()]
    return Gap(
        list=item.url,
        announced=total,
        seen=len(item.items),
        missing=missing,
        unread=tuple(addresses[:ADDRESSES]),
        unread_pages=len(unread) + short + len(item.lost),
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
    return {} if whole and said <= {None, *GONE_PAGES} and (item.ends or None not in said) else unread


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
        (item.is_same_again and not whole, "it shows the same page again under another address"),
        (item.blank and not whole, "a page that it leads to shows nothing, and not that there is nothing"),
        (item.cut, "it breaks off in the middle"),
        (item.has_moved and not whole, "it moved while it was read, so adverts may have slipped between its pages"),
    ]
    return [words for holds, words in said if holds]


def _cause(outcome: str | None, *, ends: bool) -> str:
    """Return why a page that belongs to a list was not read."""
    if outcome is None:
        return "a page before them shows nothing new" if ends else "crawl.max_pages is met"
    if outcome == "":
        return "the run ended before"
    if outcome.startswith("changed"):
        return "no advert was found on them, and no word that there is none"
    if outcome == "robots":
        return "robots.txt forbids them"
    return outcome
