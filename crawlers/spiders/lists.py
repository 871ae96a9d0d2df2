"""What the pages of each list have shown so far in this run, so that a list that repeats itself is noticed."""

from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.visits import Step


class ListMemory:
    """Memory of one process; what a process before it wrote down is read from the frontier."""

    def __init__(self, frontier: Frontier) -> None:
        self._items: dict[str, set[int]] = {}
        self._pages: dict[str, set[int]] = {}
        for _, step, page in frontier.list_pages():
            self.note_page(step, page.items)

    def count_items(self, step: Step) -> int:
        """Return how many items the pages of a step's list have shown so far."""
        return len(self._items.get(step.list_url or step.url, ()))

    def note_page(self, step: Step, marks: tuple[int, ...]) -> tuple[bool, bool]:
        """Note the items of a page; return (whether any is new in its list, whether another page showed exactly these)."""
        name = step.list_url or step.url
        items, pages = self._items.setdefault(name, set()), self._pages.setdefault(name, set())
        new, page = not items.issuperset(marks), hash(frozenset(marks))
        again = bool(marks) and page in pages
        items.update(marks)
        pages.add(page)
        return new, again
