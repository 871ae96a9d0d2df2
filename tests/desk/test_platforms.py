"""Receivers: those of platforms.yml, and sources that are their own."""

from collections import Counter
from pathlib import Path

import pytest

from crawlers.sources.setting_types import site
from crawlers.sources.source import Takedown, read_sources
from desk.platforms import add_own_receivers, load_platforms, routes_of, unrouted_sources
from foundation.crawl_errors import SourceError


@pytest.fixture
def source(seeds):
    """Return a function that makes a source with a takedown route."""
    whole = next(one for one in read_sources(seeds)[0] if one.name == "sample_board")

    def make(**route):
        route = route if "platform" in route else {"item": r"^https://own\.example\.org/jobs/\d+$"} | route
        operator = whole.operator.model_copy(update={"takedown": Takedown(**route)})
        return whole.model_copy(update={"name": "own_board", "operator": operator})

    return make


def test_a_source_with_a_contact_is_its_own_receiver(seeds, source):
    found = add_own_receivers(seeds, load_platforms(seeds), [source(contact="abuse@own.example.org", format="xarf")])
    own = found.platforms["own_board"]
    assert (own.formats, own.contact) == (("json", "xarf"), "abuse@own.example.org")
    assert found.of("https://own.example.org/jobs/1", "own_board", {}) == "own_board"
    assert own.refusal("https://own.example.org/jobs/1") is None
    board = source(contact="abuse@own.example.org")
    for languages, reads in ((("th", "en"), "th"), (("en", "id", "th"), "en"), (("pt",), "pt")):
        told = board.model_copy(update={"languages": languages})
        assert add_own_receivers(seeds, load_platforms(seeds), [told]).platforms["own_board"].language == reads
    for other in ("", "jobs", "category/3", "jobs/1/apply"):
        assert own.refusal(f"https://own.example.org/{other}") is not None
    assert own.refusal("https://elsewhere.example.org/jobs/1") is not None


def test_a_source_may_name_a_platform_and_a_wrong_name_is_refused(seeds, source):
    named = source(platform="sample_boards")
    assert routes_of([named]) == {"own_board": "sample_boards"}
    assert (
        add_own_receivers(seeds, load_platforms(seeds), [named]).of("https://x.example.org/1", "own_board", routes_of([named]))
        == "sample_boards"
    )
    with pytest.raises(SourceError, match=r"own_board\.yml: operator\.takedown\.platform: 'nowhere' is not in"):
        add_own_receivers(seeds, load_platforms(seeds), [source(platform="nowhere")])


@pytest.mark.parametrize("route", [{"contact": "nobody"}, {"contact": "a@b.example", "format": "fax"}])
def test_a_route_that_leads_nowhere_is_refused_by_file(seeds, source, route):
    with pytest.raises(SourceError, match=r"own_board\.yml"):
        add_own_receivers(seeds, load_platforms(seeds), [source(**route)])


def test_every_real_source_has_a_receiver_or_the_reason_why_not(seeds):
    real = [each for each in read_sources(seeds)[0] if not each.name.startswith("sample_")]
    assert (len(real), unrouted_sources(real, load_platforms(seeds))) == (40, [])
    silent = [each for each in real if each.operator.takedown and each.operator.takedown.no_route]
    assert all("; " in each.operator.takedown.no_route for each in silent)  # the reason; what a person can do
    bare = silent[0].model_copy(update={"operator": silent[0].operator.model_copy(update={"takedown": None})})
    assert unrouted_sources([bare], load_platforms(seeds)) == [silent[0].name]


def test_hosts_match_themselves_and_what_is_below_them_only(seeds):
    found = load_platforms(seeds)
    assert found.of("https://t.me/a/1", "x", {}) == "telegram"
    assert found.of("https://vn.jobstreet.com/job/1", "x", {}) == "jobstreet"
    assert found.of("https://evil-jobstreet.com/job/1", "x", {}) is None
    assert found.of("https://jobstreet.com.evil.example/job/1", "x", {}) is None


ADDRESSES = Path(__file__).parent / "receivers"
"""Addresses of real platforms with what they are; written before the patterns, from link forms in public code."""


