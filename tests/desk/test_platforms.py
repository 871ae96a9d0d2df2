"""Receivers: those of platforms.yml, and sources that are their own."""

import pytest

from crawlers.crawl_errors import SourceError
from crawlers.sources.source import Takedown, load_sources
from desk.platforms import load_platforms, routes_of


@pytest.fixture
def source(seeds):
    """Return a function that makes a source with a takedown route."""
    whole = next(one for one in load_sources(seeds) if one.name == "sample_board")

    def make(**route):
        route = route if "platform" in route else {"item": r"^https://own\.example\.org/jobs/\d+$"} | route
        operator = whole.operator.model_copy(update={"takedown": Takedown(**route)})
        return whole.model_copy(update={"name": "own_board", "operator": operator})

    return make


def test_a_source_with_a_contact_is_its_own_receiver(seeds, source):
    found = load_platforms(seeds, [source(contact="abuse@own.example.org", format="xarf")])
    own = found.platforms["own_board"]
    assert (own.formats, own.contact) == (("json", "xarf"), "abuse@own.example.org")
    assert found.of("https://own.example.org/jobs/1", "own_board", {}) == "own_board"
    assert own.refusal("https://own.example.org/jobs/1") is None
    for other in ("", "jobs", "category/3", "jobs/1/apply"):
        assert own.refusal(f"https://own.example.org/{other}") is not None
    assert own.refusal("https://elsewhere.example.org/jobs/1") is not None


def test_a_source_may_name_a_platform_and_a_wrong_name_is_refused(seeds, source):
    named = source(platform="sample_boards")
    assert routes_of([named]) == {"own_board": "sample_boards"}
    assert load_platforms(seeds, [named]).of("https://x.example.org/1", "own_board", routes_of([named])) == "sample_boards"
    with pytest.raises(SourceError, match=r"own_board\.yml: operator\.takedown\.platform: 'nowhere' is not in"):
        load_platforms(seeds, [source(platform="nowhere")])


@pytest.mark.parametrize("route", [{"contact": "nobody"}, {"contact": "a@b.example", "format": "fax"}])
def test_a_route_that_leads_nowhere_is_refused_by_file(seeds, source, route):
    with pytest.raises(SourceError, match=r"own_board\.yml"):
        load_platforms(seeds, [source(**route)])


def test_hosts_match_themselves_and_what_is_below_them_only(seeds):
    found = load_platforms(seeds)
    assert found.of("https://t.me/a/1", "x", {}) == "telegram"
    assert found.of("https://vn.jobstreet.com/job/1", "x", {}) == "jobstreet"
    assert found.of("https://evil-jobstreet.com/job/1", "x", {}) is None
    assert found.of("https://jobstreet.com.evil.example/job/1", "x", {}) is None


