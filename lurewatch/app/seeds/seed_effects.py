"""What other seeds would do, told over the kept runs: adverts fewer found, kept or told, and where lists go from then on."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cronsim import CronSim

from crawlers.evidence.partition import Report, partitions, read_postings, read_report, reports
from crawlers.items import Posting
from crawlers.sources.source import Source
from crawlers.sources.source_replay import replay_source
from desk.platforms import Platforms, routes_of
from enrichment.assess import Assessor
from enrichment.lexicon.lexicon import lexicon
from foundation.address_patterns import is_allowed
from foundation.crawl_errors import PartitionError
from lurewatch.app.in_force import InForce
from lurewatch.app.lures.replay import changes, postings, rule_key

WORDS = frozenset({"title", "summary", "note", "verified", "operator.name"})
"""Keys of a source that people read and nothing else follows."""
COUNTED = ("enabled", "crawl.include", "crawl.exclude", "crawl.fields", "retention_days", "schedule")
"""Keys whose effect is counted; what another one comes to, only a run tells."""
LONGEST, NAMED, MONTH = 120, 3, timedelta(days=28)


class Effects(NamedTuple):
    """Sentences about a change; the first reduce something, or send it elsewhere."""

    reduces: list[str]
    other: list[str]


class KeptRun(NamedTuple):
    """The newest run of a source that brought adverts."""

    postings: tuple[Posting, ...] = ()
    requests: int = 0


Newest = Callable[[str], KeptRun]


def find_effects(before: InForce, after: InForce, runs: str, *, texts: int | None = None) -> Effects:
    """Return what ``after`` does that ``before`` does not, over the kept runs at ``runs``; ``texts`` are judged anew, all for
    None."""
    newest = cache(partial(_newest_run, runs))
    old, new = ({source.name: source for source in each.sources} for each in (before, after))
    effects = Effects([], [])
    for name in sorted(old.keys() | new.keys()):
        if (was := old.get(name)) != (is_now := new.get(name)):
            effects.reduces.extend(_count_lost(name, was, is_now, newest, runs))
            for key, words in _describe_fields(was, is_now):
                if key in WORDS or was is None or not was.enabled:
                    effects.other.append(f"{name}: {words}")
                    continue
                risk = "" if key.startswith(COUNTED) else f"; {len(newest(name).postings)} adverts in its newest run"
                effects.reduces.append(f"{name}: {words}{risk}")
    effects.reduces.extend(_compare_receivers(before.receivers, after.receivers))
    effects.reduces.extend(_count_told_elsewhere(before, after, newest))
    if changed := sorted(find_changed(_judging_files(before.seeds), _judging_files(after.seeds))):
        effects.other.extend(f"{name} changes" for name in changed)
        effects.reduces.extend(_name_lost_rules(before, after))
        effects.reduces[:0] = _count_spared(before, after, runs, texts, effects.other)
    return effects


def _newest_run(runs: str, name: str) -> KeptRun:
    for partition in reversed(partitions(runs, name)):
        try:
            found = tuple(each for each in read_postings(partition) if not each.deleted)
            if found:
                return KeptRun(found, read_report(partition).requests)
        except PartitionError:
            continue
    return KeptRun()


def _count_lost(name: str, old: Source | None, new: Source | None, newest: Newest, runs: str) -> Iterator[str]:
    """Yield how many adverts a change of a source loses, as far as its kept runs tell."""
    if old is None or not old.enabled:
        return
    kept, total = newest(name), len(newest(name).postings)
    if new is None or not new.enabled:
        gone = "is removed" if new is None else "is switched off"
        yield f"{name} {gone}: {total} adverts of its newest run are not found any more"
        if new is None:
            return
    if lost := sum(_is_crawled(old, each) and not _is_crawled(new, each) for each in kept.postings):
        yield f"{name}: {lost} of the {total} adverts of its newest run are left out by include and exclude"
    if (old.crawl.fields, old.crawl.page) != (new.crawl.fields, new.crawl.page):
        yield from _count_unread(new, runs)
    if new.access.requests_per_run < min(old.access.requests_per_run, kept.requests):
        yield f"{name}: {new.access.requests_per_run} requests a run; its newest run made {kept.requests} for {total} adverts"
    if (often := _runs_a_month(new)) < (before := _runs_a_month(old)):
        yield f"{name}: {often} runs in 28 days, {before} before"
    if new.retention_days < old.retention_days:
        yield _count_erased(old, new, runs)


def _count_unread(source: Source, runs: str) -> Iterator[str]:
    read = replay_source(runs, source)
    if read.adverts_after < read.adverts_before:
        missed = read.adverts_before - read.adverts_after
        yield f"{source.name}: {missed} of {read.adverts_before} adverts on {read.pages} kept pages are not read"
    for field, before, after in read.filled:
        if after < before:
            yield f"{source.name}: {field} is read in {after:.0%} of the adverts on kept pages, {before:.0%} before"


def _is_crawled(source: Source, posting: Posting) -> bool:
    return is_allowed(posting.url, source.crawl.include, source.crawl.exclude)


def _count_erased(old: Source, new: Source, runs: str) -> str:
    cutoff = datetime.now(UTC) - timedelta(days=new.retention_days)
    last: dict[str, datetime] = {}
    for partition, report in reports(runs, old.name):
        if isinstance(report, Report):
            last |= {each.id: report.finished_at for each in read_postings(partition)}
    due = sum(at < cutoff for at in last.values())
    return f"{old.name}: kept {new.retention_days} days, {old.retention_days} before: {due} of {len(last)} adverts are erased"


def _runs_a_month(source: Source) -> int:
    if source.cron is None:
        return 0
    turns = CronSim(source.cron, start := datetime(2026, 1, 1, tzinfo=UTC))
    count = 0
    while next(turns) < start + MONTH:
        count += 1
    return count


def _describe_fields(old: Source | None, new: Source | None) -> Iterator[tuple[str, str]]:
    """Yield each key that changes, and the change in words; one line for a source that is added or removed."""
    if old is None or new is None:
        source = old or new
        if source is not None and not source.enabled:
            yield "enabled", f"{'added' if old is None else 'removed'}, switched off"
        elif old is None:
            yield "enabled", "added, switched on"
        return
    before, after = (_flatten(each.model_dump(mode="json", by_alias=True)) for each in (old, new))
    for key in sorted(find_changed(before, after)):
        yield key, f"{key}: {_shorten(before.get(key))} -> {_shorten(after.get(key))}"


def _flatten(value: Any, at: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {at: value}
    return {name: each for key, part in value.items() for name, each in _flatten(part, f"{at}.{key}" if at else key).items()}


def _shorten(value: object) -> str:
    words = str("none" if value in (None, "", [], ()) else value)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def find_changed(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    """Return the keys under which two tables have not the same."""
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _compare_receivers(old: Platforms, new: Platforms) -> Iterator[str]:
    for key in sorted(find_changed(old.platforms, new.platforms)):
        was, is_now = old.platforms.get(key), new.platforms.get(key)
        here, there = (each.contact or "nobody" if each and each.enabled else "nobody" for each in (was, is_now))
        if here != there:
            yield f"lists of {key} go to {there}, to {here} before"
        if (
            was
            and is_now
            and (fields := [name for name in type(was).model_fields if getattr(was, name) != getattr(is_now, name)])
        ):
            yield f"receiver {key}: {', '.join(fields)} change"
    if clauses := sorted(find_changed(old.clauses, new.clauses)):
        yield f"the rules that notices may name change: {', '.join(clauses)}"


def _count_told_elsewhere(before: InForce, after: InForce, newest: Newest) -> Iterator[str]:
    moved: Counter[tuple[str, str, str]] = Counter()
    receives = [partial(_receiver_of, each.receivers, routes_of(each.sources)) for each in (before, after)]
    for source in before.sources:
        for posting in newest(source.name).postings:
            here, there = (receiver(posting) for receiver in receives)
            moved[source.name, here, there] += here != there
    for (name, here, there), count in moved.items():
        if count:
            yield f"{count} adverts of {name} are told to {there}, to {here} before"


def _receiver_of(platforms: Platforms, routes: Mapping[str, str], posting: Posting) -> str:
    key = platforms.of(posting.url, posting.source, routes)
    receiver = platforms.platforms.get(key or "")
    if receiver is None or not receiver.enabled or receiver.refusal(platforms.target(posting.url)):
        return "nobody"
    return f"{key} ({receiver.recipient})"


def _judging_files(folder: Path) -> dict[str, bytes]:
    files = [folder / "places.yml", *sorted((folder / "lures").rglob("*.yml"))]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files if file.is_file()}


def _name_lost_rules(before: InForce, after: InForce) -> Iterator[str]:
    """Yield how many rules of a language are looked for no longer, or otherwise."""
    old, new = (
        {
            (entry.language, *rule_key(entry))
            for entry in lexicon(each.seeds / "lures", use_cache=False).entries
            if entry.status == "active"
        }
        for each in (before, after)
    )
    for language, count in sorted(Counter(key[0] for key in old - new).items()):
        yield f"{language}: {count} active phrases are looked for no longer, or otherwise"


def _count_spared(before: InForce, after: InForce, runs: str, texts: int | None, other: list[str]) -> list[str]:
    """Return how many kept adverts are flagged no longer; add to ``other`` how many are now."""
    countries = {source.name: source.countries for source in before.sources}
    counts: Counter[str] = Counter()

    def read_counted() -> Iterable[Any]:
        for line in islice(postings(runs, lambda name: countries.get(name, ())), texts):
            counts["texts"] += 1
            yield line

    old, new = (Assessor(each.seeds, use_cache=False) for each in (before, after))
    named: list[str] = []
    for change in changes(read_counted(), old, new):
        counts[change.turned] += 1
        if change.turned == "spared" and len(named) < NAMED:
            named.append(" ".join((change.title or change.url or change.id).split())[:60])
    of = f"of {counts['texts']} kept texts judged anew"
    other.append(f"{counts['flagged']} adverts more are flagged, {counts['moved']} move without crossing the threshold, {of}")
    return [f"{counts['spared']} adverts fewer are flagged, {of}: {'; '.join(named)}"] if counts["spared"] else []
