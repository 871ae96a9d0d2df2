"""Suggested sources for the desk's page: the use cases of the command, in the desk's own terms."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from desk.cases.source_rulings import SourceRulingError
from desk.people.accounts import User
from desk.seed_editors import SuggestionLine
from index.base import StoreUnavailable
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.venues import decide, words
from lurewatch.app.venues.suggest import Suggestion, suggestions
from lurewatch.settings import Settings


class SuggestionList:
    """What ``desk.seed_editors.SuggestionDesk`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""
        with _desk_errors():
            return [_line(suggestion) for suggestion in suggestions(self._settings, every=every)]

    def turn_down(self, verdict: Literal["refused", "blocked"], venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue until new lures lead there, or block it for good."""
        with _desk_errors():
            decide.turn_down(self._settings, verdict, venue, by=by, reason=reason)

    def undo(self, venue: str, *, by: User, reason: str) -> None:
        """Take back the ruling in force."""
        with _desk_errors():
            decide.undo(self._settings, venue, by=by, reason=reason)


def _line(suggestion: Suggestion) -> SuggestionLine:
    return SuggestionLine(
        venue=suggestion.venue,
        points=suggestion.rank.points,
        what=suggestion.what,
        facts=tuple(words.facts(suggestion)),
        lures=tuple((mention.item, words.lure(mention)) for mention in suggestion.rank.reasons),
        ruling=suggestion.ruling.sentence if suggestion.ruling else "",
        hidden=suggestion.hidden,
    )


@contextmanager
def _desk_errors() -> Iterator[None]:
    try:
        yield
    except PermanentError as exc:
        raise SourceRulingError(str(exc)) from exc
    except TransientError as exc:
        raise StoreUnavailable(str(exc)) from exc
