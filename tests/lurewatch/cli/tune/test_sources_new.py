"""The software that boards run on, served on loopback: `sources new` proposes a source, and its runs bring every advert."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from crawlers import crawl_run, process
from crawlers.discovery import source_trials
from crawlers.discovery.guided_fetch import fetching
from crawlers.evidence.partition import read_postings
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import Access, Crawl, Operator, Source, Trial, load_source
from lurewatch.cli.tune.sources_new import add
from lurewatch.settings import Settings
from tests.software import warm_child
from tests.software.adverts import adverts
from tests.software.families import FAMILIES
from tests.software.site import Family, SoftwareSite, served

OPTIONS = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)


class FamilyResult(NamedTuple):
    """What two runs of one proposed source brought; between them one advert was added."""

    states: tuple[str, str]
    adverts: tuple[int, int]
    missing: tuple[set[int], set[int]]
    """Numbers of the adverts that a run did not bring."""
    requests: tuple[int, int]
    whole: tuple[int, int]
    """Answers that were sent whole; the others were HTTP 304."""
    failed: list[str]
    """Addresses that were answered with an error."""
    repeated: list[str]
    """Addresses that one run asked for twice."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, FamilyResult]]:
    """Look at every site with one fetching process, run each proposed source twice."""
    folder = tmp_path_factory.mktemp("software")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "start_child", warm_child.start_child)
        sites = {family: stack.enter_context(served(family.pages(adverts(family.count)))) for family in FAMILIES}
        sources = proposed(sites, folder, patch)
        with ThreadPoolExecutor(4) as pool:
            runs = pool.map(lambda family: two_runs(family, sites[family], sources[family.name], folder), FAMILIES)
            by_name = {family.name: result for family, result in zip(FAMILIES, runs, strict=True)}
        yield by_name


def proposed(sites: dict[Family, SoftwareSite], folder: Path, patch: pytest.MonkeyPatch) -> dict[str, Source]:
    """Return what `sources new` writes for each site, with the passport filled in as an operator would; one process fetches."""
    starts = {family.name: site.url + family.start for family, site in sites.items()}
    settings = Settings(seeds=folder / "seeds", allow_loopback=True)
    looking = Source(
        name="look",
        title="look",
        summary="one look at every site",
        kind="job_board",
        operator=Operator(name="Tests", url=next(iter(starts.values()))),
        access=Access(delay_seconds=0),
        crawl=Crawl(spider="board", start=tuple(starts.values())),
    )
    sources = {}
    with fetching(looking, OPTIONS, Trial.SOURCES_NEW) as fetcher:
        patch.setattr(source_trials, "fetching", lambda *_: nullcontext(fetcher))
        for number, (name, url) in enumerate(starts.items()):
            fetcher.asked = 0
            add(settings, url, f"family_{number}", yes=True, dry_run=False, cases=folder / "cases", as_json=False)
            path = settings.seeds / "sources" / f"family_{number}.yml"
            text = re.sub(r"  # terms_checked: .*", "  terms_checked: 2026-11-01", path.read_text(encoding="utf-8"))
            path.write_text(re.sub(r"  # review_by: .*", "  review_by: 2099-01-01", text), encoding="utf-8")
            sources[name] = load_source(path)
    return sources


def two_runs(family: Family, site: SoftwareSite, source: Source, folder: Path) -> FamilyResult:
    """Run the source, add one advert, run it again."""
    states, missing, counts, requests, whole, failed, repeated = [], [], [], [], [], [], []
    for more in (0, 1):
        items = adverts(family.count + more)
        site.show(family.pages(items))
        site.asked.clear()
        address, report = crawl_run.crawl(source, runs=str(folder / "runs"), state=folder / "state", options=OPTIONS)
        texts = "\n".join(posting.text or "" for posting in read_postings(address))
        states.append(f"{report.state} {report.reason}".strip())
        missing.append({advert.number for advert in items} - {int(n) for n in re.findall(r"\bhr(\d+)@example", texts)})
        counts.append(len(items))
        requests.append(len(site.asked))
        whole.append(sum(status == 200 for _, status in site.asked))
        failed += [path for path, status in site.asked if status >= 400]
        repeated += site.repeated()
    return FamilyResult(
        (states[0], states[1]), (counts[0], counts[1]), (missing[0], missing[1]), (requests[0], requests[1]),
        (whole[0], whole[1]), failed, repeated,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [family.name for family in FAMILIES])
def test_two_runs_of_the_proposed_source_bring_every_advert(name: str, results: dict[str, FamilyResult]) -> None:
    """The second fetches whole only the lists and what is new; no run meets an error or asks for an address twice, but for the
    head of its list, which is asked for again at the end."""
    result = results[name]
    assert (result.states, result.missing) == (("ok", "ok"), (set(), set()))
    assert (result.failed, len(set(result.repeated)) <= 1, len(result.repeated) <= 2) == ([], True, True)
    lists = result.requests[0] - result.adverts[0]
    assert result.whole[1] <= min(max(lists, 4) + 2, 6)  # docs/crawling.md says six
