"""What a site speaks is found out from its pages alone; each kind gets a source that loads."""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
import yaml
from ruamel.yaml import YAML

from crawlers.discovery.discover import NoPostings, next_page
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.discovery.proposal import Proposal, propose
from crawlers.sample_sites import FEEDS, TYPES
from crawlers.sources.source import TRIAL_REQUESTS, Source, load_source

TODAY = date(2026, 11, 25)
Answer = Callable[[PageRequest], FetchedPage]


def answers(folder: Path, base: str, **about: object) -> Answer:
    """Return a function that answers from the files of ``folder`` as a server at ``base`` would."""

    def answer(want: PageRequest) -> FetchedPage:
        path = folder / want.url.removeprefix(base).split("?")[0].strip("/")
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            return FetchedPage(wanted=want, url=want.url, status=404, error="HTTP 404")
        kind = FEEDS.get(file.name) or TYPES[file.suffix]
        body = file.read_bytes().replace(b"http://127.0.0.1:8101", base.encode()).replace(b"http://127.0.0.1:8105", base.encode())
        return FetchedPage(
            wanted=want, url=want.url, status=200, content_type=kind, body=body, robots="allowed: no rule", **about
        )

    return answer


def page(html: str, url: str = "https://site.example/", kind: str = "text/html") -> FetchedPage:
    """Return one page as it would have come."""
    return FetchedPage(
        wanted=PageRequest(url=url), url=url, status=200, content_type=kind, body=html.encode(), robots="allowed: no rule"
    )


def refused(error: str, robots: str = "") -> FetchedPage:
    """Return a first page that did not come."""
    return FetchedPage(wanted=PageRequest(url="https://x.example/"), url="https://x.example/", error=error, robots=robots)


def proposed(url: str, answer: Answer, tmp_path: Path) -> tuple[Proposal, Source]:
    """Return the proposal for a site, and the source it loads as."""
    pages: list[FetchedPage] = []
    while want := next_page(url, pages):
        pages.append(answer(want))
        assert len(pages) <= TRIAL_REQUESTS
    proposal = propose(url, pages, today=TODAY)
    path = tmp_path / f"{proposal.name}.yml"
    path.write_text(proposal.yaml, encoding="utf-8")
    return proposal, load_source(path)


def test_a_board_with_json_ld_pagination_and_sitemap(seeds: Path, tmp_path: Path) -> None:
    """Selector, sitemap, bounds and fill rates come from what was seen; robots.txt's delay is taken over."""
    base = "https://jobs.board.com.vn"
    answer = answers(seeds / "sample/jobboard-jsonld", base, sitemaps=(f"{base}/sitemap.xml",), crawl_delay=9.0)
    proposal, source = proposed(f"{base}/", answer, tmp_path)
    assert source.name == "vn_board"
    assert (source.crawl.spider, source.crawl.render) == ("board", False)
    assert source.crawl.follow == "article.card a"
    assert source.crawl.sitemap == f"{base}/sitemap.xml"
    assert source.access.delay_seconds == 9
    assert source.countries == ("VN",)
    assert source.languages[-1] == "vi"
    assert "JSON-LD" in proposal.speaks[0]
    assert source.expect.min.postings == 10
    assert source.expect.min.fill_rate["title"] == 0.8
    assert source.crawl.max_pages > 1


def test_a_board_in_microdata_rdfa_and_plain_html(seeds: Path, tmp_path: Path) -> None:
    """Each family of its detail pages is named."""
    answer = answers(seeds / "sample/jobboard-microdata", "https://ads.example")
    proposal, source = proposed("https://ads.example/", answer, tmp_path)
    assert source.crawl.spider == "board"
    assert "RDFa and microdata and plain HTML" in proposal.speaks[0]
    assert proposal.look.items == 10


def test_a_channel_by_any_form_of_its_address(seeds: Path, tmp_path: Path) -> None:
    """t.me/name, t.me/name/123 and t.me/s/name are one channel, and only its preview is asked for."""
    text = (seeds / "sample/telegram-preview/s/sample_sea_jobs_mix/index.html").read_text(encoding="utf-8")
    for form in (
        "https://t.me/sample_sea_jobs_mix",
        "https://t.me/sample_sea_jobs_mix/123",
        "https://t.me/s/sample_sea_jobs_mix",
    ):
        asked: list[str] = []

        def answer(want: PageRequest, asked: list[str] = asked) -> FetchedPage:
            asked.append(want.url)
            return page(text, want.url)

        _, source = proposed(form, answer, tmp_path)
        assert asked == ["https://t.me/s/sample_sea_jobs_mix"]
        assert (source.crawl.spider, source.kind) == ("channel", "public_channel")
        assert source.crawl.start == ("https://t.me/s/sample_sea_jobs_mix",)
        assert source.name == "int_sample_sea_jobs_mix_channel"


