"""What `lurewatch lures replay` tells of a draft's new rules, for people."""

from collections.abc import Iterator

from desk.highlighting import plain_line
from lurewatch.app.lures.draft_rules import DraftEstimate
from lurewatch.app.lures.replay_estimate import RuleEstimate


def render(draft_estimate: DraftEstimate) -> str:
    """Return an estimate as lines."""
    return "\n".join(_lines(draft_estimate))


def _lines(draft_estimate: DraftEstimate) -> Iterator[str]:
    for rule in draft_estimate.rules:
        yield from _rule(rule)
    queue = draft_estimate.queue
    source = "the desk's median" if queue.measured else "assumed; fewer than 20 decisions were timed"
    each = f"{queue.minutes_each:.1f} minutes a decision ({source})"
    if queue.minutes_per_week is None:
        yield (
            f"queue: {queue.flagged:+d} texts of all, {queue.flagged * queue.minutes_each:+.0f} minutes once, at {each}; "
            "one run only, so it cannot be told how many come a week"
        )
    else:
        yield (
            f"queue: {queue.minutes_per_week:+.1f} minutes a week, from {queue.flagged:+d} texts in {queue.weeks:.1f} weeks "
            f"at {each}"
        )


def _rule(rule: RuleEstimate) -> Iterator[str]:
    yield f"new rule {rule.place} {rule.indicator}: {plain_line(rule.phrase)}"
    week = "" if rule.per_week is None else f", {rule.per_week:.1f} new ones a week"
    yield f"    fires on {rule.hits} texts{week}; {rule.flagged} of them are flagged without it"
    others = "; ".join(f"{place} on {count}" for place, count in rule.overlaps)
    yield f"    {rule.same_indicator} show {rule.indicator} without it" + (f"; same words: {others}" if others else "")
    yield (
        f"    known: {rule.confirmed} confirmed, {rule.dismissed} dismissed; authored: {rule.authored_lures} lures, "
        f"{rule.authored_others} others"
    )
