"""`lurewatch users`, `digest`, `takedown` and `evidence`, as a shell calls them."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial

import pytest
from click.testing import CliRunner

from crawlers.items import Capture
from desk.cases.leases import note_opening
from desk.database import open_database
from desk.people.accounts import user
from desk.subscribers import subscriptions
from index.sqlite.sqlite_store import SqliteStore
from lurewatch import tasks  # here: the first import of Airflow sets logging up, and would take away what a test listens with
from lurewatch.cli.contents import cli
from tests.desk.conftest import confirm_item
from tests.desk.factors import enrol
from tests.desk.subscribers.test_bounces import REPORT

PASSWORD = "gravel-lantern-otter-93"


@pytest.fixture
def run(tmp_path, seeds, mail_port, monkeypatch):
    """Return a function that runs a command against a desk of its own with a real mail server."""
    for name, value in {
        "DATABASE": f"sqlite:///{tmp_path}/desk.sqlite",
        "STORE": f"{tmp_path}/index.sqlite",
        "RUNS": f"{tmp_path}/runs",
        "SEEDS": str(seeds),
        "SMTP": f"smtp://127.0.0.1:{mail_port}",
        "MAIL_FROM": "watch@example.org",
        "DIGEST_RECIPIENTS": "one@example.org, two@example.org",
        "ORGANISATION": "Test desk",
        "CONTACT_EMAIL": "desk@example.org",
    }.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    monkeypatch.chdir(tmp_path)

    def do(*words, code=0, typed=None):
        if words[:2] == ("takedown", "build"):
            words, typed = (*words[:2], "--as", "minh", "--password-stdin", *words[2:]), f"{PASSWORD}\n"
        if words[0] == "users" and words[1] in ("change", "password") and "--as" not in words:
            words = (*words, *(["--password-stdin"] if "--password-stdin" not in words else []), "--as", "an")
            typed = f"{PASSWORD}\n{typed or ''}"
        result = CliRunner().invoke(cli, list(words), input=typed)
        assert result.exit_code == code, result.output
        return result.output

    return do


@pytest.fixture
def hired(run):
    """Add the people the commands need."""
    for name, role in (("minh", "analyst"), ("mai", "lead"), ("an", "admin")):
        run("users", "add", name, "--role", role, "--email", f"{name}@example.org", "--password-stdin", typed=f"{PASSWORD}\n")


@pytest.fixture
def confirmed(run, hired, tmp_path, record):
    """Index one item of a sample board, confirmed by minh; return it."""
    now = datetime.now(UTC)
    item = record(
        1, source="sample_board", url="http://127.0.0.1:8101/jobs/typing-1001.html", first_seen=now, last_seen=now,
        capture=Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32),
    )  # fmt: skip
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([item])
    store.close()
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    from desk.people.accounts import user

    with engine.connect() as connection:
        minh = user(connection, "minh")
    note_opening(engine, item, by=minh, now=now)
    confirm_item(engine, item, by=minh, now=now)
    engine.dispose()
    return item


def test_people_are_added_listed_changed_and_disabled(run, hired):
    assert [json.loads(line)["name"] for line in run("users", "list", "--json").splitlines()] == ["an", "mai", "minh"]
    run("users", "change", "minh", "lead")
    run("users", "change", "minh", "--disable")
    assert json.loads(run("users", "list", "--json").splitlines()[2]) | {"id": 0, "email": ""} == {
        "id": 0, "name": "minh", "email": "", "role": "lead", "language": "", "zone": "", "disabled": True,
        "second_factor": False,
    }  # fmt: skip
    run("users", "change", "minh", "--enable")
    assert "last active admin" in run("users", "change", "an", "--disable", code=1)
    assert "too weak" in run("users", "password", "minh", "--password-stdin", code=1, typed="password12345\n")
    run("users", "password", "minh", "--password-stdin", typed="teapot-orchard-violin-7\n")
    assert "whole" in run("users", "audit")


def test_commands_ask_for_a_code_and_an_admin_takes_a_lost_factor_away(run, hired, tmp_path, monkeypatch):
    """Asked for after the password, or read from the environment; a colleague's and one's own alike."""
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    (_, ans), (_, minhs) = (enrol(engine, name, datetime.now(UTC)) for name in ("an", "minh"))
    engine.dispose()
    lose = ("users", "change", "minh", "--no-factor", "--as", "an", "--password-stdin")
    assert "password or code is wrong" in run(*lose, typed=f"{PASSWORD}\n000000\n", code=1)
    run(*lose[:3], "lead", *lose[4:], typed=f"{PASSWORD}\n{ans[0]}\n")
    monkeypatch.setenv("LUREWATCH_CODE", minhs[0])
    assert "password or code is wrong" in run(*lose, typed=f"{PASSWORD}\n", code=1)
    monkeypatch.setenv("LUREWATCH_CODE", ans[1])
    assert "password alone" in run(*lose, typed=f"{PASSWORD}\n")
    assert "give one change" in run("users", "change", "minh", "--no-factor", "--enable", code=2)
    assert "whole" in run("users", "audit")


def test_a_cut_audit_log_is_found_by_its_anchor(run, hired, tmp_path):
    import sqlite3

    head = json.loads(run("users", "audit", "--json"))["head"]
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_no_DELETE")
        connection.execute("DELETE FROM audit WHERE seq = 3")
    said = run("users", "audit", code=1)
    assert "trigger audit_no_DELETE is missing" in said and "person mai: the log has no entry" not in said
    assert "the head in --anchor" in run("users", "audit", "--anchor", head, code=1)
    assert "not <number>" in run("users", "audit", "--anchor", "x", code=1)


def test_the_digest_is_previewed_built_and_sent_once(run, confirmed, inbox, tmp_path):
    text = run("digest", "preview", "--html", "preview.html")
    assert "CONFIRMED BY A PERSON" in text
    assert "did not run" in text
    assert (tmp_path / "preview.html").read_text().startswith("<!")
    assert "HẰNG TUẦN" in run("digest", "preview", "--language", "vi")
    assert json.loads(run("digest", "preview", "--json"))["counts"]["confirmed"] == 1
    assert inbox.got == []
    assert json.loads(run("digest", "send", "--json")) == {"sent": 2, "failed": 0, "waiting": 0, "repeated": 0}
    assert json.loads(run("digest", "send", "--json")) == {"sent": 0, "failed": 0, "waiting": 0, "repeated": 0}
    assert sorted(to[0] for to, _ in inbox.got) == ["one@example.org", "two@example.org"]
    assert {message["List-Unsubscribe-Post"] for _, message in inbox.got} == {"List-Unsubscribe=One-Click"}
    assert "whole; 3 heads given out stand in it" in run("users", "audit")


def test_who_subscribes_gets_mails_in_their_language_and_a_dead_address_none(run, confirmed, inbox, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    with engine.connect() as connection:
        an = user(connection, "an")
    asked = partial(subscriptions.subscribe, engine, by=an, address="reader@example.org", now=datetime.now(UTC))
    assert asked(language="fr") == 1
    asked(schedule="immediate", least_score=50)
    assert json.loads(run("digest", "send", "--json")) == {"sent": 3, "failed": 0, "waiting": 0, "repeated": 0}
    assert json.loads(run("digest", "send", "--subscribed", "--json")) == {"sent": 1, "failed": 0, "waiting": 0, "repeated": 0}
    assert json.loads(run("digest", "send", "--subscribed", "--json")) == {"sent": 0, "failed": 0, "waiting": 0, "repeated": 0}
    french, alert = [message for to, message in inbox.got if to == ["reader@example.org"]]
    assert (french["Content-Language"], alert["Content-Language"]) == ("fr", "en")
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    notice = REPORT.format(action="failed", status="5.1.1", kind="text/rfc822-headers", token="TOKEN")
    token = french["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    (tmp_path / "mail/new/1").write_text(notice.replace("TOKEN", token))
    (tmp_path / "mail/new/2").write_text("Subject: hello\n\nThank you\n")
    assert "1 noted, 1 others" in run("digest", "bounces", "mail")
    assert "no Maildir" in run("digest", "bounces", ".", code=1)
    with engine.connect() as connection:
        assert "reader@example.org" not in {one.address for one in subscriptions.active_subscriptions(connection)}
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SMTP", "", "LUREWATCH_SMTP"),
        ("DIGEST_RECIPIENTS", "", "LUREWATCH_DIGEST_RECIPIENTS"),
        ("MAIL_FROM", "nobody", "'nobody' is not an address"),
        ("DIGEST_RECIPIENTS", "one@example.org, ngọc@example.org", "'ngọc@example.org' is not an address"),
        ("DATABASE", "nonsense", "SQLAlchemy URL"),
    ],
)
def test_a_missing_setting_is_named_and_nothing_is_sent(run, confirmed, inbox, monkeypatch, name, value, words):
    monkeypatch.setenv(f"LUREWATCH_{name}", value)
    assert words in run("digest", "send", code=1)
    assert inbox.got == []


def test_a_week_that_was_never_built_is_not_made_up(run, confirmed):
    assert "was never built" in run("digest", "send", "--week", "2024-W01", code=1)
    assert "ISO week" in run("digest", "send", "--week", "yesterday", code=1)


def test_a_list_is_built_approved_by_another_sent_retracted_and_withdrawn(run, confirmed, inbox, tmp_path):
    (built, *_) = [json.loads(line) for line in run("takedown", "build", "--json").splitlines()]
    assert (built["platform"], built["new"], built["withdrawn"]) == ("sample_boards", 1, 0)
    assert json.loads(run("takedown", "show", "--json").splitlines()[0])["built_by"] == "minh"
    number = str(built["list_id"])
    assert "approves nothing" in run(
        "takedown", "approve", number, "--as", "minh", "--password-stdin", code=1, typed=f"{PASSWORD}\n"
    )
    assert "wrong" in run("takedown", "approve", number, "--as", "mai", "--password-stdin", code=1, typed="no\n")
    assert "second person" in run("takedown", "send", number, code=1)
    run("takedown", "approve", number, "--as", "mai", "--password-stdin", typed=f"{PASSWORD}\ny\n")
    run("takedown", "show", number, "--into", "list")
    assert confirmed.posting.url in (tmp_path / "list" / "list.json").read_text()
    assert "1 sent" in run("takedown", "send")
    assert "No list is approved" in run("takedown", "send")
    assert [to for to, _ in inbox.got] == [["abuse@sample-boards.example"]]
    assert "nothing to tell" in run("takedown", "build")
    told = run("takedown", "retract", confirmed.id, "--why", "misread", "--as", "mai", "--password-stdin", typed=f"{PASSWORD}\n")
    assert "takes 1 back" in told
    assert "only a confirmed item" in run(
        "takedown", "retract", confirmed.id, "--why", "x", "--as", "mai", "--password-stdin", code=1, typed=f"{PASSWORD}\n"
    )
    newest = json.loads(run("takedown", "show", "--json").splitlines()[0])
    assert newest["state"] == "built"
    (entry,) = [json.loads(line) for line in run("takedown", "show", str(newest["id"]), "--json").splitlines()]
    assert (entry["change"], entry["item_id"]) == ("withdrawn", confirmed.id)
    assert "whole" in run("users", "audit")


def test_a_list_nobody_may_approve_fails_its_task_at_once_and_is_kept(run, confirmed, tmp_path):
    """Only a person can add another: minh decided the item, and nobody else may approve."""
    from airflow.sdk.exceptions import AirflowFailException

    assert tasks.build_takedowns() == ["sample_boards"]
    run("users", "change", "minh", "admin")
    for name in ("mai", "an"):
        run("users", "change", name, "--disable")
    with pytest.raises(AirflowFailException, match=r"takedown lists 1 are built.*lurewatch users add"):
        tasks.build_takedowns()
    assert [json.loads(line)["state"] for line in run("takedown", "show", "--json").splitlines()] == ["built"]


def test_a_list_that_may_not_leave_is_said_and_the_exit_code_tells(run, confirmed, inbox):
    run("takedown", "build")
    run("takedown", "approve", "1", "--as", "mai", "--password-stdin", typed=f"{PASSWORD}\ny\n")
    run("users", "change", "mai", "--disable")
    assert "list 1 does not leave: mai approved list 1 and is disabled" in run("takedown", "send", code=1)
    assert "mai approved list 1" in json.loads(run("takedown", "send", "--json", code=1))["refusal"]
    run("takedown", "approve", "1", "--as", "an", "--password-stdin", typed=f"{PASSWORD}\ny\n")
    assert "1 sent" in run("takedown", "send")


def test_the_schedule_says_which_confirmed_items_it_holds_back(run, confirmed, seeds, tmp_path, monkeypatch, caplog):
    """Their platform does not know the address, then it is not enabled: both stand in the task's log."""
    edited = shutil.copytree(seeds, tmp_path / "edited")
    monkeypatch.setenv("LUREWATCH_SEEDS", str(edited))
    file = edited / "platforms.yml"
    for before, after, reason in (
        (r"^http://127\.0\.0\.1:", r"^http://127\.0\.0\.2:", f"held back {confirmed.id} (url): its address is not the address"),
        ("enabled: true", "enabled: false", f"held back {confirmed.id} (platform): Sample job boards is not enabled"),
    ):
        file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        assert tasks.build_takedowns() == []
        assert reason in caplog.text