def test_feeds_that_a_page_announces(seeds: Path, tmp_path: Path) -> None:
    """RSS and Atom become the start addresses."""
    _, source = proposed("https://f.example/", answers(seeds / "sample/feed", "https://f.example"), tmp_path)
    assert source.crawl.spider == "feed"
    assert source.crawl.start == ("https://f.example/rss.xml", "https://f.example/atom.xml")
    assert source.expect.min.postings == 12


def test_a_forum_by_its_software(seeds: Path, tmp_path: Path) -> None:
    """The selector of its threads is the software's own."""
    proposal, source = proposed("https://talk.example/", answers(seeds / "sample/forum", "https://talk.example"), tmp_path)
    assert source.crawl.spider == "forum"
    assert source.crawl.follow == "a.topictitle"
    assert "phpbb" in proposal.speaks[0]


def test_a_json_api_by_the_names_of_its_keys(seeds: Path, tmp_path: Path) -> None:
    """Items, facts and the next page are found at their dotted paths."""
    _, source = proposed("https://a.example/listings.json", answers(seeds / "sample/js-board", "https://a.example"), tmp_path)
    paths = source.crawl.json_paths
    assert paths
    assert (paths.items, paths.id, paths.title, paths.text, paths.next) == ("items", "id", "title", "body", "next")


def test_nested_json_is_found_too(tmp_path: Path) -> None:
    """The list with most facts wins over a longer one of something else."""
    body = (
        '{"meta": {"filters": [{"k": 1}, {"k": 2}, {"k": 3}]}, "data": {"jobs": ['
        '{"jobNo": 1, "jobName": "Cook", "company": {"name": "A"}, "link": {"job": "/j/1"}},'
        '{"jobNo": 2, "jobName": "Nurse", "company": {"name": "B"}, "link": {"job": "/j/2"}}]}}'
    )
    _, source = proposed("https://api.example/search", lambda want: page(body, want.url, "application/json"), tmp_path)
    paths = source.crawl.json_paths
    assert paths
    assert (paths.items, paths.id, paths.title, paths.company) == ("data.jobs", "jobNo", "jobName", "company.name")


def test_a_page_that_a_script_fills_is_rendered_and_scrolled(tmp_path: Path) -> None:
    """What grows on scrolling is scrolled; the waiting selector is the one of the adverts."""

    def cards(count: int) -> str:
        text = "Kitchen help wanted in a hotel, two shifts, room and board, apply at the desk."
        shown = "".join(f"<article class=job><h2>Cook {n}</h2><p>{text}</p></article>" for n in range(count))
        return f"<h1>Board</h1><div>{shown}</div>"

    def answer(want: PageRequest) -> FetchedPage:
        html = cards(24 if want.scroll else 8) if want.render else "<h1>Board</h1><script src=app.js></script><div id=list></div>"
        return FetchedPage(wanted=want, url=want.url, status=200, content_type="text/html", body=html.encode())

    proposal, source = proposed("https://drawn.example/", answer, tmp_path)
    assert (source.crawl.render, source.crawl.scroll, source.crawl.wait_for) == (True, True, "article.job")
    assert proposal.look.items == 24


@pytest.mark.parametrize(
    ("fetched", "message"),
    [
        (refused("robots", "denied: Disallow: /"), "robots.txt forbids"),
        (refused("blocked (captcha)"), "ask its operator for access"),
        (refused("HTTP 503"), "could not be read"),
        (page("[1, 2, 3]", kind="application/json"), "JSON without a list"),
        (page("{broken", kind="application/json"), "begins like JSON"),
    ],
)
def test_what_cannot_be_crawled_is_said_with_what_to_do(fetched: FetchedPage, message: str) -> None:
    """No proposal is made of a refusal."""
    assert next_page("https://x.example/", [fetched]) is None
    with pytest.raises(NoPostings, match=message):
        propose("https://x.example/", [fetched], today=TODAY)


def test_a_single_advert_is_not_taken_for_a_list(seeds: Path) -> None:
    """The address of the list is asked for."""
    answer = answers(seeds / "sample/jobboard-jsonld", "https://b.example")
    first = answer(PageRequest(url="https://b.example/jobs/barista-cebu-1005.html"))
    assert next_page(first.url, [first]) is None
    with pytest.raises(NoPostings, match="this is one advert"):
        propose(first.url, [first], today=TODAY)