def addresses():
    """Yield (platform, kind, address) of every written address; ``item`` alone names one posting."""
    for path in sorted(ADDRESSES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                platform = line[3:]
            elif line and not line.startswith("#"):
                kind, *urls = line.split(" ")
                yield from ((platform, kind, url) for url in urls)


def taker(found, url):
    """Return the platform that takes an address, or what a wrapper names, as one of its items."""
    key = found.of(url, "x", {})
    return key if key and found.platforms[key].refusal(found.target(url)) is None else None


def disguises(url):
    """Yield addresses that look like an item's and lead elsewhere, or are written so that programs read them differently."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    yield from (f"{scheme}://{host}@evil.example/{path}", f"{scheme}://me:x@{host}/{path}", f"{scheme}://{host}:8443/{path}")
    yield from (f"{scheme}://{host}./{path}", f"{scheme}://{host}.evil.example/{path}", f"{scheme}://evil.example/{rest}")
    yield from (f"{scheme}://evil{site(url)}/{path}", f"{scheme}://{host}//{path}", f"{scheme}://{host}\\@evil.example/{path}")
    yield from (f"{scheme}://{host}%2f{path}", f"{scheme}://{host}/x/../{path}", f"{scheme}://{host}:80443/{path}")
    yield from (f"{scheme}://{homograph}/{path}" for homograph in homographs(host))
    yield from (f"{url}\n", f" {url}", f"{url}\t", f"{url}/../x", f"javascript://{rest}", f"//{rest}", f"{scheme}:{rest}", rest)


def homographs(host):
    """Return a host with one letter of another script, as people see it and as it is sent, and with a full stop of CJK."""
    for latin, other in zip("aeoxmc", "аеохмс", strict=True):
        if latin in host:
            seen = host.replace(latin, other, 1)
            return [seen, seen.encode("idna").decode(), host.replace(".", "。", 1)]
    return [host.replace(".", "。", 1)]


def test_of_all_written_addresses_exactly_the_items_are_taken(seeds, record_property):
    found = load_platforms(seeds)
    tried = list(addresses())
    count = Counter(platform for platform, _, _ in tried)
    assert len(tried) >= 2100
    assert (len(count), min(count.values())) >= (27, 50)
    wrong = [(kind, url) for platform, kind, url in tried if taker(found, url) != (platform if kind == "item" else None)]
    assert wrong + [url for key, kind, url in tried if kind != "item" and found.platforms[key].refusal(url) is None] == []
    record_property("addresses", f"{len(tried)} of {len(count)} platforms right, 0 others taken")


def test_no_disguise_of_an_item_is_taken(seeds):
    found = load_platforms(seeds)
    tried = [(platform, url, other) for platform, kind, url in addresses() if kind == "item" for other in disguises(url)]
    assert len(tried) > 5000
    assert [other for key, _, other in tried if found.platforms[key].refusal(other) is None] == []
    other_items = [other for _, url, other in tried if taker(found, other) and found.target(other) != found.target(url)]
    assert other_items == []  # words after what a wrapper names are no disguise


def test_an_item_is_one_of_its_own_platform_alone_and_finds_it_by_its_host(seeds):
    shipped = load_platforms(seeds)
    for platform, kind, url in addresses():
        if kind == "item":
            assert shipped.of(url, "x", {}) == platform
            real, target = {key: each for key, each in shipped.platforms.items() if not each.loopback}, shipped.target(url)
            assert [key for key, each in real.items() if each.refusal(target) is None] == [platform]


@pytest.mark.parametrize(("address", "target"), [
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Ft.me%2Fmade_up%2F7%3Ffbclid%3DIwAR0_-a&h=AT1", "https://t.me/made_up/7"),
    ("https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3DmadeUp_-123&a=x", "https://www.youtube.com/watch?v=madeUp_-123"),
    ("https://www.google.com/url?q=https://vk.com/away.php%3Fto%3Dhttps://youtu.be/madeUp_-123", "https://youtu.be/madeUp_-123"),
    ("HTTPS://T.me/made_up/7", "https://t.me/made_up/7"),
])  # fmt: skip
def test_a_wrapper_gives_the_address_it_names(seeds, address, target):
    assert load_platforms(seeds).target(address) == target


@pytest.mark.parametrize("address", [
    "https://www.google.com/url?q=https://t.me/made_up/7&url=https://t.me/made_up/8", "https://l.facebook.com/l.php?u=",
    "https://l.facebook.com.evil.example/l.php?u=https://t.me/made_up/7", "https://evil.example/google.com/url?q=https://t.me/a_b/7",
    "https://l.facebook.com/l.php?u=javascript:alert(1)//t.me/made_up/7", "https://href.li/?https://a@t.me/made_up/7",
    "https://www.facebook.com/sharer.php?u=https://t.me/made_up/7", "https://l.facebook.com/l.php?u=http://127.0.0.1/jobs/1",
    "https://l.facebook.com/l.php?u=https://l.facebook.com/l.php?u=https://t.me/made_up", "https://[l.facebook.com/l.php?u=x",
])  # fmt: skip
def test_a_wrapper_that_names_two_or_no_item_is_held_back(seeds, address):
    assert taker(load_platforms(seeds), address) is None


def test_real_platforms_are_off_and_say_what_a_person_can_do(seeds):
    for key, each in load_platforms(seeds).platforms.items():
        if each.enabled:
            assert each.contact.endswith(".example"), key
            continue
        assert each.note and each.route and each.route.person, key
        assert bool(each.contact) <= bool(each.route.text), key  # a contact that nobody read anywhere is invented
        assert bool(each.rules) <= bool(each.policy and each.policy.dated), key
        assert not each.item or bool(each.rules) != bool(each.no_policy), key  # a clause with its day, or why there is none
        assert each.route.asks, key


def test_a_platform_reads_the_law_of_its_own_country_and_the_unions_only_where_that_binds_it(seeds):
    """A Vietnamese board was told of directives of the European Union."""
    found = load_platforms(seeds)
    for key, each in found.platforms.items():
        told = {name: clause.law_for(each.country) for name, clause in found.clauses.items()}
        assert any("Directive" in law for law in told.values()) == (each.country == "eu"), key
    assert found.clauses["forced_labour"].law_for(found.platforms["topcv"].country).startswith("Law 53/2024/QH15")
    assert {each.country for each in found.platforms.values()} == {"", "eu", "vn", "tw", "in"}


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
            r"platforms\.yml:3: platforms\.x\.item\.0: end it with",
        ),
        ("{title: X, enabled: false, formats: [csv], item: '^https?://[^/]+/a/\\d+$'}", r"platforms\.yml:3: .*not written out"),
        (
            "{title: X, enabled: false, formats: [csv], hosts: [a.example], item: '^https://b\\.example/a/\\d+$'}",
            r"platforms\.yml:3: platforms\.x\.item: names b\.example, which is not among hosts",
        ),
        ("{title: X, enabled: false, formats: [csv], item: '^https://{label}\\.a\\.example/\\d+$'}", "name below one of hosts"),
        (
            "{title: X, enabled: false, formats: [csv], hosts: [a.example], item: '^https://a\\.example/{label}/\\d+$'}",
            "stands in the host alone",
        ),
        (
            "{title: X, enabled: false, formats: [csv], hosts: [a.example], item: '^https://www\\.a\\.example/\\d+$'}",
            "takes no address; write https, and the host without www",
        ),
        (
            "{title: X, enabled: false, formats: [csv], hosts: [co.uk], item: '^https://{label}\\.co\\.uk/\\d+$'}",
            r"platforms\.x\.hosts\.0: 'co\.uk' is no domain of one owner",
        ),
        (
            "{title: X, enabled: true, contact: a@b.example, formats: [csv], hosts: [a.example], item: []}",
            r"platforms\.yml:3: platforms\.x\.item: enabled without a pattern",
        ),
        (
            "{title: X, enabled: false, formats: [csv], item: [], route: {by: pigeon, person: y}}",
            r"platforms\.yml:3: platforms\.x\.route\.by: 'pigeon' is not one of",
        ),
    ],
)
def test_a_pattern_without_host_or_end_is_refused_with_file_line_and_fix(tmp_path, entry, says):
    (tmp_path / "platforms.yml").write_text(f"clauses: {{a: {{title: A, law: B, means: C}}}}\nplatforms:\n  x: {entry}\n")
    with pytest.raises(SourceError, match=says):
        load_platforms(tmp_path)


def test_a_file_of_the_folder_is_read_as_strictly_and_describes_nobody_twice(tmp_path):
    clauses = "clauses: {a: {title: A, law: B, means: C}}\n"
    one = "platforms: {x: {title: X, enabled: false, formats: [csv], item: []%s}}\n"
    (tmp_path / "platforms.yml").write_text(f"{clauses}platforms: {{}}\n")
    (tmp_path / "platforms").mkdir()
    part = tmp_path / "platforms" / "boards.yml"
    part.write_text(one % "")
    assert load_platforms(tmp_path).platforms["x"].refusal("https://a.example/1").startswith("not the address of one item")
    for text, says in {
        one % ", rules: {b: y}": r"boards\.yml:\d+: .*no clause b",
        one % ", contct: a@b.example": r"boards\.yml:1: platforms\.x\.contct: unknown key, did you mean contact",
        clauses + one % "": r"boards\.yml:1: clauses: ",
    }.items():
        part.write_text(text)
        with pytest.raises(SourceError, match=says):
            load_platforms(tmp_path)
    part.write_text(one % "")
    (tmp_path / "platforms" / "social.yml").write_text(one % "")
    with pytest.raises(SourceError, match=r"social\.yml:1: platforms\.x: described in another file too"):
        load_platforms(tmp_path)
