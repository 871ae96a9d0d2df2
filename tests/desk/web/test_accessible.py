"""What axe-core calls serious, checked here without it: contrast of every text, regions that scroll, one heading a page.

These rules failed on the desk's pages before: color-contrast, scrollable-region-focusable, page-has-heading-one. axe-core
is half a megabyte of another licence, so it is run by hand when pages change and what it finds becomes a check here.
"""

import dataclasses
from datetime import UTC, datetime

import msgspec
import pytest

from crawlers.sources.source import load_sources
from desk.cases import case_decisions
from desk.cases.comments import comment
from desk.database import writing
from desk.list_maker import LeftOut, ListPlan, PlannedEntry
from desk.people.accounts import add_user
from desk.seed_editors import SiteLook, SuggestionLine
from desk.takedown import repository
from index.campaigns.relink import link_all
from lurewatch.app.seeds.rule_edits import LureRules
from lurewatch.app.seeds.source_edits import SourceFiles
from lurewatch.settings import Settings

CHECK = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => top.slice(0, 3).map((value, at) => value * top[3] + below[at] * (1 - top[3]));
    const ground = (one) => {
        if (!one) return [255, 255, 255];
        const own = rgba(getComputedStyle(one).backgroundColor);
        return own[3] === 1 ? own.slice(0, 3) : over(own, ground(one.parentElement));
    };
    const light = (colour) => {
        const [r, g, b] = colour.map((value) => value / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    for (const one of document.body.querySelectorAll("*")) {
        const style = getComputedStyle(one);
        const says = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (says && one.checkVisibility({ visibilityProperty: true }) && !one.closest(".sr, .skip, option, svg")) {
            const behind = ground(one);
            const [dark, bright] = [light(over(rgba(style.color), behind)), light(behind)].sort((a, b) => a - b);
            const ratio = (bright + 0.05) / (dark + 0.05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${one.outerHTML.slice(0, 120)}`);
        }
        const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY)
            && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
        if (scrolls && one.tabIndex < 0 && !one.querySelector("a[href], button, input, select, textarea, [tabindex='0']"))
            found.push(`scrolls without the keyboard: ${one.outerHTML.slice(0, 120)}`);
    }
    if (document.querySelectorAll("h1").length !== 1) found.push("no heading, or several");
    return found;
}"""


class Lists:
    """A plan with something of everything."""

    sends = True

    def plan(self, platform):
        url = "https://board.example.org/1"
        entry = PlannedEntry(item_id="a" * 64, change="new", title="Clerk", url=url, explanation="It quotes: words.")
        left = (LeftOut(item_id="b" * 64, reason="not seen for 9 days"),)
        return ListPlan(entries=(entry,), taken_back=(entry,), left_out=left, homeless=left)


class Suggestions:
    """One suggested source and one that was refused."""

    asks_sites = True

    def looks(self):
        look = SiteLook(key="Look at site:jobs.example.org", by="lan", begun=datetime(2026, 11, 24, tzinfo=UTC))
        ended = msgspec.structs.replace(look, running=False, lines=("2 of the 9 postings on that page are flagged",))
        return [look, ended, msgspec.structs.replace(ended, lines=(), failure="the site wants no robots")]

    def list_venues(self, *, every):
        lures = tuple((f"{number:064x}", f"flagged, names it, board: {'long words ' * 20}") for number in range(3))
        line = SuggestionLine(
            venue=f"telegram:{'sample_crew' * 2}", points=61.4, what="a channel", facts=("3 lures",), lures=lures
        )
        return [line, msgspec.structs.replace(line, ruling="refused by minh", hidden="refused by minh")]


@pytest.fixture
def desk(desk, seeds):
    settings = Settings(seeds=seeds, runs=desk.runs)
    return dataclasses.replace(
        desk, sources=lambda: load_sources(seeds), suggestions=Suggestions(), lists=Lists(),
        source_files=SourceFiles(settings, desk.engine), lure_rules=LureRules(settings, desk.engine),
    )  # fmt: skip


@pytest.fixture
def paths(store, record, desk_db, people, now):
    """Fill the desk with something of everything; return the addresses of its pages."""
    items = [record(number, title=f"item {number}") for number in range(3)]
    store.put(items)
    link_all(store)
    (decision,) = case_decisions.confirm(
        desk_db, [items[1]], tag="scam_compound", severity="high", clause="forced_labour", by=people["minh"], now=now,
        seen={items[1].id: 0}, note="a note",
    )  # fmt: skip
    body = {
        "url": "https://board.example.org/1", "title": "t", "explanation": "e", "kind": "scam_compound", "severity": "high",
        "clause": {"title": "c", "rule": None}, "grounds": [{"quote": "t"}], "evidence": {"sha256": "ab" * 32},
    }  # fmt: skip
    with writing(desk_db) as connection:
        repository.keep(
            connection, platform="sample_boards", number=1, previous=None, manifest_sha256="ab" * 32,
            by="dag:takedown_lists", now=now,
            found=[repository.ListEntry(item_id=items[1].id, change="new", decision_id=decision.id, body=body)],
            contents={"list.json": ("ab" * 32, b"{}")},
        )  # fmt: skip
    comment(desk_db, items[0].id, "who knows them? @admin", by=people["minh"], now=now, to="admin")
    add_user(
        desk_db, name="lan", email="lan@example.org", role="lead", password="copper-willow-stamp-41", now=now, actor="lead"
    )  # fmt: skip
    crew = next(store.campaigns()).campaign.id
    return ("lists/new?platform=sample_boards", "vouch",
            "", "search", f"item/{items[0].id}", f"item/{items[1].id}", "lists", "lists/1", "sources", "audit", "people", "saved",
            "inbox", "second", "account", "?queue=uncertain", "suggestions", "sources/sample_board", "rules", "rules/sw/pay",
            "campaigns", f"campaign/{crew}", "rulings", "contact?c=bright_hr_demo")  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 768), ("light", 390)])
def test_every_page_can_be_read_and_reached(opened, served, paths, scheme, width):
    page = opened("admin", color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for path in paths:
        page.goto(f"{served}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if broken := page.evaluate(CHECK):
            found[path] = broken
    assert found == {}


def test_the_check_rings_when_something_is_wrong(opened, served):
    page = opened("admin")
    page.goto(f"{served}/people")
    page.evaluate("""() => {
        document.querySelector("h1").remove();
        document.querySelector(".hint").style.color = "#bbb";
        const box = document.createElement("div");
        box.style.cssText = "width: 50px; overflow-x: auto; white-space: nowrap";
        box.textContent = "a long line that does not fit into its box";
        document.querySelector("main").append(box);
    }""")
    assert {one.split(" ")[0] for one in page.evaluate(CHECK)} == {"contrast", "scrolls", "no"}
