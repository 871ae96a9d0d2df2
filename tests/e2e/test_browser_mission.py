"""From adverts of a run to a list that was sent, in the browser alone: nobody opens a terminal."""

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crawlers.sample_sites import seeds_for, serve
from desk.digest import render
from desk.languages.reader_locale import ReaderLocale
from desk.people.accounts import add_user
from desk.web.app import create_app
from index.base import Record
from index.campaigns.relink import link_all
from index.open import open_store
from lurewatch.app.in_force import read_in_force
from lurewatch.app.mails import digest_mail
from lurewatch.app.source_runs import run_sources
from lurewatch.cli.administer.serve_command import open_desk
from lurewatch.settings import SHIPPED_SEEDS, Settings
from tests.desk.conftest import PASSWORD, browser
from tests.desk.venues.conftest import make_record
from tests.few_sites import copy_hasty
from tests.services.mail_server import Inbox, serve_mail
from tests.services.processes import PATIENCE

__all__ = ["browser"]  # a fixture

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "sample_board"
CREW = "Chat operators wanted, flight and visa paid, passports are kept at the office. Telegram @bright_hr_demo"
CONTACT = ("telegram:bright_hr_demo",)
PEOPLE = {"ana": "analyst", "leo": "lead"}


def crew_advert(day: int) -> Record:
    """Return one of the adverts of a crew that is known already."""
    made = make_record(f"crew-{day}", title=f"Chat operator {day}", text=CREW, contacts=CONTACT, day=day)
    return msgspec.structs.replace(made, assessment=msgspec.structs.replace(made.assessment, tag="scam_compound"))


@pytest.fixture
def inbox() -> Inbox:
    """Return what a platform's mailbox holds."""
    return Inbox()


@pytest.fixture
def settings(tmp_path: Path, seeds: Path, inbox: Inbox) -> Iterator[Settings]:
    """Serve the sample sites."""
    with serve_mail(inbox) as port, serve(copy_hasty(seeds, tmp_path), {}) as urls:
        own = seeds_for(urls, tmp_path / "seeds", SHIPPED_SEEDS)
        store = str(tmp_path / "index.sqlite")
        with closing(open_store(store)) as opened:
            opened.put([crew_advert(day) for day in range(5)])
            link_all(opened)
        made = Settings(
            seeds=own, runs=str(tmp_path / "runs"), assessed=str(tmp_path / "assessed"), state=tmp_path / "state", store=store,
            database=f"sqlite:///{tmp_path / 'desk.sqlite'}", smtp=f"smtp://127.0.0.1:{port}", mail_from="watch@example.org",
            contact_email="desk@example.org", contact_url="https://example.org/bot", organisation="Test desk",
            second_opinions=100, allow_loopback=True,
        )  # fmt: skip
        yield made


@pytest.fixture
def home(settings: Settings) -> Iterator[str]:
    """Serve the desk as ``lurewatch serve`` makes it; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        desk = open_desk(settings.model_copy(update={"public_url": address}))
        for name, role in PEOPLE.items():
            add_user(desk.engine, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=datetime.now(UTC))
        server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="error", proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield address
        server.should_exit = True
        thread.join()


def log_in(context: BrowserContext, home: str, name: str) -> Page:
    """Log in as a person would, in a browser of their own."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{home}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}/")
    return page


def test_from_an_advert_to_a_sent_list_without_a_terminal(settings: Settings, home: str, inbox: Inbox, browser: Browser) -> None:
    """Crawled, decided, looked at again, listed, read, sent."""
    leo, ana = (log_in(browser.new_context(), home, name) for name in ("leo", "ana"))
    crawl_source(settings, SOURCE)
    item = decide_item(ana, leo, home, SOURCE)
    sent(ana, leo, home, item)
    pictured(ana, leo, settings, home, browser)
    ((_, message),) = inbox.got
    assert message["to"] == "abuse@sample-boards.example"
    assert any("list.json" in str(part.get_filename()) for part in message.iter_attachments())


def crawl_source(settings: Settings, name: str) -> None:
    """Let the crawl run, by the call that the Dag makes."""
    in_force = read_in_force(settings)
    (source,) = (each for each in in_force.sources if each.name == name)
    with closing(open_store(settings.store)) as store:
        (summary,) = run_sources([source], in_force, store, 1, lambda *_: None)
    assert summary["parsed"] >= 10 and summary["flagged"] >= 1, summary


