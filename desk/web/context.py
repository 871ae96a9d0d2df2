"""The objects that web pages use; ``lurewatch serve`` and the tests make them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawlers.sources.source import Source
from desk.cases.visible_store import visible
from desk.list_maker import ListMaker
from desk.partners.answer_review import AT_ONCE, take_answers
from desk.people.accounts import User
from desk.people.roles import Right
from desk.platforms import Platforms, routes_of
from desk.seed_views import SeedViews, SuggestionDesk
from desk.translation.translator import Translator
from index.base import Store
from index.query.parse import Places


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk's parts; pages take one as their first argument."""

    engine: Engine
    store: Store
    read_platforms: Callable[[], Platforms]
    """Reads the receivers each time, because files change while the desk runs."""
    sources: Callable[[], Sequence[Source]]
    """Reads the sources again each time, because files change while the desk runs."""
    runs: str
    """Where run partitions lie; read for source health only."""
    public_url: str
    organisation: str
    suggestions: SuggestionDesk
    seeds: SeedViews
    lists: ListMaker
    zone: str = "UTC"
    """The time zone of whoever chose none."""
    clock: Callable[[], datetime] = _now
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of reverse proxies; X-Forwarded-For of others is ignored."""
    metrics: Callable[[], tuple[bytes, str]] | None = None
    """Returns what ``/metrics`` answers and its content type; None: there is no such page."""
    metrics_token: str = field(default="", repr=False)
    """Who sends it as a bearer token may read ``/metrics``; empty: nobody may."""
    read_places: Callable[[], Places | None] = lambda: None
    """Reads what ``place:`` in a search understands besides the names themselves."""
    translator: Translator | None = None
    """Translates adverts by the service the operator named; None: none is set up."""
    second_opinions: int = 5
    """Percent of all decisions that somebody else looks at again."""
    api_rate: int = 120
    """Requests that a token may make in a minute."""
    hidden: frozenset[str] = frozenset()
    """Items that the person who asks may not see; ``store`` is without them."""
    whole_store: Store | None = None
    """The store with what is hidden; None: nothing is."""

    def seen_by(self, user: User, escalated: frozenset[str], *, victims: bool = True) -> "Desk":
        """Return the desk as a person sees it: without escalated items unless they have the right to these, and ask for it."""
        if (user.may(Right.VICTIMS) and victims) or not escalated:
            return self
        return replace(self, store=visible(self.store, escalated), whole_store=self.index, hidden=escalated)

    def take_in_answers(self) -> None:
        """Take in what platforms answered, before a page shows it: so many at once as nobody waits for."""
        take_answers(self.engine, self.clock(), AT_ONCE)

    @property
    def index(self) -> Store:
        """The store with everything in it: to write to, never to show from."""
        return self.store if self.whole_store is None else self.whole_store

    @property
    def places(self) -> Places | None:
        """What ``place:`` in a search understands, as it is in force now."""
        return self.read_places()

    @property
    def platforms(self) -> Platforms:
        """The receivers of lists, as they are in force now."""
        return self.read_platforms()

    @property
    def secure(self) -> bool:
        """Whether people reach the desk over TLS; cookies and HSTS follow it."""
        return self.public_url.startswith("https://")

    @property
    def routes(self) -> Mapping[str, str]:
        """Source -> platform, as the source files themselves say."""
        return routes_of(self.sources())