def test_an_item_confirmed_by_a_rule_that_is_not_there_fails_the_task_that_builds_lists(
    run, confirmed, seeds, tmp_path, monkeypatch
):
    """It was renamed since; a green task would let nobody know that the item is told to nobody."""
    from airflow.sdk.exceptions import AirflowFailException

    edited = shutil.copytree(seeds, tmp_path / "edited")
    monkeypatch.setenv("LUREWATCH_SEEDS", str(edited))
    for file in (edited / "platforms.yml", *(edited / "platforms").glob("*.yml")):
        file.write_text(file.read_text(encoding="utf-8").replace("forced_labour:", "forced_work:"), encoding="utf-8")
    with pytest.raises(AirflowFailException, match=f"{confirmed.id}: .*decide again"):
        tasks.build_takedowns()


def test_the_schedule_builds_and_sends_only_what_two_people_decided(run, confirmed, inbox):
    from airflow.sdk.exceptions import AirflowFailException

    assert tasks.build_takedowns() == ["sample_boards"]
    assert (tasks.send_takedowns(), inbox.got) == ({"sent": 0}, [])
    assert json.loads(run("takedown", "show", "--json").splitlines()[0])["built_by"] == "dag:takedown_lists"
    run("takedown", "approve", "1", "--as", "mai", "--password-stdin", typed=f"{PASSWORD}\ny\n")
    run("users", "change", "mai", "--disable")
    with pytest.raises(AirflowFailException, match="mai approved list 1 and is disabled; somebody else approves it again"):
        tasks.send_takedowns()
    run("users", "change", "mai", "--enable")
    assert [tasks.send_takedowns(), tasks.send_takedowns()] == [{"sent": 1}, {"sent": 0}]
    assert [to for to, _ in inbox.got] == [["abuse@sample-boards.example"]]


