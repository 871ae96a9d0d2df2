"""Page text never runs: 200 payloads in every stored field, on every page and in the mail, in a real browser without CSP.

The Content-Security-Policy is the second wall; it is switched off here, so that escaping alone has to hold.
"""

from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from sqlalchemy import insert

from crawlers.items import Capture, Media
from desk.custody import audit
from desk.database import writing
from desk.digest import render
from desk.digest.select import edition
from desk.list_maker import ListPlan, PlannedEntry, WithheldItem
from desk.people.accounts import LoginRefused, authenticate
from desk.seed_views import SuggestionLine, propose
from desk.subscribers.mail_answers import KINDS, answer_token
from desk.subscribers.subscriptions import active_subscriptions, subscribe
from desk.tables import asks, comments, digests, mentions, reason_marks, rulings, saved_searches, tokens
from desk.takedown import repository
from desk.web import app
from enrichment.assessment import Contact, MonthlyPay, Place, Signal
from enrichment.campaigns.linkage import Campaign, Link
from index.base import CampaignRecord, Revision
from tests.desk.conftest import NOTIFIER, confirm_item

PAYLOADS = Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()


def poisoned(made, payload):
    """Return a record with the payload in every field a page can fill."""
    raw = f"{made.posting.title}\n{made.posting.text}"
    posting = msgspec.structs.replace(
        made.posting, company=payload, location=payload, pay_raw=payload, posted_at_raw=payload, employment_type=payload,
        author=payload, native_id=payload, forwarded_from=payload, openings=payload, views=payload,
        media=(Media(url=payload, kind="image"),), contacts=(payload,), capture=Capture(record_id=payload, sha256=payload),
    )  # fmt: skip
    signal = Signal(
        indicator=payload, family=payload, start=0, end=len(raw), text=payload, weight=5.0, gloss=payload, reference=payload,
        against=payload,
    )  # fmt: skip
    assessment = msgspec.structs.replace(
        made.assessment,
        signals=(signal, msgspec.structs.replace(signal, weight=-3.0)),
        lexicon_version=payload,
        contacts=(Contact(type="telegram", value=payload, start=0, end=5, countries=(payload,)),),
        places=(Place(name=payload, country=payload, kind=payload, start=1, end=4),),
        pay=MonthlyPay(low=1, high=2, currency=payload, period=payload, monthly_usd=3, start=0, end=2),
    )
    revisions = tuple(
        Revision(
            revision=number, change="edited", at=made.first_seen, run_id=payload, text_sha256="0" * 64, title=payload,
            text=payload,
        ) for number in (1, 2)
    )  # fmt: skip
    return msgspec.structs.replace(made, posting=posting, assessment=assessment, revisions=revisions, run_id=payload)


FRAMES = """async ([paths, forbidden]) => {
    const own = /<script src="\\/static\\/[a-z.]+" defer><\\/script>/g;
    const texts = await Promise.all(paths.map((path) => fetch(path).then((answer) => answer.text())));
    const frames = texts.map((text) => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        frame.contentWindow.pwned = () => pwned();
        frame.contentDocument.open();
        frame.contentDocument.write(text.replaceAll(own, ""));
        frame.contentDocument.close();
        return frame;
    });
    const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const loads = () => frames.some((frame) => [...frame.contentDocument.images].some((one) => !one.complete));
    await wait(30);
    for (let turn = 0; turn < 400 && loads(); turn += 1) await wait(25);
    await wait(5);
    const all = frames.flatMap((frame) => [...frame.contentDocument.querySelectorAll("*")]);
    const attributes = all.flatMap((one) => [...one.attributes]);
    const found = [
        attributes.map((one) => one.name).filter((name) => name.startsWith("on") || /^(data-)?hx-on/.test(name)),
        attributes.filter((one) => ["href", "src", "action", "formaction"].includes(one.name)).map((one) => one.value),
        texts.filter((text) => !text.includes("</html>")).length,
        forbidden ? all.filter((one) => one.matches(forbidden)).length : 0,
    ];
    frames.forEach((frame) => frame.remove());
    return found;
}"""
"""Puts whole pages into frames of one page, where what is live in them runs; says which handlers and addresses they have,
how many of them are broken off, and how many elements are forbidden ones."""
AT_ONCE = 20


