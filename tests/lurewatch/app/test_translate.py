"""Titles of the queue translated ahead, and what the doctor says of the service: all against the test double."""

import json

import pytest
from click.testing import CliRunner

from desk.cases.comments import escalate
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.doctor.service_checks import translation
from lurewatch.app.translate import translate_ahead
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings, SettingsError, load_settings
from tests.desk.conftest import desk_db, double, migrated_file, now, record, sqlite_url, staff, store  # noqa: F401 - fixtures


@pytest.fixture
def settings(double, sqlite_url, tmp_path):  # noqa: F811 - pytest's way
    """Return settings that name the double."""
    return Settings(
        translation_url=double.url, translation_key="sample-key", translation_seconds=1, database=sqlite_url,
        store=str(tmp_path / "index.sqlite"),
    )  # fmt: skip


@pytest.fixture
def queue(store, record):  # noqa: F811
    """Return a queue of 120 adverts in Thai, one in English and one in Burmese, which the service does not know."""
    records = [record(number, title=f"งาน {number}", language="th") for number in range(120)]
    store.put([*records, record(200), record(201, title="အလုပ်", language="my")])
    return store


def test_titles_of_the_queue_are_translated_once_and_counted(settings, desk_db, queue, double):  # noqa: F811
    seen = []
    done = translate_ahead(settings, desk_db, queue, most=500, progress=seen.append)
    assert (done.titles, done.looked_at, done.languages) == (120, 122, ("en",))
    assert done.without == (f"LibreTranslate at {double.url.removeprefix('http://')} does not translate my into en",)
    assert seen == [50, 100, 122]
    asked = len(double.asked)
    assert translate_ahead(settings, desk_db, queue, most=500).titles == 0
    assert len(double.asked) == asked
    assert translate_ahead(settings, desk_db, queue, most=60, languages=["vi"], forget=True).titles == 60


def test_what_a_possible_victim_wrote_is_sent_to_no_service(settings, desk_db, queue, record, staff, double, now):  # noqa: F811
    escalate(desk_db, record(5).id, "she asks for help", by=staff(desk_db)["minh"], now=now)
    assert translate_ahead(settings, desk_db, queue, most=500).looked_at == 121
    assert "งาน 5'" not in str(double.asked)


def test_the_command_translates_and_says_how_much(settings, desk_db, queue, monkeypatch):  # noqa: F811
    for name in ("translation_url", "translation_key", "database", "store"):
        monkeypatch.setenv(f"LUREWATCH_{name.upper()}", str(getattr(settings, name)))
    done = CliRunner().invoke(cli, ["index", "translate", "--most", "10", "--into", "fr", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["looked_at"], told["languages"]) == (10, ["fr"])


def test_a_service_that_fails_midway_leaves_what_was_made(settings, desk_db, queue, double):  # noqa: F811
    answer = double.answer
    double.answer = lambda texts: answer(texts) if len(double.asked) < 3 else {"error": "out of memory"}
    with pytest.raises(TransientError, match="are kept, the next call carries on"):
        translate_ahead(settings, desk_db, queue, most=500)
    double.answer = answer
    assert 0 < translate_ahead(settings, desk_db, queue, most=500).titles < 120


def test_without_a_service_the_setting_is_named(desk_db, queue):  # noqa: F811
    with pytest.raises(PermanentError, match="LUREWATCH_TRANSLATION_URL"):
        translate_ahead(Settings(), desk_db, queue, most=1)


@pytest.mark.parametrize(
    "url", ["translate:5000", "ftp://translate", "http://", "http://me:key@translate", "http://translate/?q=1"]
)
def test_an_address_that_is_none_is_refused(url, tmp_path):
    with pytest.raises(SettingsError, match="translation_url"):
        load_settings({"LUREWATCH_TRANSLATION_URL": url}, tmp_path / "none")


def test_texts_never_cross_a_public_network_in_the_clear(settings, monkeypatch):
    found = [(2, 1, 6, "", ("192.0.2.1", 80)), (2, 1, 6, "", ("8.8.8.8", 80))]
    monkeypatch.setattr("desk.translation.provider.socket.getaddrinfo", lambda *_, **__: found)
    finding = translation(settings)
    assert (finding.status, "in the clear" in finding.detail) == ("missing", True)


def test_the_doctor_says_what_the_service_is_and_does(settings, double):  # noqa: F811
    assert translation(Settings()).status == "ok"
    finding = translation(settings)
    assert (finding.status, finding.detail) == ("ok", f"LibreTranslate 1.9.6 at {double.url}: 7 languages, into en, vi, fr")
    away = translation(settings.model_copy(update={"translation_url": "http://127.0.0.1:9"}))
    assert (away.status, away.detail) == ("missing", "the translation service at 127.0.0.1:9 does not answer")
    assert double.bodies == []
