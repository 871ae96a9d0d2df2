"""Judges a finished run: its state, the reason, and warnings that do not change the state.

The state tells the operator whether the partition shows what the site shows. The first that applies counts: failed, blocked,
partial, empty, changed, ok.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from crawlers.evidence.partition import State
from crawlers.frontier.visits import GUESS
from crawlers.items import Posting
from crawlers.sources.source import Expect

FIELDS = ("title", "text", "company", "location", "pay", "posted_at", "author", "contacts", "media")
"""Fields whose fill rate every report has, besides those a source expects."""
HARMLESS = ("ok", "unchanged", "http/404", "http/410", "error/AddressRefused")
"""Outcomes of a step after which nothing is missing: gone, or no public address."""
MISREAD = 0.2
"""Share of pages that lack what their parser needs, or of adverts that are not where the site leads to, from which on the site
counts as changed."""
FEW = 3
"""Fewer adverts that are not there may have ended a moment ago, and fewer alike may be put up so."""
SAME_PAGE = "same_page"
"""Why postings are rejected that are one and the same page at several addresses, as walls are that nobody has described yet."""
_FACTS = ("company", "location", "pay_raw", "posted_at", "valid_through", "employment_type", "contacts", "native_id")
_PASSING = re.compile(r"(?=\S*\d)[\w.:+-]{8,}")
"""What a wall says of one request: its number, its time, our address."""
_CONTACT = re.compile(r"@|\bt\.me/|\bwa\.me/|(?<![\d.])\+?\d(?:[ ()-]{0,2}\d){7,}(?![\d.])")


Cause = tuple[State, str]
"""A state, and the reason for it."""


class RunVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """State of a run, the reason, and warnings for the operator."""

    state: State
    reason: str = ""
    warnings: tuple[str, ...] = ()


def fill_rates(postings: Iterable[Posting], fields: Iterable[str]) -> dict[str, float]:
    """Return for each field the share (0-1, three decimals) of standing postings that have it."""
    names, filled, count = tuple(dict.fromkeys(fields)), dict.fromkeys(fields, 0), 0
    for posting in postings:
        if posting.deleted:
            continue
        count += 1
        for name in names:
            filled[name] += getattr(posting, "heading" if name == "title" else name) not in (None, "", ())
    return {name: round(filled[name] / count, 3) for name in names} if count else {}


def run_verdict(
    expect: Expect,
    *,
    standing: int,
    fill_rate: Mapping[str, float],
    outcomes: Mapping[str, int],
    rejected: Mapping[str, int],
    blocked: str = "",
    ended: str = "",
    waiting: int = 0,
    older: int = 0,
    unseen: str = "",
    listed_gone: int = 0,
    reconciles: bool = True,
) -> RunVerdict:
    """Return the verdict on a run.

    ``standing``: postings that are not notices of deletion; ``outcomes``: steps by outcome; ``blocked`` and ``ended``: why it
    stopped early; ``waiting``: steps it did not take; ``older``: postings that earlier runs read and this one had no need to,
    they count for the minimum; ``unseen``: what the site announced and the run did not see, as text; ``listed_gone``: adverts
    that the site leads to and that were gone when they were asked for first.
    """
    warnings: tuple[str, ...] = ()
    if expect.max and standing > expect.max.postings:
        warnings = (f"{standing} postings, more than the {expect.max.postings} expected",)
    if misread := rejected.get("page_changed", 0):
        warnings += (f"{misread} pages could not be read: they lack what their parser needs; see the rejects",)
    led_nowhere = _led_nowhere(listed_gone, sum(outcomes.values()))
    if listed_gone and not led_nowhere:
        warnings += (f"{listed_gone} adverts that the site leads to were gone (404, 410) when they were asked for first",)
    if not reconciles:
        state, reason = _FAULT
    else:
        fetched = outcomes.get("ok", 0) + outcomes.get("unchanged", 0) + outcomes.get("changed", 0)
        state, reason = (
            _refusal_cause(outcomes, fetched, blocked, ended)
            or _cut_short(outcomes, fetched, misread, ended, waiting)
            or led_nowhere
            or _unseen(outcomes, unseen)
            or _lacking(expect, standing + older, fill_rate)
            or ("ok", "")
        )
    return RunVerdict(state=state, reason=reason, warnings=warnings)


_FAULT: Cause = ("failed", "items seen do not equal postings, rejects and duplicates: a fault of LureWatch, please report it")


def _refusal_cause(outcomes: Mapping[str, int], fetched: int, blocked: str, ended: str) -> Cause | None:
    """Return why nothing could be read; None when something was."""
    if blocked:
        return "blocked", f"the site refuses us ({blocked}); look at it with a browser, do not bypass it"
    if fetched:
        return None
    if outcomes.get("robots/unreachable"):
        return "blocked", "robots.txt could not be had, so nothing may be fetched"
    if outcomes.get("robots"):
        return "blocked", "robots.txt forbids every start address"
    if outcomes.get("changed/no_preview"):
        return "changed", "the channel shows no public preview: it does not exist, was renamed, or its owner closed it"
    if outcomes and not ended:
        return "failed", f"no page could be fetched: {_list_outcomes(outcomes)}"
    return None


def _cut_short(outcomes: Mapping[str, int], fetched: int, misread: int, ended: str, waiting: int) -> Cause | None:
    """Return why a part could not be read or parsed."""
    if ended:
        return "partial", f"stopped by {ended} with {waiting} addresses not visited"
    told = (*HARMLESS, "robots")
    lost = {name: n for name, n in outcomes.items() if name not in told and not name.startswith(("changed", GUESS))}
    if lost:
        return "partial", f"not fetched after retries: {_list_outcomes(lost)}"
    if misread and misread >= MISREAD * fetched:
        return "changed", f"{misread} of {fetched} pages lack what their parser needs; see the rejects and mend the parser"
    return None


def _led_nowhere(gone: int, asked: int) -> Cause | None:
    """Return how many adverts are not where the site leads to; None for few."""
    if gone < max(FEW, MISREAD * asked):
        return None
    return "changed", f"{gone} adverts that the site leads to answer 404 or 410 at once; open some in a browser, mend the parser"


def _unseen(outcomes: Mapping[str, int], unseen: str) -> Cause | None:
    """Return what the run did not see: what its lists announce, what robots.txt forbids."""
    count = outcomes.get("robots", 0)
    forbidden = f"robots.txt forbids {count} of the pages that the site leads to" if count else ""
    return ("partial", "; ".join(filter(None, (unseen, forbidden)))) if unseen or forbidden else None


def _lacking(expect: Expect, postings: int, fill_rate: Mapping[str, float]) -> Cause | None:
    """Return the minimum that was not reached."""
    if not postings and not expect.min.postings:
        return "empty", "no posting found"
    if postings < expect.min.postings:
        return "changed", f"{postings} postings, at least {expect.min.postings} expected"
    if thin := {name: rate for name, rate in expect.min.fill_rate.items() if fill_rate.get(name, 0.0) < rate}:
        rates = ", ".join(f"{name} {fill_rate.get(name, 0.0):.0%} (at least {rate:.0%})" for name, rate in thin.items())
        return "changed", f"fields are emptier than expected: {rates}"
    return None


def _list_outcomes(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{n} × {name}" for name, n in sorted(outcomes.items(), key=lambda item: -item[1]))


def find_same_pages(postings: Iterable[Posting]) -> list[Posting]:
    """Return the postings of a run that are one and the same page at several addresses: a wall, or a notice of the site.

    Adverts are put up again word for word, so words alone decide only where they state no fact of an advert and no contact.
    Where half of a run shows the same words, or the same bytes whatever they say, the addresses show no adverts.
    """
    fresh = [item for item in postings if item.capture and item.capture.run is None and not item.deleted]
    alike: dict[str, dict[str, Posting]] = defaultdict(dict)
    for item in fresh:
        assert item.capture
        bare = not item.media and not any(getattr(item, name) for name in _FACTS)
        words = _PASSING.sub("", f"{item.title}\n{item.text}") if bare else item.capture.sha256
        alike[words][item.capture.record_id] = item
    results: list[Posting] = []
    for words, same in alike.items():
        most = len(same) >= FEW and 2 * len(same) >= len(fresh)
        silent = "\n" in words and not _CONTACT.search(words)
        results += same.values() if most or (silent and len(same) > 1) else ()
    return results