def test_an_empty_page_is_rendered_before_giving_up() -> None:
    """Twice: as it comes, and scrolled; then there is nothing."""
    pages: list[FetchedPage] = []
    while want := next_page("https://empty.example/", pages):
        pages.append(FetchedPage(wanted=want, url=want.url, status=200, content_type="text/html", body=b"<h1>Hello</h1>"))
    assert [(one.wanted.render, one.wanted.scroll) for one in pages] == [(False, False), (True, False), (True, True)]
    with pytest.raises(NoPostings, match="give the page that lists them"):
        propose("https://empty.example/", pages, today=TODAY)


def test_a_sitemap_is_taken_as_one(seeds: Path, tmp_path: Path) -> None:
    """Its addresses are the detail pages; the list to start from is left to a person."""
    answer = answers(seeds / "sample/jobboard-jsonld", "https://b.example")
    proposal, source = proposed("https://b.example/sitemap.xml", answer, tmp_path)
    assert (source.crawl.spider, source.crawl.sitemap) == ("board", "https://b.example/sitemap.xml")
    assert source.crawl.start == ("https://b.example/",)
    assert "Given was a sitemap" in proposal.yaml


def test_a_board_whose_menu_comes_first_and_list_is_drawn(tmp_path: Path) -> None:
    """Links that lead to no advert do not keep a page from being rendered."""
    menu = "".join(f"<p><a href=/q/{n}>More about service {n}</a></p>" for n in range(5))
    text = "Kitchen help wanted, two shifts. " * 3
    drawn = "".join(f"<article class=ad><h2>Cook {n}</h2><p>{text}</p></article>" for n in range(9))

    def answer(want: PageRequest) -> FetchedPage:
        if "/q/" in want.url:
            return page("<h1>About</h1><p>We are an agency.", want.url)
        html = f"<main>{menu}<div>{drawn if want.render else ''}</div></main>"
        return FetchedPage(wanted=want, url=want.url, status=200, content_type="text/html", body=html.encode())

    _, source = proposed("https://drawn.example/", answer, tmp_path)
    assert (source.crawl.render, source.crawl.scroll, source.crawl.wait_for) == (True, False, "article.ad")


def test_one_topic_of_a_forum_is_not_a_section(seeds: Path) -> None:
    """The address of the section is asked for."""
    first = answers(seeds / "sample/forum", "https://f.example")(PageRequest(url="https://f.example/viewtopic-t1.html"))
    with pytest.raises(NoPostings, match="this is one topic"):
        propose(first.url, [first], today=TODAY)


def test_links_of_a_menu_are_no_list(tmp_path: Path) -> None:
    """A page of an agency with a menu and no adverts is not taken for a board, however much its pages say."""
    menu = "".join(f'<li><a href="/p/{n}">Service number {n}</a></li>' for n in range(9))
    words = "<h1>About us</h1><p>" + "We help companies find their way in the region since 1998. " * 5

    def answer(want: PageRequest) -> FetchedPage:
        more = "".join(f"<p><a href=/q/{n}>More {n}</a></p>" for n in range(4))
        html = f"<ul class=menu>{menu}</ul><main>{more}{words}"
        return FetchedPage(wanted=want, url=want.url, status=200, content_type="text/html", body=html.encode())

    with pytest.raises(NoPostings, match="give the"):
        proposed("https://agency.example/", answer, tmp_path)


def test_titles_of_hostile_pages_stay_text(tmp_path: Path) -> None:
    """A page's name cannot add a line to the file or an escape to a terminal."""
    links = "".join(f'<li class=job><a href="/job/{n}">Kitchen help in a hotel, two shifts {n}</a> Hanoi</li>' for n in range(6))
    name = 'x"\nenabled: true\n# \x1b[2J'

    def answer(want: PageRequest) -> FetchedPage:
        if "/job/" in want.url:
            return page(f"<h1>Cook</h1><p>Company: A</p><p>Location: Hanoi</p><p>{'Kitchen help wanted. ' * 9}</p>", want.url)
        return page(f"<title>{name}</title><ul>{links}</ul>", want.url)

    proposal, source = proposed("https://evil.example/", answer, tmp_path)
    assert source.enabled is False
    assert "\x1b" not in proposal.yaml


