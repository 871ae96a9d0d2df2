"""What a finished run amounts to: its state, in words why, and the warnings that do not change it.

The state answers one question for the operator: may I trust that this partition shows what the site shows? Order matters,
the first that applies stands: failed, blocked, partial, empty, changed, ok.
"""

from collections.abc import Iterable, Mapping

import msgspec

from crawlers.items import Posting
from crawlers.partition import State
from crawlers.sources.source import Expect

FIELDS = ("title", "text", "company", "location", "pay", "posted_at", "author", "contacts", "media")
"""Fields whose fill rate stands in each report, besides those a source expects."""
HARMLESS = ("ok", "unchanged", "http/404", "http/410", "robots", "error/AddressRefused", "error/TooLarge")
"""Outcomes of a step after which nothing is missing: gone, forbidden or refused on purpose."""
MISREAD = 0.2
"""Share of pages that lack what their parser needs, from which on the site counts as changed."""


class RunVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """State of a run, why, and what else the operator should know."""

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
            filled[name] += getattr(posting, name) not in (None, "", ())
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
    reconciles: bool = True,
) -> RunVerdict:
    """Return what a run amounts to.

    ``standing``: postings that are not notices of deletion; ``outcomes``: steps by outcome; ``blocked`` and ``ended``: why it
    stopped early; ``waiting``: steps it did not take; ``older``: postings that earlier runs read and this one had no need to,
    they count for the minimum; ``unseen``: what the site announced and the run did not see, in words.
    """
    warnings = []
    if expect.max and standing > expect.max.postings:
        warnings.append(f"{standing} postings, more than the {expect.max.postings} expected")
    lost = {name: n for name, n in outcomes.items() if name not in HARMLESS and not name.startswith("changed")}
    fetched = outcomes.get("ok", 0) + outcomes.get("unchanged", 0) + outcomes.get("changed", 0)

    def found(state: State, reason: str) -> RunVerdict:
        return RunVerdict(state=state, reason=reason, warnings=tuple(warnings))

    if not reconciles:
        return found("failed", "items seen do not equal postings, rejects and duplicates: a fault of LureWatch, please report it")
    if blocked:
        return found("blocked", f"the site refuses us ({blocked}); look at it with a browser, do not bypass it")
    if not fetched and outcomes.get("robots/unreachable"):
        return found("blocked", "robots.txt could not be had, so nothing may be fetched")
    if not fetched and outcomes.get("robots"):
        return found("blocked", "robots.txt forbids every start address")
    if not fetched and outcomes.get("changed/no_preview"):
        return found("changed", "the channel shows no public preview: it does not exist, was renamed, or its owner closed it")
    if not fetched and outcomes and not ended:
        return found("failed", f"no page could be fetched: {_listed(outcomes)}")
    if ended:
        return found("partial", f"stopped by {ended} with {waiting} addresses not visited")
    if lost:
        return found("partial", f"not fetched after retries: {_listed(lost)}")
    misread = rejected.get("page_changed", 0)
    if misread and misread >= MISREAD * fetched:
        return found("changed", f"{misread} of {fetched} pages lack what their parser needs; see the rejects and mend the parser")
    if unseen:
        return found("partial", unseen)
    if not standing + older and not expect.min.postings:
        return found("empty", "no posting found")
    if standing + older < expect.min.postings:
        return found("changed", f"{standing + older} postings, at least {expect.min.postings} expected")
    thin = {name: rate for name, rate in expect.min.fill_rate.items() if fill_rate.get(name, 0.0) < rate}
    if thin:
        told = ", ".join(f"{name} {fill_rate.get(name, 0.0):.0%} (at least {rate:.0%})" for name, rate in thin.items())
        return found("changed", f"fields are emptier than expected: {told}")
    return found("ok", "")


def _listed(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{n} × {name}" for name, n in sorted(outcomes.items(), key=lambda item: -item[1]))
