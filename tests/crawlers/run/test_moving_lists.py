"""Lists that move while they are read, or that letters split: what one reading of one address lacks is read, or told."""

import re
from urllib.parse import quote

import pytest

from crawlers.text import encoding
from tests.crawlers.run.test_contradictions import page, pager
from tests.crawlers.run.test_incompleteness import thread

SIZE = 8


@pytest.fixture
def moving(site, pages):
    """Return a function that serves a board of adverts that change at certain requests for its pages."""

    def serve(count, changes, total=False, gone=True):
        adverts = list(range(count))
        asked = []

        def answer(number):
            def show(_):
                asked.append(number)
                for at, (kind, place) in changes.items():
                    if len(asked) == at:
                        adverts[place : place + {"vanishes": 1, "five vanish": 5}.get(kind, 0)] = (
                            [count + at] if kind == "appears" else []
                        )
                last = -(-len(adverts) // SIZE)
                if number > last:
                    return (404, {}, b"") if gone else "<html><body><main><p>No jobs found</p></main></body></html>"
                said = f"<p>{len(adverts)} jobs found</p>" if total else ""
                return page(adverts[(number - 1) * SIZE : number * SIZE], pager(*range(1, last + 1)) + said)

            return show

        for number in range(1, 16):
            site.pages["/list" if number == 1 else f"/list?page={number}"] = answer(number)
        for number in range(count + 99):
            site.pages[f"/job/{number}"] = pages.job(number)
        return adverts, asked

    return serve


MOVES = {
    "nothing": {},
    "one vanishes from the head": {2: ("vanishes", 0)},
    "one vanishes from the head late": {3: ("vanishes", 3)},
    "two vanish": {2: ("vanishes", 0), 3: ("vanishes", 1)},
    "one appears": {2: ("appears", 0)},
    "nine appear": dict.fromkeys(range(2, 11), ("appears", 0)),
    "one appears and one vanishes": {2: ("vanishes", 2), 3: ("appears", 0)},
    "the last page is gone": {2: ("vanishes", 0)},
}


@pytest.mark.parametrize("follow", ["a.job", None])
@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("name", MOVES)
def test_what_slips_between_pages_while_a_list_is_read_is_read_after_all(moving, source_of, crawled, site, name, gone, follow):
    """With and without an answer 404 for the page that is no more."""
    adverts, asked = moving(17 if "last" in name else 16 if name.endswith("appear") else 24, MOVES[name], gone=gone)
    _, report = crawled(source_of(start="/list", follow=follow))
    assert [number for number in adverts if not site.hits[f"/job/{number}"]] == []
    assert (report.state, report.reason) == ("ok", "")
    assert len(asked) == 4 if name == "nothing" else len(asked) <= 12


def test_a_vanished_advert_in_the_middle_is_told_by_the_total(moving, source_of, crawled, site):
    """The head stands still; the smaller total says that something moved."""
    adverts, _ = moving(24, {3: ("vanishes", 9)}, total=True)
    _, report = crawled(source_of(start="/list"))
    assert [number for number in adverts if not site.hits[f"/job/{number}"]] == []
    assert report.state == "ok"


def test_a_list_that_never_stands_still_is_partial(moving, source_of, crawled):
    """More adverts vanish at every request than a second reading makes up for."""
    moving(120, dict.fromkeys(range(2, 40), ("five vanish", 0)))
    _, report = crawled(source_of(start="/list"))
    assert report.state == "partial"


ROW = re.compile(r"<tr>(?:(?!</tr>).)*?/board/24/(\d+)/(?:(?!</tr>).)*</tr>", re.S)


@pytest.mark.parametrize("new", [{3: 1}, {2: 2}, {2: 5}, {2: 1, 3: 1, 4: 1}], ids=str)
@pytest.mark.parametrize(("count", "numbered"), [(2, True), (6, True), (6, False)])
def test_pinned_and_new_threads_hide_none_of_a_forum(site, source_of, crawled, shared_data, new, count, numbered):
    """A saved board whose pages begin with two pinned threads, its rows and its pager filled anew, the pages counted from nought.
    ``new``: threads that come at a request."""
    saved = encoding.decode((shared_data / "pages" / "page_autopager_66.html").read_bytes(), None)
    saved = saved.replace("http://forum.astral-guild.net", "")
    rows = list(ROW.finditer(saved))
    threads, asked = list(range(100, 99 + 5 * count)), []

    def show(number):
        asked.append(number)
        for _ in range(new.get(len(asked), 0)):
            threads.insert(0, max(threads) + 1)
        last = -(-len(threads) // 5) - 1
        shown = "".join(rows[3][0].replace(f"/{rows[3][1]}/", f"/{n}/") for n in threads[number * 5 :][:5])
        words = {n: str(n + 1) for n in range(last + 1)} if numbered else {number - 1: "前のページ", number + 1: "次のページ"}
        links = {n: f"<a href='./?page={n}'>{said}</a>" for n, said in words.items() if 0 <= n <= last} | {
            number: str(number + 1)
        }
        pager = " ".join(links[n] for n in sorted(links))
        after = re.sub(r"<a href=.{4}page=0.*?page=2.*?</a>", pager, saved[rows[-1].end() :], flags=re.S)
        return saved[: rows[0].start()] + shown + after

    for number in range(count + 3):
        site.pages[f"/board/24/?page={number}"] = lambda _, number=number: show(number)
    site.pages["/board/24/"] = site.pages["/board/24/?page=0"]
    site.pages |= {f"/board/24/{n}/": thread(n, [0], "") for n in range(100, 150)}
    site.pages |= {f"/board/1/{n}/": thread(n, [0], "") for n in (1, 3)}
    _, report = crawled(source_of("forum", "/board/24/"))
    assert [n for n in threads if not site.hits[f"/board/24/{n}/"]] == []
    assert (report.state, report.parsed, report.reason) == ("ok", len(threads) + 2, "")


@pytest.mark.parametrize("shape", ["/jobs/{}", "/jobs/{}.html", "/jobs?letter={}"])
@pytest.mark.parametrize("alphabet", ["ABCDEFGHX", "абвгдежзх"])
@pytest.mark.parametrize("start", ["/jobs", "a letter"])
def test_all_letters_of_a_list_are_read(site, source_of, crawled, pages, shape, alphabet, start):
    """Each with pages of its own, one without an advert; the total counts them all, an index of employers is none of it."""
    paths = {letter: shape.format(quote(letter)) for letter in alphabet}
    letters = " ".join(f"<a href='{path}'>{letter}</a> <a href='/firms/{letter}'>{letter}</a>" for letter, path in paths.items())
    site.pages["/jobs"] = page(range(2 if shape == "/jobs/{}" else 0), f"<p>{letters}</p><p>32 jobs found</p>")
    for at, path in enumerate(paths.values()):
        first = at * 4 if at + 1 < len(alphabet) else 0
        more = f"<a rel='next' href='/more/{at}?page=2'>Next</a>" if first or not at else ""
        site.pages[path] = page(range(first, first + 2) if more else (), f"<p>{letters}</p>{more}")
        site.pages[f"/more/{at}?page=2"] = page(range(first + 2, first + 4))
    for number in range(40):
        site.pages[f"/job/{number}"] = pages.job(number)
    begin = "/jobs" if start == "/jobs" else paths[alphabet[0]]
    _, report = crawled(source_of(start=begin))
    assert (report.state, report.parsed, report.reason) == ("ok", 32, "")
    site.pages[paths[alphabet[2]]] = (500, {}, b"")
    _, report = crawled(source_of(start=begin))
    assert (report.state, report.coverage.missing) == ("partial", 4 if begin == "/jobs" else 0)