class Lists:
    """A plan whose every word is a payload."""

    notifier, sends = NOTIFIER, True

    def plan(self, platform):
        left = tuple(WithheldItem(field="evidence", item_id=payload, reason=payload) for payload in PAYLOADS)
        entries = tuple(
            PlannedEntry(item_id=payload, change=payload, title=payload, url=payload, explanation=payload) for payload in PAYLOADS
        )
        return ListPlan(entries=entries, taken_back=entries, left_out=left, homeless=left, fault="")


class Suggestions:
    """Suggested sources whose every word is a payload."""

    def list_venues(self, *, every):
        return [
            SuggestionLine(venue=payload, what=payload, facts=(payload,), lures=((payload, payload),), ruling=payload, hidden="")
            for payload in PAYLOADS
        ]


class Rules:
    """Rule files whose every word is a payload."""

    def rule_files(self):
        return [(payload, (payload,)) for payload in PAYLOADS]

    def faulty(self):
        return PAYLOADS


@pytest.fixture
def planted(store, record, desk_db, people, now):
    """Put every payload everywhere; return the items."""
    items = [
        poisoned(record(number, title=payload, url=payload, text=f"{payload} {payload}", campaign=f"c{number // 2}"), payload)
        for number, payload in enumerate(PAYLOADS)
    ]
    store.put_campaigns(
        [
            CampaignRecord(
                campaign=Campaign(
                    id=f"c{number // 2}",
                    members=(one.id,),
                    links=(Link(one=one.id, two=payload, kind="contact", why=payload),),
                    languages=(payload,),
                )
            )
            for number, (payload, one) in enumerate(zip(PAYLOADS, items, strict=True))
            if number % 2
        ]
    )
    items += [poisoned(record(1000 + number), payload) for number, payload in enumerate(PAYLOADS[::10])]
    assert store.put(items).dead == ()
    found = _entries(desk_db, items, people, now)
    with writing(desk_db) as connection:
        repository.keep(
            connection, platform="sample_boards", number=1, previous=None, manifest_sha256="ab" * 32, by="dag:takedown_lists",
            now=now, contents={"list.json": ("ab" * 32, b"{}")}, found=found,
        )  # fmt: skip
    _kept(desk_db, items, people, now)
    for payload in PAYLOADS:
        with pytest.raises(LoginRefused):
            authenticate(desk_db, name=payload, password=payload, address=payload, now=now)
    return items


def _kept(engine, items, people, now):
    """Save a search and rule on a campaign under every payload; a link's reason carries one too."""
    with writing(engine) as connection:
        owner = {"owner_id": people["lead"].id, "shared": True, "created_at": now}
        connection.execute(insert(saved_searches), [{"name": payload[:80], "typed": payload, **owner} for payload in PAYLOADS])
        made = {"kind": "hub", "campaign": "c0", "others": "[]", "by_id": people["lead"].id, "at": now}
        mail = {"week": "2026-W48", "subscription": "other"}
        connection.execute(insert(digests).values(**mail, built_at=now, body="{}"))
        rows = [{"item_id": each.id, "standing": "unreviewed", **mail} for each in items[: len(PAYLOADS)]]
        connection.execute(insert(mentions), rows)
        ids = audit.canonical([items[0].id])
        made |= {"ids": ids}
        connection.execute(insert(rulings), [{"contact": f"{each}:{each}", "note": each, **made} for each in PAYLOADS])
        said = [
            {"item_id": item.id, "kind": "commented", "body": payload, "by_id": people["lead"].id, "at": now, "salt": "0"}
            for payload, item in zip(PAYLOADS, items, strict=False)
        ]
        connection.execute(insert(comments), said)
        marked = {"rules": "", "revision": 1, "text_sha256": "0", "by_id": people["lead"].id, "at": now, "salt": "0"}
        of_item = [(payload, item.id) for payload, item in zip(PAYLOADS, items, strict=False)]
        marks = [{"kind": "struck", "indicator": each, "body": f"{each} ", "item_id": item} for each, item in of_item]
        marks += [{"kind": "upheld", "indicator": each, "body": each, "item_id": item} for each, item in of_item]
        connection.execute(insert(reason_marks), [one | marked for one in marks])
        asked = {"kind": "assigned", "to_id": people["admin"].id, "by_id": people["lead"].id, "at": now}
        rows = [{"item_id": each["item_id"], "comment_id": number, **asked} for number, each in enumerate(said, start=1)]
        connection.execute(insert(asks), rows)
        named = {"user_id": people["admin"].id, "scopes": "read", "created_at": now, "expires_at": now}
        connection.execute(
            insert(tokens), [{"name": each[:80], "token_sha256": each[:64], **named} for each in dict.fromkeys(PAYLOADS)]
        )