def decide_item(ana: Page, leo: Page, home: str, name: str) -> str:
    """Decide the gravest of the new adverts by two keys; somebody else gives a second opinion. Return the advert's id."""
    ana.goto(f"{home}/?source={name}")
    ana.locator("a[data-open]").first.click()
    ana.wait_for_url("**/item/*")
    item = re.search("/item/([0-9a-f]+)", ana.url)
    assert item
    ana.wait_for_timeout(300)  # for a moment after a new item no key decides
    ana.keyboard.press("1")
    ana.keyboard.press("1")
    expect(ana.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
    leo.goto(f"{home}/second")
    leo.get_by_role("radio").first.check()
    leo.get_by_role("button", name="Keep my opinion").click()
    expect(leo.get_by_text("1 of 1")).to_be_visible()
    return item[1]


def sent(ana: Page, leo: Page, home: str, item: str) -> None:
    """Build the list, read its entry, approve it as somebody else, and send it, by keyboard."""
    ana.goto(f"{home}/lists")
    ana.get_by_role("link", name="Build a list").press("Enter")
    ana.get_by_label("Platform").select_option("sample_boards")
    ana.get_by_role("button", name="Show what it would be told").press("Enter")
    expect(ana.get_by_text("1 on the list")).to_be_visible()
    ana.get_by_role("button", name="Build this list").press("Enter")
    ana.wait_for_url("**/lists/1")
    leo.goto(f"{home}/lists/1")
    leo.locator(f"a[href='/item/{item}']").click()
    leo.wait_for_url(f"**/item/{item}")
    leo.go_back()
    leo.get_by_label("I read it and it is right").press("Space")
    leo.locator("#approval button").press("Enter")
    leo.get_by_role("button", name="Send it now").press("Enter")
    expect(leo.get_by_role("status").filter(has_text="was sent to")).to_be_visible()
    expect(leo.locator(".state.sent")).to_be_visible()


def pictured(ana: Page, leo: Page, settings: Settings, home: str, browser: Browser) -> None:
    """Take the pictures of the documents; they are written to docs/screens where LUREWATCH_WRITE_SCREENS asks for it."""
    into = ROOT / "docs" / "screens" if os.environ.get("LUREWATCH_WRITE_SCREENS") else settings.state / "screens"
    into.mkdir(exist_ok=True)
    with closing(open_store(settings.store)) as store:
        campaign = max(store.campaigns(), key=lambda each: len(each.campaign.members)).campaign.id

    def take(page: Page, name: str, path: str | None = None, *, width: int = 1440) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        if path is not None:
            page.goto(home + path, wait_until="networkidle")  # the rows beside an item come after it
        page.screenshot(path=into / f"{name}.png")

    take(ana, "queue", "/")
    item = ana.locator("a[data-open]").first.get_attribute("href") or ""
    take(ana, "listing", item)
    take(ana, "reader", item, width=900)
    for name, path in {"campaign": f"/campaign/{campaign}", "lists": "/lists", "sources": "/sources", "rules": "/rules"}.items():
        take(ana, name, path)
    take(leo, "list", "/lists/1")
    ana.goto(f"{home}/search")
    ana.locator("#q").press_sequentially("score:>60 lang:")
    expect(ana.locator("#suggested [role=option]").first).to_be_visible()
    take(ana, "search")
    ana.goto(home)
    ana.keyboard.press("Control+k")
    ana.keyboard.type("se")
    take(ana, "palette")
    ana.emulate_media(color_scheme="dark")
    take(ana, "dark", item)
    edition = digest_mail.draft(settings, None)
    letter = browser.new_page(
        viewport={"width": 760, "height": 860}
    )  # the desk's Trusted Types would refuse HTML in a page of theirs
    letter.set_content(render.html(edition, home, settings.organisation, ReaderLocale("en")))
    letter.screenshot(path=into / "digest.png")
    taken = {path.stem for path in into.glob("*.png") if path.stat().st_size > 10_000}
    assert taken >= {
        "queue",
        "listing",
        "reader",
        "campaign",
        "lists",
        "list",
        "sources",
        "rules",
        "search",
        "palette",
        "dark",
        "digest",
    }
