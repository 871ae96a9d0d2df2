"""Pages of platforms: how each takes notices; a route is proposed, tried by a mail to oneself, signed by a second person."""

import email
import html
import json
import re
import shutil
from dataclasses import replace
from email import policy

import pytest
from aiosmtpd.controller import Controller

from desk.cases import signed_settings
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.partners.partner_tokens import token_partner
from desk.platforms import load_platforms
from lurewatch.app.receivers.receiver_edits import ReceiverFiles
from lurewatch.app.seeds.settings_in_force import receivers_in_force, receivers_reader
from lurewatch.settings import Settings
from tests.services.processes import free_port

HOSTILE = "x@y.example</textarea><img src=x onerror=alert(1)>"


class Inbox:
    """A mail server of this machine that keeps what it is given."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def inbox():
    handler = Inbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    handler.address = f"smtp://127.0.0.1:{server.port}"
    yield handler
    server.stop()


@pytest.fixture
def settings(tmp_path, seeds, inbox):
    folder = tmp_path / "seeds"
    (folder / "sources").mkdir(parents=True)
    for name in ("platforms.yml", "places.yml"):
        shutil.copy(seeds / name, folder)
    shutil.copytree(seeds / "platforms", folder / "platforms")
    return Settings(
        seeds=folder, runs=str(tmp_path / "runs"), state=tmp_path / "state", smtp=inbox.address,
        mail_from="watch@example.org", contact_email="desk@example.org", organisation="Test desk",
    )  # fmt: skip


@pytest.fixture
def desk(desk, settings):
    return replace(desk, receivers=ReceiverFiles(settings, desk.engine), read_platforms=receivers_reader(settings, desk.engine))


def version_in(text):
    return re.search(r'name="version" value="([0-9a-f]{64})"', text)[1]


def propose(person, key="topcv", contact="abuse@topcv.example", enabled="true", why="named by their trust team, by telephone"):
    page = person.page(f"/platforms/{key}")
    return person.post(f"/platforms/{key}/sign", contact=contact, enabled=enabled, version=version_in(page), why=why)


def test_every_platform_says_how_it_takes_notices(login, settings):
    viewer, lead = login("viewer"), login("lead")
    assert "Propose where lists go" not in viewer.page("/platforms/topcv")
    table = viewer.page("/platforms")
    for key, each in load_platforms(settings.seeds).platforms.items():
        assert f'href="/platforms/{key}"' in table
        page = html.unescape(lead.page(f"/platforms/{key}"))
        assert each.note in page and (not each.route or each.route.person in page)
    assert "No public address of one item is known" in lead.page("/platforms/zalo")
    assert lead.get("/platforms/nowhere").status_code == 404


def test_a_route_is_proposed_tried_and_signed_by_two(login, settings, desk, inbox):
    operator, lead = login("operator"), login("lead")
    before = (settings.seeds / "platforms" / "boards.yml").read_text(encoding="utf-8")
    assert propose(operator).status_code == 303
    page = lead.page("/platforms/topcv")
    assert "Waits for a second person" in page and "Nobody has tried it with a mail yet" in page and "by telephone" in page
    assert not load_platforms(settings.seeds).platforms["topcv"].enabled

    own = propose(operator)
    assert own.status_code == 409 and "a second person has to accept it" in own.text
    untried = propose(lead, why="their page says so too")
    assert untried.status_code == 409 and "nobody has tried it yet" in html.unescape(untried.text).lower()
    assert (settings.seeds / "platforms" / "boards.yml").read_text(encoding="utf-8") == before

    tried = lead.post("/platforms/topcv/try").text
    assert "sent to you alone" in tried, re.findall('class="problem[^>]*>([^<]*)', tried)
    ((to, mail),) = inbox.mails
    assert to == ["lead@example.org"] and "abuse@topcv.example" in mail.get_body().get_content()
    files = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert {"trial-list.csv", "trial-list.json", "trial-manifest.json"} <= set(files)
    assert json.loads(files["trial-list.json"])["entries"][0]["url"] == "https://advert.example/1"
    assert "Tried with a mail by lead" in lead.page("/platforms/topcv")

    assert propose(lead, why="their page says so too").status_code == 303
    receivers = receivers_in_force(settings, desk.engine)[1]
    assert (receivers.platforms["topcv"].enabled, receivers.platforms["topcv"].contact) == (True, "abuse@topcv.example")
    assert "topcv" not in receivers.unaccepted
    after = (settings.seeds / "platforms" / "boards.yml").read_text(encoding="utf-8")
    assert {line.strip() for line in after.splitlines()} - {line.strip() for line in before.splitlines()} == {
        'contact: "abuse@topcv.example"', "enabled: true"
    }  # fmt: skip
    history = lead.page("/platforms/topcv")
    assert history.index("<td>accepted</td>") < history.index("<td>tried with a mail</td>") < history.index("<td>proposed</td>")
    with desk.engine.connect() as connection:
        done = [(each.actor, each.action) for each in audit.entries(connection, subject="platform:topcv")]
    assert done[:3] == [
        ("operator", "setting_proposed"), ("lead", "receiver_tested"), ("lead", "receiver_changed")
    ]  # fmt: skip
    with desk.engine.connect() as connection:
        assert check_ledger(connection).faults == ()


def test_a_trial_is_of_the_address_that_waits_and_no_other(login, inbox):
    operator, lead, admin = login("operator"), login("lead"), login("admin")
    propose(operator)
    operator.post("/platforms/topcv/try")
    propose(operator, contact="other@topcv.example")
    assert "Nobody has tried it with a mail yet" in lead.page("/platforms/topcv")
    refused = propose(admin, contact="other@topcv.example")
    assert refused.status_code == 409 and "nobody has tried it yet" in html.unescape(refused.text).lower()
    assert [to for to, _ in inbox.mails] == [["operator@example.org"]]


def test_a_platform_that_was_switched_on_is_switched_off_by_two(login, settings, desk):
    operator, lead = login("operator"), login("lead")
    propose(operator)
    lead.post("/platforms/topcv/try")
    propose(lead)
    assert propose(lead, enabled="false", why="they asked us to stop").status_code == 303
    assert load_platforms(settings.seeds).platforms["topcv"].enabled
    assert "<dt>Address in force</dt><dd><bdi>abuse@topcv.example" in lead.page("/platforms/topcv")
    assert propose(operator, enabled="false", why="they asked us to stop").status_code == 303
    assert not load_platforms(settings.seeds).platforms["topcv"].enabled
    page = lead.page("/platforms/topcv")
    assert "Address in force" not in page and "nothing is sent now</dt><dd><bdi>abuse@topcv.example" in page


@pytest.mark.parametrize(
    ("key", "given", "says"),
    [
        ("topcv", {"contact": "nobody"}, "not an e-mail address"),
        ("topcv", {"contact": ""}, "enabled without a contact"),
        ("topcv", {"contact": HOSTILE}, "not an e-mail address"),
        ("zalo", {"contact": "a@b.example"}, "enabled without a pattern"),
        ("topcv", {"why": " "}, "say why in a sentence"),
        ("topcv", {"enabled": "false", "contact": ""}, "says so already"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused_in_words(login, settings, key, given, says):
    before = {path: path.read_bytes() for path in settings.seeds.rglob("*.yml")}
    answer = propose(login("operator"), key, **given)
    assert answer.status_code == 409 and says in html.unescape(answer.text).lower()
    assert "<img src=x" not in answer.text
    assert {path: path.read_bytes() for path in settings.seeds.rglob("*.yml")} == before


def test_a_file_that_changed_since_is_not_signed_over(login, settings):
    operator, lead = login("operator"), login("lead")
    propose(operator)
    seen = lead.page("/platforms/topcv")
    path = settings.seeds / "platforms" / "boards.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    lead.post("/platforms/topcv/try")
    form = {"contact": "abuse@topcv.example", "enabled": "true", "version": version_in(seen), "why": "yes"}
    answer = lead.post("/platforms/topcv/sign", **form)
    assert answer.status_code == 409 and "was changed since you opened it" in answer.text
    text = path.read_text(encoding="utf-8").replace("hosts: [topcv.vn]", "hosts: [topcv.vn, topcv.com]")
    path.write_text(text, encoding="utf-8")
    assert "Waits for a second person" not in lead.page("/platforms/topcv")  # what was signed is not what the file says now


def test_a_mail_server_that_is_away_is_named_and_nothing_counts_as_tried(login, settings, desk):
    away = settings.model_copy(update={"smtp": f"smtp://127.0.0.1:{free_port()}"})
    desk.receivers._settings = away
    operator = login("operator")
    propose(operator)
    answer = operator.post("/platforms/topcv/try")
    assert answer.status_code == 409 and "the trial mail did not leave" in html.unescape(answer.text).lower()
    with desk.engine.connect() as connection:
        assert not list(audit.entries(connection, "receiver_tested"))
        assert signed_settings.standings(connection)["platform:topcv", "route"].waiting


def test_without_a_mail_server_the_page_says_so_and_two_signatures_are_enough(login, settings, desk):
    desk.receivers.mails = False
    operator, lead = login("operator"), login("lead")
    assert operator.post("/platforms/topcv/try").status_code == 409
    propose(operator)
    assert "This desk has no mail server" in lead.page("/platforms/topcv")
    assert propose(lead).status_code == 303
    assert load_platforms(settings.seeds).platforms["topcv"].enabled


def test_a_lead_makes_a_token_for_a_platform_sees_it_once_and_revokes_it(login, desk_db, clock):
    lead, minh = login("lead"), login("minh")
    assert "t-tokens" not in minh.page("/platforms/topcv")
    given = {"name": "<b>case tool", "scopes": ["read", "answer"], "days": "30"}
    assert minh.post("/platforms/topcv/tokens", **given).status_code == 403
    page = lead.post("/platforms/topcv/tokens", **given).text
    value = re.search(r"lwp_[\w-]+", page)[0]
    assert token_partner(desk_db, value, clock.at) is None, "one person let it in"
    assert lead.post("/platforms/topcv/tokens/1/open").status_code == 409
    assert login("admin").post("/platforms/topcv/tokens/1/open").status_code == 303
    assert token_partner(desk_db, value, clock.at).platform == "topcv"
    page = lead.page("/platforms/topcv")
    assert value not in page and "&lt;b&gt;case tool" in page and "never" not in page.split("t-tokens")[1].split("</tbody>")[0]
    for wrong in ({"scopes": []}, {"scopes": ["all"]}, {"days": "400"}, {"name": ""}):
        assert lead.post("/platforms/topcv/tokens", **(given | wrong)).status_code == 422, wrong
    assert lead.post("/platforms/nobody/tokens", **given).status_code == 404
    assert lead.post("/platforms/zalo/tokens/1/revoke").status_code == 404, "another platform's"
    assert lead.post("/platforms/topcv/tokens/1/revoke").status_code == 303
    assert token_partner(desk_db, value, clock.at) is None
    assert "lwp_" not in lead.page("/platforms/topcv")
    with desk_db.connect() as connection:
        log = list(audit.entries(connection, subject="partner:topcv"))
    steps = [("lead", "made"), ("admin", "opened"), ("lead", "revoked")]
    assert [(entry.actor, entry.action) for entry in log] == [(who, f"partner_token_{step}") for who, step in steps]
