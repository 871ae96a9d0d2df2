"""The desk's navigation: six sections, each page under exactly one; who lacks the right to a page does not see it."""

from typing import NamedTuple

from desk.people.accounts import User
from desk.people.roles import Right
from enrichment.scoring import NEAR
from foundation.messages import _


class DeskPage(NamedTuple):
    """A page that the navigation leads to."""

    name: str
    address: str
    right: Right = Right.READ
    under: tuple[str, ...] = ()
    """Beginnings of the addresses of pages that belong to it."""

    def holds(self, path: str) -> bool:
        """Tell whether an address is this page's or one below it."""
        below = self.under if self.address == "/" else (f"{self.address}/", *self.under)
        return path == self.address or path.startswith(below)


class DeskSection(NamedTuple):
    """One part of the desk's work."""

    name: str
    pages: tuple[DeskPage, ...]


QUEUE = _("Queue")
SECTIONS = (
    DeskSection(
        _("Triage"),
        (
            DeskPage(_("Queue"), "/", under=("/queue", "/next", "/item/", "/bulk")),
            DeskPage(_("Inbox"), "/inbox"),
            DeskPage(_("Second opinion"), "/second", Right.DECIDE),
        ),
    ),
    DeskSection(
        _("Search"),
        (
            DeskPage(_("Everything"), "/search", under=("/digest/", "/go")),
            DeskPage(_("Saved"), "/saved"),
            DeskPage(_("Contact"), "/contact"),
            DeskPage(_("Mails"), "/subscriptions"),
        ),
    ),
    DeskSection(
        _("Campaigns"),
        (DeskPage(_("Campaigns"), "/campaigns", under=("/campaign/",)), DeskPage(_("Rulings"), "/rulings")),
    ),
    DeskSection(
        _("Lists"),
        (
            DeskPage(_("Lists"), "/lists", Right.LISTS),
            DeskPage(_("Platforms"), "/platforms"),
        ),
    ),
    DeskSection(
        _("Collection"),
        (
            DeskPage(_("Sources"), "/sources", Right.RUNS),
            DeskPage(_("Suggestions"), "/suggestions", Right.RUNS),
            DeskPage(_("Seeds"), "/seeds", Right.RUNS),
            DeskPage(_("Run reports"), "/runs", Right.RUNS),
            DeskPage(_("Lure rules"), "/rules", Right.RUNS),
        ),
    ),
    DeskSection(
        _("Admin"),
        (
            DeskPage(_("People"), "/people", Right.APPROVE),
            DeskPage(_("Audit log"), "/audit", Right.AUDIT),
        ),
    ),
)


QUEUES = {
    "": (_("All"), _("flagged or raised by their network, and not decided")),
    "urgent": (_("Urgent"), _("most urgent: harm × probability × growth of its campaign, halved by each fortnight of age")),
    "uncertain": (
        _("Uncertain"),
        _("undecided within %(near)s points of the threshold: a decision there teaches the model most", near=f"{NEAR:g}"),
    ),
    "mine": (_("Asked of me"), _("that a colleague asks you to decide")),
    "watched": (_("Watched"), _("that you keep in sight, decided or not")),
    "escalated": (_("Escalated"), _("with a possible victim: seen by those alone who have the right")),
}
"""Queues by name: key -> title, and what stands in it."""


def sections_of(user: User) -> list[DeskSection]:
    """Return the sections that hold something for a person, with the pages the person may see."""
    found = [section._replace(pages=tuple(page for page in section.pages if user.may(page.right))) for section in SECTIONS]
    return [section for section in found if section.pages]


def page_of(path: str) -> DeskPage | None:
    """Return the page of the navigation that an address belongs to; None for one's own account and the log-in."""
    return next((page for section in SECTIONS for page in section.pages if page.holds(path)), None)


def destinations(user: User) -> list[tuple[str, str, str]]:
    """Return (section, name, address) of every page and queue that a person may open, for the palette."""
    found = [(section.name, page.name, page.address) for section in sections_of(user) for page in section.pages]
    found += [
        (QUEUE, title, f"/?queue={key}")
        for key, (title, _) in QUEUES.items()
        if key and (key != "escalated" or user.may(Right.VICTIMS))
    ]
    return [*found, (user.name, _("Account"), "/account")]
