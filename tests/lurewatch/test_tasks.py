"""The digest and takedown tasks as Airflow calls them: what a person must mend fails at once, what may pass is tried again."""

import hashlib
import smtplib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from crawlers.evidence.partition import read_report
from crawlers.sample_sites import seeds_for, serve
from desk.mail import MailError, MailSettingsError, Transport, transport
from enrichment.lexicon.lexicon import lexicon
from lurewatch import tasks
from lurewatch.app.app_errors import TransientError
from lurewatch.settings import SHIPPED_SEEDS
from lurewatch.tasks import RunNotGreen
from tests.services.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
TASKS = {"weekly_digest": "send", "takedown_lists": "build"}

Task = Callable[[], Any]


@pytest.fixture(scope="module")
def callables() -> dict[str, Task]:
    """Return the function each desk Dag hands to Airflow."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags" / "jobs.py"))
    assert bag.import_errors == {}
    tasks = {dag_id: bag.dags[dag_id].get_task(task_id) for dag_id, task_id in TASKS.items()}
    return {dag_id: partial(task.python_callable, *task.op_args) for dag_id, task in tasks.items()}


@pytest.fixture
def desk(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the settings both tasks need; return a function that changes some of them."""

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"LUREWATCH_{name}", value)

    change(
        SMTP=f"smtp://127.0.0.1:{free_port()}", MAIL_FROM="watch@example.org", DIGEST_RECIPIENTS="one@example.org",
        ORGANISATION="Test desk", CONTACT_EMAIL="desk@example.org", DATABASE=f"sqlite:///{workplace}/desk.sqlite",
    )  # fmt: skip
    return change


class Answers:
    """A mail server that answers to recipients and passwords as it is told to."""

    def __init__(self, recipient: str = "250 OK") -> None:
        self.recipient = recipient

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Answer for one recipient."""
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a message."""
        return "250 OK"


@pytest.fixture
def mail_server(desk: Callable[..., None]) -> Iterator[Answers]:
    """Run a mail server the settings name; what it answers can be changed."""
    answers = Answers()
    server = Controller(answers, hostname="127.0.0.1", port=free_port())
    server.start()
    desk(SMTP=f"smtp://127.0.0.1:{server.port}")
    yield answers
    server.stop()


FOR_A_PERSON = [
    ("weekly_digest", {"SMTP": ""}, "LUREWATCH_SMTP"),
    ("weekly_digest", {"SMTP": "http://mail.example.org"}, "LUREWATCH_SMTP"),
    ("weekly_digest", {"DIGEST_RECIPIENTS": ""}, "LUREWATCH_DIGEST_RECIPIENTS"),
    ("weekly_digest", {"MAIL_FROM": "nobody"}, "'nobody' is not an address"),
    ("weekly_digest", {"DATABASE": "nonsense"}, "SQLAlchemy URL"),
    ("weekly_digest", {"SMPT": "x"}, "did you mean LUREWATCH_SMTP"),
    ("takedown_lists", {"CONTACT_EMAIL": ""}, "LUREWATCH_CONTACT_EMAIL"),
    ("takedown_lists", {"ORGANISATION": " "}, "LUREWATCH_ORGANISATION"),
    ("takedown_lists", {"DATABASE": "nonsense"}, "SQLAlchemy URL"),
    ("takedown_lists", {"CONTACT_MAIL": "x"}, "did you mean LUREWATCH_CONTACT_EMAIL"),
]


@pytest.mark.parametrize(("dag_id", "changes", "words"), FOR_A_PERSON, ids=lambda value: str(value)[:40])
def test_what_a_person_must_mend_fails_at_once(
    callables: dict[str, Task], desk: Callable[..., None], dag_id: str, changes: dict[str, str], words: str
) -> None:
    """A missing setting is no better in five minutes; the message names it."""
    desk(**changes)
    with pytest.raises(AirflowFailException) as caught:
        callables[dag_id]()
    assert words in str(caught.value)


