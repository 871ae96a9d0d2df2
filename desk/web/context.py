"""The objects that web pages use; ``lurewatch serve`` and the tests make them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawlers.sources.source import Source
from desk.platforms import Platforms, routes_of
from desk.seed_editors import RuleEditor, SourceEditor, SuggestionDesk
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
    """Reads the receivers as two people accepted them: files and signatures change while the desk runs."""
    sources: Callable[[], Sequence[Source]]
    """Reads the sources again each time, because files change while the desk runs."""
    runs: str
    """Where run partitions lie; read for source health only."""
    public_url: str
    organisation: str
    clock: Callable[[], datetime] = _now
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of reverse proxies; X-Forwarded-For of others is ignored."""
    metrics: Callable[[], tuple[bytes, str]] | None = None
    """Returns what ``/metrics`` answers and its content type; None: there is no such page."""
    metrics_token: str = field(default="", repr=False)
    """Who sends it as a bearer token may read ``/metrics``; empty: nobody may."""
    suggestions: SuggestionDesk | None = None
    """Finds suggested sources and keeps what is ruled on them; None: none are found."""
    source_files: SourceEditor | None = None
    """Shows, tries and changes source files; None: they are looked at elsewhere."""
    lure_rules: RuleEditor | None = None
    """Shows, tries and switches lure rules; None: they are looked at elsewhere."""
    places: Places | None = None
    """What ``place:`` in a search understands besides the names themselves."""

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
