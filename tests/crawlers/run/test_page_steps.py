"""Steps of a visitor on pages as boards write them: load more, cookie banners, show contact, endless lists, walls."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.discovery.page_case import problems
from crawlers.discovery.proposal import propose
from crawlers.discovery.source_trials import look_at
from crawlers.evidence.partition import read_postings
from crawlers.fetch.handlers.chromium import browser_path
from crawlers.fetch.handlers.page_ready import GROWTH_MS
from crawlers.sources.causes import fix
from crawlers.sources.source import load_source
from lurewatch.app.crawl_inputs import crawl_options
from lurewatch.cli.tune.sources_try import attempt
from lurewatch.settings import load_settings

pytestmark = pytest.mark.skipif(browser_path() is None, reason="service missing: chromium")


def item(number: int) -> str:
    """Return a list item of a theme of WP Job Manager."""
    return (
        '<li class="job_listing type-job_listing" itemscope itemtype="https://schema.org/JobPosting">'
        f'<h3 itemprop="title">Cook number {number}</h3><div itemprop="jobLocation">Hue</div>'
        f'<p itemprop="description">Noodles for fifty guests a day in kitchen {number}, contract and insurance.</p></li>'
    )


BANNER = """<div id="onetrust-consent-sdk" style="position:fixed;inset:0;background:#0008;z-index:9"><div role="dialog"
aria-label="Cookie banner"><p>We value your privacy. By clicking “Accept all” you agree to our cookies. Sign in any time.</p>
<button id="onetrust-accept-btn-handler" onclick="this.closest('#onetrust-consent-sdk').remove()">Accept all</button>
</div></div>"""
LOAD_MORE = """<!doctype html><html><body>%s<p class="count">Showing 1-18 of 30 jobs</p>
<div class="job_listings" data-per_page="6"><ul class="job_listings">%s</ul>
<a class="load_more_jobs" href="#"><strong>Load more listings</strong></a></div><script>
const more = document.querySelector('.load_more_jobs');
more.addEventListener('click', async (event) => { event.preventDefault(); more.classList.add('loading');
  const list = document.querySelector('ul.job_listings');
  const answer = await (await fetch('/jm-ajax/get_listings/?from=' + list.children.length)).json();
  list.insertAdjacentHTML('beforeend', answer.html);
  document.querySelector('.count').textContent = 'Showing 1-' + list.children.length + ' of 30 jobs';
  more.classList.remove('loading'); if (!answer.more) more.style.display = 'none'; });</script></body></html>"""
ENDLESS = """<!doctype html><html><body><h1>Jobs</h1><p>30 jobs found</p><ul id="list"></ul><div id="end">…</div><script>
let busy = false, more = true; const list = document.getElementById('list');
const load = async () => { if (busy || !more) return; busy = true;
  const answer = await (await fetch('/jm-ajax/get_listings/?from=' + list.children.length)).json(); more = answer.more;
  list.insertAdjacentHTML('beforeend', answer.html.replaceAll('<li', '<li style="height:180px"')); busy = false; };