TELEGRAM_ITEMS = [
    "https://t.me/viec_lam_sample/12",
    "https://t.me/sample/1",
    "https://telegram.me/sample_jobs/999999999",
    "https://t.me/Sample_Jobs_2/12345",
    "https://t.me/joinchat_sample/7",
    "https://t.me/shares/7",
    "https://t.me/proxy_jobs/7",
    "https://t.me/boosted/7",
    "https://t.me/jobs/12",
]
TELEGRAM_OTHERS = [
    *("https://t.me", "https://t.me/", "https://t.me/sample_jobs", "https://t.me/sample_jobs/", "https://t.me/s/sample_jobs"),
    *(
        "https://t.me/s/sample_jobs/12",
        "https://t.me/s/sample_jobs?before=12",
        "https://t.me/s/12",
        "https://t.me/c/1234567890/12",
    ),
    *("https://t.me/c/12/34/56", "https://t.me/+AbCdEfGhIjKl", "https://t.me/+84901234567", "https://t.me/+123/45"),
    *(
        "https://t.me/joinchat/AAAAAEb1Sample",
        "https://t.me/joinchat/123456",
        "https://t.me/addlist/Ab12Cd34",
        "https://t.me/addlist/1234",
    ),
    *("https://t.me/share/url?url=https://example.org", "https://t.me/share/1", "https://t.me/addstickers/SamplePack"),
    *(
        "https://t.me/addstickers/123",
        "https://t.me/addemoji/12",
        "https://t.me/addtheme/12",
        "https://t.me/proxy?server=a&port=1",
    ),
    *(
        "https://t.me/proxy/12",
        "https://t.me/socks?server=a",
        "https://t.me/socks/1",
        "https://t.me/iv?url=https://example.org/1",
    ),
    *("https://t.me/iv/12", "https://t.me/boost/sample_jobs", "https://t.me/boost/12", "https://t.me/sample_jobs?boost"),
    *("https://t.me/bg/12", "https://t.me/m/12", "https://t.me/a/12", "https://t.me/nft/12", "https://t.me/login/12345"),
    *("https://t.me/setlanguage/12", "https://t.me/giftcode/12", "https://t.me/contact/12", "https://t.me/invoice/12"),
    *(
        "https://t.me/confirmphone/12",
        "https://t.me/call/12",
        "https://t.me/$12",
        "https://t.me/%2B123/4",
        "https://t.me/sample_jobs/0",
    ),
    *(
        "https://t.me/sample_jobs/12/",
        "https://t.me/sample_jobs/12/34",
        "https://t.me/sample_jobs/12?comment=3",
        "https://t.me/sample_jobs/12#x",
    ),
    *(
        "https://t.me/sample_jobs/12?single",
        "https://t.me/sample_jobs/s/12",
        "https://t.me/sample_jobs/12abc",
        "https://t.me//sample_jobs/12",
    ),
    *(
        "https://t.me/search/?q=jobs",
        "https://t.me/sample_jobs/search",
        "https://t.me/sample_jobs?q=12",
        "https://t.me/sample_jobs/1\n",
    ),
    *(
        "https://t.me@evil.example/sample_jobs/12",
        "https://evil.example@t.me/sample_jobs/12",
        "https://t.me:x@evil.example/sample_jobs/12",
    ),
    *(
        "https://t.me\\@evil.example/sample_jobs/12",
        "https://evil.example\\@t.me/sample_jobs/12",
        "https://evil.example#@t.me/sample_jobs/12",
    ),
    *(
        "https://evil.example/sample_jobs/12",
        "https://t.me.evil.example/sample_jobs/12",
        "https://xt.me/sample_jobs/12",
        "https://t-me/sample/1",
    ),
    *(
        "https://tame/sample_jobs/12",
        "https://web.t.me/sample_jobs/12",
        "https://sample_jobs.t.me/12",
        "https://t.me./sample_jobs/12",
    ),
    *(
        "https://t.me:443/sample_jobs/12",
        "https://t.me:8443/sample_jobs/12",
        "https://t.me:99999/sample_jobs/12",
        "http://t.me/sample_jobs/12",
    ),
    *(
        "https://т.me/sample_jobs/12",
        "https://xn--t-stb.me/sample_jobs/12",
        "https://t。me/sample_jobs/12",
        "https://t.me/кanal/12",
    ),
    *(
        "https://t.me/sample_jobs/١٢",
        "https://[::1/sample_jobs/12",
        "https://t.me/ sample_jobs/12",
        "tg://resolve?domain=sample_jobs&post=12",
    ),
    *("//t.me/sample_jobs/12", "t.me/sample_jobs/12", "javascript://t.me/sample_jobs/12", "https:t.me/sample_jobs/12", ""),
]
JOBSTREET_ITEMS = [
    "https://www.jobstreet.com.my/job/75839201",
    "https://vn.jobstreet.com/job/1",
    "https://jobstreet.vn/job/22",
    "https://hk.jobsdb.com/job/12",
    "https://www.jobstreet.co.id/id/job/12",
]
JOBSTREET_OTHERS = [
    *("https://www.jobstreet.com.my/", "https://www.jobstreet.com.my/jobs", "https://www.jobstreet.com.my/jobs-in-accounting"),
    *(
        "https://www.jobstreet.com.my/job/",
        "https://www.jobstreet.com.my/job/12/apply",
        "https://www.jobstreet.com.my/companies/12",
    ),
    *("https://eviljobstreet.com/job/1", "https://jobstreet.com.evil.example/job/1", "https://jobstreet.evil.example/job/1"),
    *(
        "https://www.jobstreet.com.my:8443/job/1",
        "https://evil.www.jobstreet.com.my/job/1",
        "https://jobstreet.com@evil.example/job/1",
    ),
]


def test_of_a_hundred_addresses_exactly_the_items_are_taken(seeds):
    shipped = load_platforms(seeds).platforms
    tried = [
        *((shipped["telegram"], url, True) for url in TELEGRAM_ITEMS),
        *((shipped["telegram"], url, False) for url in TELEGRAM_OTHERS),
        *((shipped["jobstreet"], url, True) for url in JOBSTREET_ITEMS),
        *((shipped["jobstreet"], url, False) for url in JOBSTREET_OTHERS),
    ]
    assert len(tried) >= 100
    assert [(url, taken) for platform, url, taken in tried if (platform.refusal(url) is None) != taken] == []


def test_every_sample_advert_is_an_item_of_its_receiver_and_no_list_page_is(seeds):
    import json

    ports = json.loads((seeds / "sample" / "ports.json").read_text())
    shipped = load_platforms(seeds).platforms
    for line in (seeds / "sample" / "expected.jsonl").read_text().splitlines():
        expected = json.loads(line)
        if expected["site"] == "telegram-preview":
            channel, number = expected["url_path"].removeprefix("/s/").split("/#")
            assert shipped["sample_channels"].refusal(f"https://t.me/{channel}/{number}") is None
        else:
            url = f"http://127.0.0.1:{ports[expected['site']]}{expected['url_path']}"
            assert shipped["sample_boards"].refusal(url) is None, url
    for path in (
        "",
        "index.html",
        "page-2.html",
        "viewtopic-t1.html",
        "viewforum-f1.html",
        "feed.xml",
        "jobs/",
        "jobs/a.html?x=1",
    ):
        assert shipped["sample_boards"].refusal(f"http://127.0.0.1:8101/{path}") is not None


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            "{title: X, enabled: false, formats: [csv], item: '^https://t\\.me/a/\\d+'}",
            r"platforms\.yml:3: platforms\.x\.item: end it with",
        ),
        ("{title: X, enabled: false, formats: [csv], item: '^https?://[^/]+/a/\\d+$'}", r"platforms\.yml:3: .*not written out"),
        (
            "{title: X, enabled: false, formats: [csv], hosts: [a.example], item: '^https://b\\.example/a/\\d+$'}",
            r"platforms\.yml:3: platforms\.x\.item: names b\.example, which is not among hosts",
        ),
    ],
)
def test_a_pattern_without_host_or_end_is_refused_with_file_line_and_fix(tmp_path, entry, says):
    (tmp_path / "platforms.yml").write_text(f"clauses: {{a: {{title: A, law: B, means: C}}}}\nplatforms:\n  x: {entry}\n")
    with pytest.raises(SourceError, match=says):
        load_platforms(tmp_path)
