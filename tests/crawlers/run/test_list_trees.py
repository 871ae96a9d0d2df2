"""Lists that lead to lists, by category or place: a branch is read as a list or told, and none of them is an advert."""

import pytest

from tests.crawlers.run.test_incompleteness import cards

PLACES = ["hue", "vinh", "pleiku", "dalat"]
NAMES = {"short": "{}", "long": "All adverts for kitchens, shops and houses in {}"}


def lead(paths, said="{}"):
    """Return links to lists as sites print them."""
    return "".join(f'<li><a class="branch" href="{path}">{said.format(path.rsplit("/")[-1])}</a></li>' for path in paths)


def page(title, items, rest=""):
    """Return a page of a site."""
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1><ul>{items}</ul>{rest}</main></body></html>"


@pytest.fixture
def grow(site, pages):
    """Return a function that serves a list of two pages at each path, and returns how many adverts there are."""
    count = 0

    def serve(*paths, said="", size=4):
        nonlocal count
        for path in paths:
            for here, links in (
                (path, f"<b>1</b> <a href='{path}?page=2'>2</a>"),
                (f"{path}?page=2", f"<a href='{path}'>1</a> 2"),
            ):
                rest = f"<div class='pagination'>{links}</div>{said}"
                site.pages[here] = page(f"Work in {path}", cards("x", range(count, count + size)), rest)
                site.pages |= {f"/x/job/{n}": pages.job(n, title=f"Cook {n}") for n in range(count, count + size)}
                count += size
        return count

    return serve


@pytest.mark.parametrize("said", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("follow", ["a.branch, a.job", None])
def test_all_branches_of_a_list_are_read(site, source_of, crawled, grow, follow, said):
    """Whatever their names say, and the root's total counts them all; where one is not read, the run says how many are.

    A page without adverts at the address of one, by its name's length or ``follow``, is told only after a page beside it.
    """
    site.pages["/"] = page("Jobs", lead(PLACES, said.replace("{}", "work in {}")), "<p>32 jobs found</p>")
    assert grow(*(f"/{place}" for place in PLACES)) == 32
    source = source_of(start="/", follow=follow)
    for _ in range(2):
        _, report = crawled(source)
        assert (report.state, report.parsed, report.reason) == ("ok", 32, "")
    answers = {"http/500": (500, {}, b""), "http/404": (404, {}, b""), "no advert": page("Vinh", "", "<p>Soon.</p>")}
    if follow or said == NAMES["long"]:
        del answers["no advert"]
    for why, answer in answers.items():
        site.pages["/vinh"] = answer
        _, report = crawled(source)
        (gap,) = report.coverage.gaps
        assert (report.state, gap.announced, gap.seen, gap.missing) == ("partial", 32, 24, 8)
        assert gap.cause.startswith(f"read 3 of 4 lists that it leads to: {why}")


def test_a_tree_deeper_than_the_limit_is_told(site, source_of, crawled, grow):
    """And read whole when the limit is raised, though no page has changed since."""
    paths = [f"/{kind}/{place}" for kind in ("cooks", "guards", "nurses") for place in PLACES]
    site.pages["/"] = page("Jobs", lead(["/cooks", "/guards", "/nurses"]))
    for kind in ("/cooks", "/guards", "/nurses"):
        site.pages[kind] = page(kind, lead([path for path in paths if path.startswith(kind)]))
    count = grow(*paths, size=2)
    for depth, state, parsed in ((1, "partial", 0), (2, "partial", 0), (3, "ok", count)):
        _, report = crawled(source_of(start="/", follow=None, max_depth=depth))
        assert (report.state, report.parsed) == (state, parsed)
        assert all(gap.cause.endswith("lie deeper than crawl.max_depth") for gap in report.coverage.gaps)
        assert (report.counters.get("drop/max_depth", 0) > 0) == (depth < 3)


def test_a_place_with_one_advert_or_none_is_no_advert(site, source_of, crawled, grow):
    """Where the pages beside it are lists; the one that says nothing of its own is told."""
    site.pages["/"] = page("Jobs", lead([*(f"/{place}" for place in PLACES), "/sapa", "/mui-ne"]))
    count = grow(*(f"/{place}" for place in PLACES))
    site.pages["/sapa"] = page("Work in Sapa", cards("x", [0]), f"<p>{'Work in Sapa, for cooks, guards and nurses. ' * 20}</p>")
    site.pages["/mui-ne"] = page("Work in Mui Ne", "", f"<p>{'Work in Mui Ne, for cooks, guards and nurses. ' * 20}</p>")
    _, report = crawled(source_of(start="/", follow=None))
    assert (report.state, report.parsed) == ("partial", count)
    assert "read 5 of 6 lists that it leads to: no advert" in report.reason


@pytest.mark.parametrize("head", ["<p>Our kitchens look for people all year round.</p>", "<p>Come and see us.</p>" * 40])
def test_a_start_page_is_no_advert(site, source_of, crawled, head):
    site.pages["/"] = page("Welcome to the house of cooks", "", head)
    _, report = crawled(source_of(start="/", follow=None))
    assert (report.state, report.parsed) == ("changed", 0)


BESIDE = {
    "nothing": "", "a sidebar": "<aside><ul>{links}</ul></aside>", "a column": "<div class='col'><ul>{links}</ul></div>",
    "long names": "<div class='col'><ul>{long}</ul></div>",
}  # fmt: skip


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_a_flat_board_stays_whole(site, source_of, crawled, grow, beside):
    """Whose list has all, whatever lists stand beside it, and though one ended advert shows others in its place."""
    links = beside.replace("{links}", lead(PLACES)).replace("{long}", lead(PLACES, NAMES["long"]))
    count = grow("/list", said=f"<p>16 jobs found</p>{links}", size=8)
    for at, place in enumerate(PLACES):
        site.pages[f"/{place}"] = page(place, cards("x", range(at * 4, at * 4 + 4)), "<p>1-4 of 4</p>")
    site.pages["/x/job/11"] = page("This advert has ended", cards("x", range(5)), "<p>1-5 of 300 similar jobs</p>")
    _, report = crawled(source_of(start="/list", follow=None))
    assert (report.state, report.parsed, report.reason) == ("ok", count - 1, "")