def test_without_a_contact_no_notice_can_be_built(run, confirmed, monkeypatch):
    monkeypatch.setenv("LUREWATCH_CONTACT_EMAIL", "")
    assert "LUREWATCH_CONTACT_EMAIL" in run("takedown", "build", code=1)


def test_evidence_that_is_not_there_is_said_plainly(run, confirmed):
    who = ("--as", "minh", "--password-stdin")
    assert "Missing option '--as'" in run("evidence", "pack", confirmed.id, code=2)
    assert "not in the index" in run("evidence", "pack", "nothing", *who, code=1, typed=f"{PASSWORD}\n")
    assert "there is no such run" in run("evidence", "pack", confirmed.id, *who, code=1, typed=f"{PASSWORD}\n")


def test_secrets_never_show(run, hired, monkeypatch, tmp_path):
    """Canaries planted as passwords and keys show up in no output, no list and no database dump."""
    canaries = [f"canary-{number}-orchard-violin" for number in range(4)]
    monkeypatch.setenv("LUREWATCH_SMTP", f"smtp://user:{canaries[0]}@127.0.0.1:9")
    monkeypatch.setenv("LUREWATCH_STORE_API_KEY", canaries[1])
    run("users", "password", "minh", "--password-stdin", typed=f"{canaries[2]}\n")
    shown = run("digest", "send", code=1) + run("takedown", "send") + run("users", "list") + run("digest", "preview")
    monkeypatch.setenv("LUREWATCH_DATABASE", f"postgresql://u:{canaries[3]}@127.0.0.1:9/x")
    shown += run("users", "list", code=1)
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [canary for canary in canaries if canary in shown or canary.encode() in stored] == []


