"""The desk's navigation: six sections, each page under exactly one; who lacks the right to a page does not see it."""

import msgspec

from crawlers.text.messages import _
from desk.people.accounts import User
from desk.people.roles import Right
from enrichment.scoring import NEAR


class DeskPage(msgspec.Struct, frozen=True, kw_only=True):
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


class DeskSection(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the desk's work."""

    name: str
    pages: tuple[DeskPage, ...]


def _page(name: str, address: str, right: Right = Right.READ, *under: str) -> DeskPage:
    return DeskPage(name=name, address=address, right=right, under=under)


QUEUE = _("Queue")
SECTIONS = (
    DeskSection(
        name=_("Triage"),
        pages=(
            _page(_("Queue"), "/", Right.READ, "/queue", "/next", "/item/", "/bulk"),
            _page(_("Inbox"), "/inbox"),
            _page(_("Second opinion"), "/second", Right.DECIDE),
        ),
    ),
    DeskSection(
        name=_("Search"),
        pages=(
            _page(_("Everything"), "/search", Right.READ, "/digest/", "/go"),
            _page(_("Saved"), "/saved"),
            _page(_("Contact"), "/contact"),
            _page(_("Mails"), "/subscriptions"),
        ),
    ),
    DeskSection(
        name=_("Campaigns"),
        pages=(_page(_("Campaigns"), "/campaigns", Right.READ, "/campaign/"), _page(_("Rulings"), "/rulings")),
    ),
    DeskSection(
        name=_("Lists"),
        pages=(
            _page(_("Lists"), "/lists", Right.LISTS),
            _page(_("Platforms"), "/platforms"),
            _page(_("Transparency"), "/transparency"),
        ),
    ),
    DeskSection(
        name=_("Watch"),
        pages=(
            _page(_("Sources"), "/sources", Right.RUNS),
            _page(_("Suggestions"), "/suggestions", Right.SOURCES),
            _page(_("Run reports"), "/runs", Right.RUNS),
            _page(_("Lure rules"), "/rules", Right.RUNS),
        ),
    ),
    DeskSection(
        name=_("Admin"),
        pages=(
            _page(_("People"), "/people", Right.USERS),
            _page(_("Sessions"), "/sessions", Right.USERS),
            _page(_("Vouch"), "/vouch", Right.APPROVE),
            _page(_("Audit log"), "/audit", Right.AUDIT),
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
    found = [
        msgspec.structs.replace(section, pages=tuple(page for page in section.pages if user.may(page.right)))
        for section in SECTIONS
    ]
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