@pytest.mark.parametrize(("after", "proposes"), [(4, False), (9, True)])
def test_a_click_is_proposed_only_when_it_brought_more(tmp_path: Path, after: int, proposes: bool) -> None:
    """A list without detail pages, drawn by script, with a button for more."""
    words = "Noodles for fifty guests a day, contract and insurance from the first day."

    def answer(want: PageRequest) -> FetchedPage:
        count = 0 if not want.render else after if want.click else 4
        cards = "".join(f'<article class="job"><h3>Cook {number}</h3><p>{words}</p></article>' for number in range(count))
        button = '<button class="load-more">Load more</button>' if want.render else ""
        body = f"<html><body><div id=app>{cards}{button}</div></body></html>".encode()
        return FetchedPage(wanted=want, url=want.url, status=200, content_type="text/html", body=body, robots="allowed: no rule")

    proposal, source = proposed("https://site.example/", answer, tmp_path)
    assert [step.label for step in source.crawl.steps] == (["click button.load-more (until gone)"] if proposes else [])
    assert any("more behind the button" in said for said in proposal.speaks) == proposes


JOB = "<h1>Cook</h1><p>Company: A</p><p>Location: Hanoi</p><p>" + "Kitchen help wanted, two shifts a day. " * 4
SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<?xml version="1.0"?><sitemapindex>{}</sitemapindex>'


def locations(kind: str, *paths: str) -> str:
    """Return the entries of a sitemap."""
    return "".join(f"<{kind}><loc>https://s.example{path}</loc></{kind}>" for path in paths)


def site_of(pages: dict[str, str], asked: list[PageRequest]) -> Answer:
    """Return a function that answers with these pages, an advert below ``/job/`` and an empty page elsewhere."""

    def answer(want: PageRequest) -> FetchedPage:
        asked.append(want)
        path = want.url.removeprefix("https://s.example")
        text = pages.get(path) or ("<main>" + JOB if path.startswith("/job/") else "<main><h1>About us</h1></main>")
        return page(text, want.url, "application/xml" if text.startswith("<?xml") else "text/html")

    return answer


MAPS = {
    "of adverts": {"/sitemap.xml": SITEMAP.format(locations("url", "/", "/about", *(f"/job/{n}" for n in range(9))))},
    "an index": {
        "/sitemap.xml": INDEX.format(locations("sitemap", "/pages.xml", "/jobs.xml")),
        "/pages.xml": SITEMAP.format(locations("url", "/about")),
        "/jobs.xml": SITEMAP.format(locations("url", *(f"/job/{n}" for n in range(9)))),
    },
    "in text": {"/sitemap.xml": "".join(f"https://s.example/job/{n}\n" for n in range(9))},
}


@pytest.mark.parametrize("name", MAPS)
def test_a_sitemap_is_proposed_to_be_read_as_one(tmp_path: Path, name: str) -> None:
    """And never shown to a browser, whose XML viewer is no board."""
    asked: list[PageRequest] = []
    proposal, source = proposed("https://s.example/sitemap.xml", site_of(MAPS[name], asked), tmp_path)
    assert (source.crawl.spider, source.crawl.sitemap, source.crawl.render) == ("board", "https://s.example/sitemap.xml", False)
    assert "sitemap" in proposal.speaks[0]
    assert not any(want.render for want in asked)


@pytest.mark.parametrize("sizes", [(8, 8, 8), (2, 22), (3,) * 8, (12,) * 20])
@pytest.mark.parametrize("given", ["/sitemap.xml", "/jobs"])
def test_all_files_of_a_sitemap_have_room_in_a_run(tmp_path: Path, sizes: tuple[int, ...], given: str) -> None:
    """Packed or not: the requests and the bounds of the file are those of the index, also where it stands beside a list."""
    files = [f"/jobs-{at}.xml.gz" for at in range(len(sizes))]
    pages = {"/sitemap.xml": INDEX.format(locations("sitemap", *files))}
    for at, size in enumerate(sizes):
        pages[files[at]] = SITEMAP.format(locations("url", *(f"/job/{at}-{n}" for n in range(size))))
    pages["/jobs"] = "".join(
        f'<li><h3><a href="/job/0-{n}">Kitchen help {n} in a hotel</a></h3><p>Hanoi, nights' for n in range(4)
    )
    answer = site_of(pages, [])

    def announcing(want: PageRequest) -> FetchedPage:
        return msgspec.structs.replace(answer(want), sitemaps=("https://s.example/sitemap.xml",))

    proposal, source = proposed(f"https://s.example{given}", announcing, tmp_path)
    assert source.crawl.sitemap == "https://s.example/sitemap.xml"
    assert source.access.requests_per_run >= sum(sizes) + len(sizes) + 2
    assert source.expect.max is not None
    assert source.expect.max.postings >= sum(sizes) >= source.expect.min.postings
    assert f"{sum(sizes)} addresses in {len(sizes)} files" in " ".join(proposal.speaks)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SITEMAP.format(locations("url", "/about", "/contact", "/terms")), "a sitemap of 3 addresses, of which 3 were looked at"),
        (SITEMAP.format(""), "a sitemap of 0 addresses"),
        (INDEX.format(locations("sitemap", "/none.xml")), "a sitemap of 0 addresses"),
        ('<?xml version="1.0"?><opml><body><outline text="a"/></body></opml>', "XML \\(<opml>\\) that is no feed"),
        ('<?xml version="1.0"?><error><code>404</code></error>', "XML \\(<error>\\)"),
    ],
)
def test_xml_that_leads_to_no_advert_is_said_and_not_rendered(tmp_path: Path, text: str, message: str) -> None:
    asked: list[PageRequest] = []
    with pytest.raises(NoPostings, match=message):
        proposed("https://s.example/sitemap.xml", site_of({"/sitemap.xml": text}, asked), tmp_path)
    assert not any(want.render for want in asked)