@pytest.mark.parametrize("words", [("search", "--export"), ("digest", "preview", "--html"), ("takedown", "show", "1", "--into")])
def test_a_file_that_cannot_be_written_is_named_with_the_fix(run, confirmed, tmp_path, words):
    """Neither a traceback nor a half file is left."""
    run("takedown", "build")
    (tmp_path / "taken").write_text("not a folder")
    target = "taken/x" if words[-1] == "--into" else "taken/x.csv"
    said = run(*words, target, code=1)
    assert said.startswith(f"Error: {target}: cannot be written (")
    assert words[-1] in said
    assert "Traceback" not in said
    assert not list(tmp_path.rglob("*.part"))


def test_an_export_that_fails_on_the_way_leaves_no_part(run, confirmed, tmp_path, monkeypatch):
    from index.base import StoreError

    def breaks(self, query):
        yield next(scan(self, query))
        raise StoreError("the index went away; start it")

    scan = SqliteStore.scan
    monkeypatch.setattr(SqliteStore, "scan", breaks)
    assert "went away" in run("search", "--export", "all.csv", code=1)
    assert [path.name for path in tmp_path.iterdir() if "all.csv" in path.name] == []


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "99999999999999999999999"])
def test_a_list_number_no_database_holds_is_no_list(run, hired, number):
    login = ("--as", "mai", "--password-stdin")
    for words in (("show",), ("send",), ("approve", *login)):
        assert f"there is no list {number}" in run("takedown", *words, "--", number, code=1, typed=f"{PASSWORD}\n")