@pytest.mark.parametrize("dag_id", TASKS)
def test_a_broken_seed_file_fails_at_once(
    callables: dict[str, Task], desk: Callable[..., None], workplace: Path, dag_id: str
) -> None:
    """With its file and line."""
    (workplace / "seeds" / "sources" / "board.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(AirflowFailException, match=r"board\.yml:"):
        callables[dag_id]()


def test_a_report_names_the_files_that_its_run_was_made_by(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    path = workplace / "seeds" / "sources" / "sample_feed.yml"
    with serve(SHIPPED_SEEDS / "sample", {}) as sites:
        seeds_for(sites, workplace / "samples", SHIPPED_SEEDS)
        path.write_bytes((workplace / "samples" / "sources" / "sample_feed.yml").read_bytes())
        version = hashlib.sha256(path.read_bytes()).hexdigest()
        report = read_report(tasks.fetch_source("sample_feed"))
    assert report.parsed and report.versions["source"] == version
    assert report.versions["lures"][:12] == lexicon(workplace / "seeds" / "lures").version


@pytest.mark.parametrize("dag_id", TASKS)
def test_a_database_that_is_down_is_tried_again(callables: dict[str, Task], desk: Callable[..., None], dag_id: str) -> None:
    """It may be up at the next try."""
    desk(DATABASE=f"postgresql://desk@127.0.0.1:{free_port()}/desk")
    with pytest.raises(TransientError, match="LUREWATCH_DATABASE"):
        callables[dag_id]()


def test_a_mail_server_that_is_down_is_tried_again(callables: dict[str, Task], desk: Callable[..., None]) -> None:
    """It may be up at the next try."""
    with pytest.raises(TransientError, match="start it"):
        callables["weekly_digest"]()


def test_a_recipient_who_is_busy_is_tried_again_and_one_refused_for_good_is_not(
    callables: dict[str, Task], mail_server: Answers
) -> None:
    """A full mailbox empties; an address that does not exist is corrected by a person."""
    mail_server.recipient = "451 try later"
    with pytest.raises(RunNotGreen, match="1 to try again"):
        callables["weekly_digest"]()
    mail_server.recipient = "550 no such user"
    with pytest.raises(AirflowFailException, match="LUREWATCH_DIGEST_RECIPIENTS"):
        callables["weekly_digest"]()


def test_the_digest_leaves_once(callables: dict[str, Task], mail_server: Answers) -> None:
    """A second run of the task sends nothing."""
    assert callables["weekly_digest"]() == {"sent": 1}
    assert callables["weekly_digest"]() == {"sent": 0}


def test_a_refused_password_fails_at_once_and_an_overloaded_log_in_is_tried_again() -> None:
    """The code of the answer tells them apart."""
    for code, kind in ((535, MailSettingsError), (454, MailError)):
        with pytest.MonkeyPatch.context() as patch:
            refusal = smtplib.SMTPAuthenticationError(code, b"no")
            patch.setattr(Transport, "_connect", lambda self, refusal=refusal: (_ for _ in ()).throw(refusal))
            with pytest.raises(MailError) as caught, transport("smtps://user:secret@mail.example.org").open():
                pass
        assert type(caught.value) is kind and "secret" not in str(caught.value)


TASK_CALLS: dict[str, Callable[[], Any]] = {
    "fetched": lambda: tasks.fetch_source("board"),
    "assessed": lambda: tasks.assess_partition("file:///nowhere"),
    "loaded": lambda: tasks.load_partition({"partition": "file:///nowhere", "assessed": "file:///nowhere"}),
    "purge_expired": tasks.purge_expired,
    "translate_titles": tasks.translate_titles,
    "send_takedowns": tasks.send_takedowns,
    "send_subscribed": tasks.send_subscribed,
}


@pytest.mark.parametrize("call", TASK_CALLS.values(), ids=TASK_CALLS)
def test_no_task_is_tried_again_for_a_setting_nobody_knows(desk: Callable[..., None], call: Callable[[], Any]) -> None:
    """Whatever the task: the message names the setting that was meant."""
    desk(ORGANISATOIN="x")
    with pytest.raises(AirflowFailException, match="did you mean LUREWATCH_ORGANISATION"):
        call()


@pytest.mark.parametrize("name", ["loaded", "purge_expired"])
def test_no_task_is_tried_again_for_an_index_that_is_none(desk: Callable[..., None], workplace: Path, name: str) -> None:
    """Another try would meet the same file."""
    desk(STORE=str(workplace / "seeds" / "sources" / "board.yml"))
    with pytest.raises(AirflowFailException, match=r"board\.yml"):
        TASK_CALLS[name]()


def test_titles_are_not_translated_while_no_service_is_set_up(desk: Callable[..., None]) -> None:
    """Skipped, which is no failure."""
    with pytest.raises(AirflowSkipException, match="LUREWATCH_TRANSLATION_URL"):
        tasks.translate_titles()


def test_nothing_is_sent_to_subscribers_while_there_are_none_or_no_mail_server(desk: Callable[..., None]) -> None:
    """Skipped without a server, which is no failure; nothing with one."""
    desk(SMTP="smtp://127.0.0.1:9")
    assert tasks.send_subscribed() == {"sent": 0}
    desk(SMTP="")
    with pytest.raises(AirflowSkipException, match="LUREWATCH_SMTP"):
        tasks.send_subscribed()


def test_a_crawl_is_not_tried_again_for_a_faulty_source_file(desk: Callable[..., None], workplace: Path) -> None:
    """With its file and line; nor for a source nobody described."""
    with pytest.raises(AirflowFailException, match="no source elsewhere"):
        tasks.fetch_source("elsewhere")
    (workplace / "seeds" / "sources" / "board.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(AirflowFailException, match=r"board\.yml:"):
        tasks.fetch_source("board")