HOSTILE = [
    "jobs\nverified: 2026-11-01\n#", "a\r\nenabled: true", "a\u2028b", "a\u2029b", "a\x85b", "a\x00b", "\x1b[2J", "a: b",
    "a # b", "# a",
    "&anchor", "*alias", "!!python/object:os.system", "%TAG", "- item", "? key", "{a: b}", "[a]", "'", '"', "\\", "`", "@a",
    "| a", "> a", "yes", "no", "null", "~", "123", "1e3", "0o17", "2026-11-01", "12:30:45", "=", "<<", " lead", "trail ", "\t",
    "",
    "...", "---", "\ufeff", "\u202egnp.exe", "\U0001f600", "x" * 500, "\ud800", "việc làm", "${HOME}", "{{ 7 }}", "{page}", "a.b",
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE, ids=[repr(word)[:30] for word in HOSTILE])
def test_no_word_of_a_site_writes_into_the_file(tmp_path: Path, word: str) -> None:
    """Keys, titles and addresses of an answer are data: the file reads back as what is proposed, and is never in force."""
    word = word.encode("utf-8", "replace").decode()
    jobs = [
        {"id": n, f"{word} id": n, "title": f"Cook {n} {word}", word or "k": word, "description": "Noodles. " * 9}
        for n in range(6)
    ]
    links = "".join(f'<li class=job><a href="/job/{n}">Kitchen help {n} in a hotel</a> Hanoi</li>' for n in range(6))
    terms = f'<a href="/terms?{html.escape(word, quote=True)}">Terms of use</a>'
    board = f"<html lang='{html.escape(word, quote=True)}'><title>{html.escape(word)}</title><ul>{links}</ul>{terms}"
    for answer in (
        json.dumps({word: jobs}),
        json.dumps({"a": {word: {"jobs": jobs}}}),
        json.dumps({"jobs": jobs, "meta": {f"next{word}": word, "next": f"/jobs?{word}"}}),
        board,
    ):
        pages = {"/list": answer}
        try:
            proposal, source = proposed("https://s.example/list", site_of(pages, []), tmp_path)
        except NoPostings as exc:
            assert "\n" not in str(exc)
            continue
        assert YAML(typ="safe", pure=True).load(proposal.yaml) == proposal.values
        assert (source.enabled, source.verified, source.access.terms_checked) == (False, None, None)
        assert [line for line in proposal.yaml.splitlines() if re.match(r"\s*(verified|terms_checked|review_by)\s*:", line)] == []
        assert list(yaml.safe_load(proposal.yaml)) == list(proposal.values)


def test_an_address_that_a_site_writes_is_data_too(tmp_path: Path) -> None:
    """Of feeds that a page announces."""
    feed = '<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs\nenabled: true</title>' + "".join(
        f"<item><title>Cook {n}</title><link>https://s.example/job/{n}</link><description>{'Noodles. ' * 9}</description></item>"
        for n in range(5)
    )
    head = '<link rel="alternate" type="application/rss+xml" href="/feed?a\u2028verified: 2026-11-01&b=#c">'

    def answer(want: PageRequest) -> FetchedPage:
        return page(feed + "</channel></rss>" if "/feed" in want.url else f"<head>{head}</head><p>x", want.url)

    proposal, source = proposed("https://s.example/", answer, tmp_path)
    assert source.crawl.spider == "feed"
    assert "%E2%80%A8" in source.crawl.start[0]
    assert YAML(typ="safe", pure=True).load(proposal.yaml) == proposal.values