@pytest.mark.parametrize("days", ["99999999999", "0", "-1"])
def test_an_age_no_item_can_have_is_refused(run, confirmed, days):
    assert "--max-age-days" in run("takedown", "build", "--max-age-days", days, code=2)


def test_the_last_week_there_is_has_no_week_after_it(run, confirmed):
    assert "ISO week" in run("digest", "send", "--week", "9999-W52", code=1)


def test_what_became_of_a_notice_is_asked_noted_and_given_out(run, confirmed, tmp_path):
    from airflow.sdk.exceptions import AirflowSkipException

    run("takedown", "build")
    run("takedown", "approve", "1", "--as", "mai", "--password-stdin", typed=f"{PASSWORD}\ny\n")
    run("takedown", "send")
    assert "1 asked for (1 unknown), 1 changed, 0 left" in run("takedown", "recheck"), "no source of that name is in force"
    with pytest.raises(AirflowSkipException, match="no reported advert is due"):
        tasks.recheck_reported()
    (entry,) = [json.loads(line) for line in run("takedown", "show", "1", "--json").splitlines()]
    for named in (entry["body"]["notice_id"].upper(), entry["body"]["url"], f"notice {entry['body']['notice_id']}"):
        assert f'"id":"{confirmed.id}"' in run("search", named, "--json"), named
    run("search", entry["body"]["notice_id"], "--export", "told.jsonl")
    assert (tmp_path / "told.jsonl").read_text().count(confirmed.id) == 1
    for named in (f"0{entry['body']['notice_id'][1:-1]}z", "board.example.org/jobs/9"):
        assert "no notice of that number" in run("search", named.replace("z", "0")), named
    mai = ("--as", "mai", "--password-stdin")
    run("takedown", "reply", "sample_boards", confirmed.id, "refused", "--reason", "no_breach", *mai, typed=f"{PASSWORD}\n")
    (told,) = [json.loads(line) for line in run("takedown", "show", "--json", "--outcomes").splitlines()]
    assert (told["platform"], told["sent"], told["known"]["never_seen"], told["refused"]) == ("sample_boards", 1, 1, 1)
    assert "some left to: sample_boards" in run("takedown", "show", "--outcomes", "nobody", code=1)
    run("takedown", "show", "--outcomes", "sample_boards", "--into", ".")
    assert (tmp_path / "outcomes.csv").read_text("utf-8-sig") == run("takedown", "show", "--outcomes")
    assert run("takedown", "show", "--outcomes").startswith(
        "platform,title,sent,still_up,seen_gone,said_gone,seen_there,never_seen,withdrawn"
    )
    assert "whole" in run("users", "audit")