new IntersectionObserver((seen) => { if (seen[0].isIntersecting) load(); }).observe(document.getElementById('end'));
</script></body></html>"""
ADVERT = """<!doctype html><html><head><title>Night cook {0}</title></head><body><h1>Night cook {0}</h1>
<p>Location: Hue</p><div class="description">Noodles for fifty guests a day, contract and insurance from the first day.</div>
<div class="seller"><span class="user-phone">0900 *** ***</span> {1}</div><script>
const button = document.querySelector('.showphone');
button.addEventListener('click', async (event) => {{ event.preventDefault();
  const answer = await (await fetch('/ajax/post/phone?postId={0}')).json();
  button.outerHTML = '<a class="number" href="tel:' + answer.phone + '">' + answer.phone + '</a>'; }});</script></body></html>"""
SHOW = '<button class="btn showphone"><i class="icon-phone-1"></i> Show phone number</button>'
MEMBERS = '<a class="btn showphone" href="#" data-toggle="modal">Đăng nhập để xem số điện thoại</a>'
LEADS = '<a class="btn showphone" href="/login?back=2">View contact</a>'


@pytest.fixture
def board(site: Any) -> Any:
    """Fill the site with a list of 30 adverts: 18 are shown, scripts ask for six more at a time."""

    class Pages(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            parts = urlsplit(path)
            if parts.path != "/jm-ajax/get_listings/":
                return super().get(path, default)
            start = int(parse_qs(parts.query)["from"][0])
            return json.dumps({"html": "".join(item(n) for n in range(start, start + 6)), "more": start + 6 < 30})

    site.pages = Pages(site.pages)
    site.pages["/jobs/"] = LOAD_MORE % (BANNER, "".join(item(n) for n in range(18)))
    return site


def of_site(source_of: Any, start: str, *steps: dict[str, Any], **crawl: Any) -> Any:
    """Return a rendered source with these steps."""
    return source_of(start=start, **{"follow": None, "render": True, "steps": steps, "limits": PATIENT, **crawl})


PATIENT = {"step_seconds": 300}
"""A loaded machine may take long; what is tested is what comes of it."""
ACCEPT = {"click": "#onetrust-accept-btn-handler", "optional": True}
MORE = {"click": "a.load_more_jobs", "times": "until gone", "on": "list"}


def test_a_list_behind_a_banner_and_a_button_is_read_whole(board: Any, source_of: Any, crawled: Any) -> None:
    """18 of 30 adverts are shown; the banner covers the button until it is clicked away."""
    address, report = crawled(of_site(source_of, "/jobs/", ACCEPT, MORE))
    assert (report.state, report.reason, report.parsed) == ("ok", "", 30)
    assert len({posting.title for posting in read_postings(address)}) == 30
    assert report.counters["cost/bytes"] > 1000 and report.counters["cost/browser_ms"] > 100
    assert (report.counters["step/1/done"], report.counters["step/2/done"], report.counters["step/2/pages"]) == (1, 2, 1)
    assert [path for path, _ in board.asked if path.startswith("/jm-ajax")] == [
        "/jm-ajax/get_listings/?from=18",
        "/jm-ajax/get_listings/?from=24",
    ]


def test_a_step_that_cannot_be_taken_makes_the_run_partial(board: Any, source_of: Any, crawled: Any) -> None:
    """The banner is not clicked away, so the mouse does not reach the button; no optional step counts."""
    gone = {"click": ".no-such-thing", "optional": True}
    _, report = crawled(of_site(source_of, "/jobs/", gone, MORE))
    assert (report.state, report.parsed, report.coverage.missing) == ("partial", 18, 12)
    assert "step 2 not carried out" in report.reason
    assert "something covers it" in report.reason
    assert [cause.outcome for cause in report.causes] == ["step/2"]
    assert report.counters["step/1/missed"] == 1
    assert "correct crawl.steps in local.yml" in fix(report)


def test_a_refusal_behind_a_button_ends_the_run_at_the_first(board: Any, source_of: Any, crawled: Any) -> None:
    board.pages = {"/jobs/": LOAD_MORE % ("", "".join(item(n) for n in range(18)))}
    board.pages["/jm-ajax/get_listings/?from=18"] = (429, {"Retry-After": "3600"}, b"slow down")
    _, report = crawled(of_site(source_of, "/jobs/", MORE))
    assert (report.state, report.causes[0].outcome) == ("blocked", "block/http_429")
    assert sum(path.startswith("/jm-ajax") for path, _ in board.asked) == 1


def test_an_endless_list_is_scrolled_to_its_end(board: Any, source_of: Any, crawled: Any) -> None:
    board.pages["/endless"] = ENDLESS
    waits, scrolls = {"wait_for": "#list li"}, {"scroll": True, "on": "list"}
    _, report = crawled(of_site(source_of, "/endless", waits, scrolls))
    assert (report.state, report.reason, report.parsed) == ("ok", "", 30)


def test_an_endless_list_of_a_slow_site_is_scrolled_to_its_end(board: Any, source_of: Any, crawled: Any) -> None:
    """Its answers take longer than a list has to grow; a list that announces no number would have been called whole."""
    board.pages["/endless"] = ENDLESS.replace("30 jobs found", "Jobs")
    board.delay = 1.5 * GROWTH_MS / 1000
    _, report = crawled(of_site(source_of, "/endless", {"wait_for": "#list li"}, {"scroll": True, "on": "list"}))
    assert (report.state, report.reason, report.parsed) == ("ok", "", 30)


def test_contacts_come_after_a_click_and_walls_are_reported(site: Any, source_of: Any, crawled: Any) -> None:
    """A number behind a button is read; a button for members and one that leads to a log-in are never clicked through."""
    for number, button in enumerate((SHOW, MEMBERS, LEADS)):
        site.pages[f"/ad/{number}"] = ADVERT.format(number, button)
        site.pages[f"/ajax/post/phone?postId={number}"] = json.dumps({"phone": f"+8490000000{number}"})
    site.pages["/ads"] = "".join(f'<h3><a class="ad" href="/ad/{n}">Night cook {n}</a></h3>' for n in range(3))
    show = {"click": ".showphone", "on": "detail"}
    fields = {"contacts": ".seller a.number@href", "title": "h1"}
    address, report = crawled(of_site(source_of, "/ads", show, follow="a.ad", fields=fields, page="plain"))
    contacts = {posting.url.removeprefix(site.url): posting.contacts for posting in read_postings(address)}
    assert contacts == {"/ad/0": ("tel:+84900000000",), "/ad/1": (), "/ad/2": ()}
    assert [path for path, _ in site.asked if path.startswith(("/ajax", "/login"))] == ["/ajax/post/phone?postId=0"]
    assert (report.state, report.causes[0].outcome, report.causes[0].count) == ("partial", "step/1", 2)
    assert "a log-in stands behind it" in report.reason
    assert (report.counters["step/1/pages"], report.counters["step/1/missed"]) == (1, 2)
    assert (report.counters["field/contacts/selected"], report.counters["field/contacts/missed"]) == (1, 2)


def test_a_page_is_tried_and_saved_as_its_steps_leave_it(
    site: Any, source_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sources try` says what each step did and where each field came from; the page case holds what stands after the click."""
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("COLUMNS", "160")
    site.pages |= {"/ad/0": ADVERT.format(0, SHOW), "/ajax/post/phone?postId=0": json.dumps({"phone": "+84900000000"})}
    fields = {"contacts": ".seller a.number@href"}
    show = {"click": ".showphone", "on": "detail"}
    source = of_site(source_of, "/ads", show, fields=fields)
    attempt(load_settings(), source, f"{site.url}/ad/0", as_json=False, cases=tmp_path)
    told = capsys.readouterr().out
    assert "step 1 click .showphone [detail]: carried out on 1 of 1 pages, done 1 times" in told
    assert "crawl.fields: .seller a.number@href (on 1 of 1 pages)" in told
    case = json.loads((tmp_path / "local/case.json").read_text())
    assert case["first"][0]["contacts"] == 1
    assert "showphone" not in (tmp_path / "local/page.html").read_text()
    assert list(problems(tmp_path / "local", fields)) == []
    assert list(problems(tmp_path / "local", {"contacts": ".no-such-place", "title": "h1"})) == []
    assert list(problems(tmp_path / "local", {"title": ".user-phone"})) != []


def test_sources_new_proposes_the_button_that_brings_the_rest(
    board: Any, crawled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is looked at before and after the clicks; a run of the proposed file reads all 30."""
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    board.pages["/jobs/"] = LOAD_MORE % ("", "".join(item(n) for n in range(18)))
    url = f"{board.url}/jobs/"
    proposal = propose(url, look_at(crawl_options(load_settings()), url), name="local", today=date(2026, 11, 29))
    assert "  steps:\n    - {click: a.load_more_jobs, times: until gone, on: list}\n" in proposal.yaml
    assert any("more behind the button a.load_more_jobs" in said for said in proposal.speaks)
    path = tmp_path / "local.yml"
    checked = {
        "  # terms_checked: YYYY-MM-DD": "  terms_checked: 2026-11-01",
        "  # review_by: YYYY-MM-DD": "  review_by: 2099-01-01",
    }
    text = proposal.yaml
    for line, known in checked.items():
        text = text.replace(line, known)
    path.write_text(text, encoding="utf-8")
    _, report = crawled(load_source(path))
    assert (report.state, report.reason, report.parsed) == ("ok", "", 30)