def _entries(engine, items, people, now):
    entries = []
    for payload, item in zip(PAYLOADS, items, strict=False):
        decision = confirm_item(engine, item, by=people["minh"], now=now, note=payload)
        body = {
            "url": payload, "title": payload, "explanation": payload, "kind": payload, "severity": payload,
            "clause": {"title": payload, "rule": payload}, "evidence": {"sha256": payload},
        }  # fmt: skip
        entries.append(repository.ListEntry(item_id=item.id, change="new", decision_id=decision.id, body=body))
    return entries


def watched(context, home):
    """Return a page and the list of everything that ran, or was asked for elsewhere."""
    alarms = []
    context.expose_function("pwned", lambda *_: alarms.append("ran"))
    page = context.new_page()
    page.on("dialog", lambda dialog: (alarms.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: alarms.append(request.url) if not request.url.startswith((home, "data:")) else None)
    return page, alarms


def test_no_payload_runs_on_any_page_or_in_the_mail_even_without_csp(
    planted, desk, served, browser, people, password, desk_db, store, now, tmp_path
):
    assert len(set(PAYLOADS)) == 200
    object.__setattr__(desk, "lists", Lists())
    object.__setattr__(desk, "suggestions", Suggestions())
    for payload in PAYLOADS[::4]:
        propose(desk_db, "receiver", payload[:400], by=people["admin"], reason=payload, now=now)
    object.__setattr__(desk, "seeds", Rules())
    context = browser.new_context(bypass_csp=True)
    page, alarms = watched(context, served)
    page.goto(f"{served}/login")
    page.fill("[name=name]", "admin")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(f"{served}/")
    paths = ["/inbox", "/second", "/account", "/?queue=mine", "/campaign/c0/merge?q=x", "/saved", "/rulings", "/digest/2026-W48"]
    paths += [
        "/", "/search", "/queue/rows", "/campaigns", "/campaign/c0", "/lists", "/lists/1", "/lists/new?platform=sample_boards",
        "/platforms", "/platforms/sample_boards", "/sources", "/suggestions", "/rules", "/audit", "/people", "/nothing",
    ]  # fmt: skip
    paths += [f"/search?q={quote(payload)}&tag={quote(payload)}&sort={quote(payload)}" for payload in PAYLOADS[::20]]
    paths += [f"/{kind}{quote(payload)}" for payload in PAYLOADS[::20] for kind in ("contact?c=", "campaign/c1/merge?q=")]
    paths += [f"/search?q=x&saved={quote(payload)}&since={quote(payload)}" for payload in PAYLOADS[::25]]
    paths += [f"/{quote(payload, safe='')}" for payload in PAYLOADS[::25]]
    for number in (1, 50, 120):  # searches named by payloads
        subscribe(desk_db, by=people["admin"], now=now, search_id=number)
    with desk_db.connect() as connection:
        mails = active_subscriptions(connection)
    paths += ["/subscriptions", *(f"/unsubscribe/{one.token()}" for one in mails)]
    paths += [f"/answer/{answer_token(mails[0], KINDS[at % 3], item.id, now)}" for at, item in enumerate(planted[::16])]
    pages = [f"/item/{item.id}" for item in planted]
    paths += [
        *pages[::40], "/go", "/runs", "/platforms", "/bulk?q=lang:en", f"{pages[0]}/pictures", f"{pages[0]}/page",
    ]  # fmt: skip
    links = set()
    for path in paths:
        page.goto(f"{served}{path}", wait_until="load")
        links |= set(
            page.eval_on_selector_all(
                "[href], [src], [action], [formaction]",
                """all => all.flatMap(one =>
            ["href", "src", "action", "formaction"].map(name => one.getAttribute(name)).filter(value => value !== null))""",
            )
        )
        handlers = page.eval_on_selector_all(
            "*", "all => all.flatMap(one => [...one.attributes].map(a => a.name)).filter(n => n.startsWith('on'))"
        )
        assert handlers == [], (path, handlers)
        page.mouse.move(300, 300)
        assert alarms == [], (path, alarms)
    for start in range(0, len(pages), AT_ONCE):
        handlers, found, broken, _ = page.evaluate(FRAMES, [pages[start : start + AT_ONCE], None])
        links |= set(found)
        assert (handlers, broken, alarms) == ([], 0, []), (start, handlers, alarms)
    with desk_db.connect() as connection:
        made = edition(connection, store, [], week="2026-W48", subscription="weekly", until=now)
    mail = tmp_path / "mail.html"
    mail.write_text(render.html(made, served, "<script>pwned()</script>"), encoding="utf-8")
    page.goto(mail.as_uri())
    assert [alarm for alarm in alarms if alarm != mail.as_uri()] == []
    context.close()
    assert sorted(link for link in links if not link.startswith(("/", "#", "?"))) == []
    assert sorted(link for link in links if link.startswith(("//", "/\\"))) == []


def test_log_in_and_refusals_show_payloads_as_text(served, browser, people):
    context = browser.new_context(bypass_csp=True)
    page, alarms = watched(context, served)
    for payload in PAYLOADS[::18]:
        page.goto(f"{served}/login?back={quote(payload)}")
        page.fill("[name=name]", payload)
        page.fill("[name=password]", "wrong")
        page.click("button.primary")
        page.wait_for_load_state("load")
        assert alarms == [], payload
    context.close()


@pytest.mark.parametrize(
    "act",
    [
        "document.body.innerHTML = '<img src=x onerror=pwned()>'",
        "document.body.setAttribute('onclick', 'pwned()')",
        "document.body.innerHTML = '<svg><script>pwned()</script></svg>'",
        "document.body.innerHTML = '<a href=javascript:pwned()>x</a>'",
        "document.createElement('script').text = 'pwned()'",
    ],
)
def test_the_policy_refuses_what_escaping_might_miss(served, browser, act):
    context = browser.new_context()
    page, alarms = watched(context, served)
    page.goto(f"{served}/login")
    refused = page.evaluate(f"() => {{ try {{ {act}; return 'done'; }} catch (error) {{ return error.name; }} }}")
    assert refused in ("TypeError", "EvalError"), refused
    assert alarms == []
    context.close()


def test_the_alarms_do_ring_when_a_page_forgets_to_escape(store, record, desk, browser, people, password, monkeypatch, serving):
    whole = app.environment

    def careless():
        return whole().overlay(autoescape=False)

    monkeypatch.setattr(app, "environment", careless)
    item = poisoned(record(1, title=PAYLOADS[11]), PAYLOADS[11])
    store.put([item])
    with serving(desk) as home:
        context = browser.new_context(bypass_csp=True)
        page, alarms = watched(context, home)
        page.goto(f"{home}/login?back=/item/{item.id}")
        page.fill("[name=name]", "minh")
        page.fill("[name=password]", password)
        page.click("button.primary")
        page.wait_for_load_state("load")
        assert "ran" in alarms
        alarms.clear()
        page.goto(f"{home}/account")
        handlers, *_ = page.evaluate(FRAMES, [[f"/item/{item.id}"], None])
        assert "ran" in alarms and handlers
        context.close()
