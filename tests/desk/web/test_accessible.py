"""axe-core on every page, at three widths, light, dark and in forced colours; and what it does not look at: one heading a page,
nothing wider than the screen."""

import dataclasses
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from crawlers.evidence.partition import REPORT, Cause, Report
from crawlers.items import Capture, Media
from crawlers.sources.source import read_sources
from desk.cases.comments import comment
from desk.database import writing
from desk.list_maker import ListPlan, PlannedEntry, WithheldItem
from desk.partners.answer_review import note_reply
from desk.partners.partner_tokens import issue_token
from desk.people.accounts import add_user
from desk.rechecks.clock import fates, note_sighting
from desk.rechecks.sighting import Sighting
from desk.seed_views import SuggestionLine
from desk.subscribers.mail_answers import KINDS, answer_token
from desk.subscribers.subscriptions import active_subscriptions, subscribe
from desk.tables import digests, mentions, reappearances
from desk.takedown import repository
from desk.web import app
from enrichment.assessment import Place
from index.campaigns.relink import link_all
from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.settings import Settings
from tests.desk.conftest import NOTIFIER, confirm_item
from tests.desk.web.test_routes import TABLE

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async (only) => {
    const found = await axe.run(document, {
        resultTypes: ["violations"], iframes: false, preload: false, rules: { "target-size": { enabled: true } },
        ...(only ? { runOnly: only } : {}),
    });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 120)}`));
}"""
OWN = """() => [
    ...(document.querySelectorAll("h1").length === 1 ? [] : ["no heading, or several"]),
    ...(document.documentElement.scrollWidth <= innerWidth ? [] : ["wider than the screen"]),
]"""
LAYOUT = ["color-contrast", "scrollable-region-focusable", "target-size"]
LIGHT, DARK = {"color_scheme": "light", "forced_colors": "none"}, {"color_scheme": "dark", "forced_colors": "none"}
FORCED = {"color_scheme": "light", "forced_colors": "active"}
LOOKS = (
    (1440, LIGHT, None), (768, LIGHT, LAYOUT[1:]), (768, DARK, LAYOUT[:1]), (768, FORCED, LAYOUT[:1]), (390, LIGHT, None),
)  # fmt: skip
"""Width, colours, and the rules that depend on them; None: all. No style asks for a width and for colours at once, and none
differs between 390 and 768, so the contrast of light colours is looked at in 390 and 1440."""


class Lists:
    """A plan with something of everything."""

    notifier, sends = NOTIFIER, True

    def plan(self, platform):
        url = "https://board.example.org/1"
        entry = PlannedEntry(item_id="a" * 64, change="new", title="Clerk", url=url, explanation="It quotes: words.")
        left = (WithheldItem(field="evidence", item_id="b" * 64, reason="not seen for 9 days"),)
        return ListPlan(entries=(entry,), taken_back=(entry,), left_out=left, homeless=left)


class Suggestions:
    """One suggested source and one that was refused."""

    def list_venues(self, *, every):
        lures = tuple((f"{number:064x}", f"flagged, names it, board: {'long words ' * 20}") for number in range(3))
        line = SuggestionLine(venue=f"telegram:{'sample_crew' * 2}", what="a channel", facts=("3 lures",), lures=lures)
        other = msgspec.structs.replace(line, venue="telegram:other_crew", ruling="refused by minh", hidden="refused by minh")
        return [line, other]


@pytest.fixture
def desk(desk, seeds):
    settings = Settings(seeds=seeds, runs=desk.runs)
    return dataclasses.replace(
        desk, sources=lambda: read_sources(seeds)[0], suggestions=Suggestions(), lists=Lists(),
        seeds=DeskSeeds(settings, desk.engine),
    )  # fmt: skip


@pytest.fixture
def paths(desk, store, record, desk_db, people, now):
    """Fill the desk with something of everything; return the addresses of its pages."""
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)
    poster = Media(url="https://board.example.org/a.png", kind="image", capture=capture)
    items = [record(number, title=f"item {number}") for number in range(2)]
    named = (Place(name="Bavet", country="KH", kind="town", start=0, end=4),)
    items[0] = msgspec.structs.replace(items[0], assessment=msgspec.structs.replace(items[0].assessment, places=named))
    items.append(record(2, title="item 2", capture=capture, media=(poster,)))
    store.put(items)
    link_all(store)
    decision = confirm_item(desk_db, items[1], by=people["minh"], now=now, note="a note")
    body = {
        "url": "https://board.example.org/1", "title": "t", "explanation": "e", "kind": "scam_compound", "severity": "high",
        "clause": {"title": "c", "rule": None}, "grounds": [{"quote": "t"}], "evidence": {"sha256": "ab" * 32},
    }  # fmt: skip
    with writing(desk_db) as connection:
        number = repository.keep(
            connection, platform="sample_boards", number=1, previous=None, manifest_sha256="ab" * 32,
            by="dag:takedown_lists", now=now,
            found=[repository.ListEntry(item_id=items[1].id, change="new", decision_id=decision.id, body=body)],
            contents={"list.json": ("ab" * 32, b"{}")},
        )  # fmt: skip
        repository.mark_sent(connection, number, now, "abuse@example.org")
        connection.execute(
            insert(reappearances).values(item_id=items[1].id, other_id=items[0].id, shared="contact text", at=now)
        )  # fmt: skip
    with desk_db.connect() as connection:
        (fate,) = fates(connection)
    note_sighting(desk_db, fate.notice, Sighting(state="moved", status=200, url="https://x.example/2", evidence=b"WARC"), now)
    note_reply(desk_db, "sample_boards", items[1].id, "refused", reason="other", words="no", by=people["minh"], now=now)
    issue_token(desk_db, "sample_boards", "case tool", scopes=["read"], days=9, actor="admin", now=now)
    comment(desk_db, items[0].id, "who knows them? @admin", by=people["minh"], now=now, to="admin")
    add_user(
        desk_db, name="lan", email="lan@example.org", role="lead", password="copper-willow-stamp-41", now=now, actor="lead"
    )  # fmt: skip
    crew = next(store.campaigns()).campaign.id
    folder = Path(desk.runs) / "sample_board" / f"{now - timedelta(days=1):%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    report = Report(
        source="sample_board", run_id=folder.name, state="partial", reason="a list was not read whole", started_at=now,
        finished_at=now, fetched=4, parsed=3, rejected={"too_short": 1}, fill_rate={"title": 1.0, "pay": 0.5},
        causes=(Cause(outcome="http/500", url="https://board.example.org/9"),),
    )  # fmt: skip
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    with writing(desk_db) as connection:
        mail = {"week": "2026-W48", "subscription": "weekly"}
        connection.execute(insert(digests).values(**mail, built_at=now, since=now - timedelta(days=7), body="{}"))
        connection.execute(insert(mentions).values(**mail, item_id=items[1].id, standing="confirmed"))
    subscribe(desk_db, by=people["admin"], now=now, least_score=60, languages=["vi"])
    with desk_db.connect() as connection:
        (mails,) = active_subscriptions(connection)
    answers = [f"answer/{answer_token(mails, kind, items[0].id, now)}" for kind in KINDS]
    return (
        "", "search", f"item/{items[0].id}", f"item/{items[1].id}", f"item/{items[2].id}/pictures", f"item/{items[2].id}/page",
        f"item/{items[0].id}/contacts",
        f"item/{items[0].id}/translation", "bulk?q=lang:en", "digest/2026-W48", "?queue=uncertain", "inbox", "second", "go",
        "search?q=langg:vi+cook", "search?q=lang:en+-harm:taken&tag=scam_compound", "saved", "contact?c=bright_hr_demo",
        "subscriptions", f"unsubscribe/{mails.token()}", *answers,
        "campaigns", f"campaign/{crew}", f"campaign/{crew}/merge?q=item", "rulings", "lists", "lists/1",
        "lists/new?platform=sample_boards", "platforms", "platforms/facebook", "platforms/sample_boards",
        "sources", "sources/sample_board", "suggestions", "seeds",
        "rules", "rules/sw/pay", "runs",
        f"runs/sample_board/{folder.name}", "people", "audit", "account", "account/factor", "no-such-page",
    )  # fmt: skip


@pytest.fixture
def tolerated():
    return ("404", "409")


APART = {
    "/queue/rows", "/search/suggest", "/next", "/item/{item_id}/pictures/{number}", "/item/{item_id}/page/frame",
    "/item/{item_id}/sightings/{number}",
    "/saved/{number}", "/lists/{list_id}/{name}", "/platforms/outcomes.csv", "/feed/{token}",
    "/login", "/session", "/healthz", "/metrics",
}  # fmt: skip
"""What is no page of its own: parts, files, answers of programs and redirects; the log-in is looked at last."""


def test_axe_looks_at_every_page_there_is(paths):
    """A page that is new fails here until it stands in ``paths``."""
    pages = {path: re.compile("/" + re.sub(r"{\w+}", "[^/?]+", path).lstrip("/") + r"(\?.*)?") for m, path in TABLE if m == "GET"}
    assert [
        path for path, form in pages.items() if path not in APART and not any(form.fullmatch(f"/{each}") for each in paths)
    ] == []


def test_no_style_begins_or_ends_between_the_two_narrow_widths():
    styles = "".join(file.read_text(encoding="utf-8") for file in (Path(app.__file__).parent / "static").glob("*.css"))
    bounds = [int(width) for asked in re.findall("@media[^{]*", styles) for width in re.findall(r"(\d+)px", asked)]
    assert 900 in bounds and not [width for width in bounds if 390 <= width <= 768]


def look_at(page):
    """Return what is wrong with the page that is open, by width and colours."""
    found = {}
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width, colours, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(**colours)
        found[width, *colours.values()] = page.evaluate(OWN) + page.evaluate(RUN, rules)
    return {where: problems for where, problems in found.items() if problems}


def test_axe_finds_nothing_on_any_page(opened, served, paths):
    page = opened("admin")
    page.add_init_script(AXE)
    found = {}
    for path in paths:
        page.goto(f"{served}/{path}")
        if problems := look_at(page):
            found[path] = problems
    page.keyboard.press("Control+k")
    found |= {"palette": problems} if (problems := look_at(page)) else {}
    page.keyboard.press("Escape")
    page.click("[data-keys]")
    found |= {"keyboard": problems} if (problems := look_at(page)) else {}
    page.context.clear_cookies()
    page.goto(f"{served}/login")
    found |= {"login": problems} if (problems := look_at(page)) else {}
    assert found == {}, found


def test_the_check_rings_when_something_is_wrong(opened, served):
    page = opened("admin")
    page.add_init_script(AXE)
    page.goto(f"{served}/people")
    page.evaluate("""() => {
        document.querySelector("h1").remove();
        document.querySelector(".hint").style.color = "#bbb";
        const box = document.createElement("div");
        box.style.cssText = "width: 50px; height: 2em; overflow: auto; white-space: nowrap";
        box.textContent = "a long line that does not fit into its box ".repeat(20);
        document.querySelector("main").append(box);
    }""")
    found = look_at(page)
    assert {one.split(":")[0] for one in found[1440, "light", "none"]} >= {
        "color-contrast", "scrollable-region-focusable", "no heading, or several", "page-has-heading-one",
    }  # fmt: skip
    assert len(found) == len(LOOKS)
