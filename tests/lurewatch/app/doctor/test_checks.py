"""The doctor names the fix for each part that is missing, one by one, and is content when all are there."""

import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3
import pytest
from aiosmtpd.handlers import Sink
from click.testing import CliRunner

from desk.database import open_database
from lurewatch.app.doctor import checks
from lurewatch.app.doctor.checks import crawl_state
from lurewatch.app.doctor.findings import Finding
from lurewatch.app.doctor.service_checks import service_findings
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings, load_settings
from tests.loopback import serve_answers
from tests.services.mail_server import serve_mail
from tests.services.processes import free_port


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> Settings:
    """Return settings whose every written part lies in a folder of the test."""
    return Settings(
        seeds=seeds,
        runs=str(tmp_path / "runs"),
        assessed=str(tmp_path / "assessed"),
        state=tmp_path / "state",
        store=str(tmp_path / "index.sqlite"),
        database=f"sqlite:///{tmp_path / 'desk.sqlite'}",
        organisation="Test desk",
        contact_email="desk@example.org",
        contact_url="https://example.org/bot",
    )


def test_a_new_machine_is_healthy_on_the_embedded_default(settings: Settings) -> None:
    """Mail and the scheduler may be off; nothing else is asked for."""
    found = {finding.part: finding for finding in checks.findings(settings)}
    assert [finding for finding in found.values() if finding.status == "missing"] == []
    assert checks.healthy(found.values())
    assert found["mail"].status == "warn" and "LUREWATCH_SMTP" in found["mail"].fix


def broken_seeds(folder: Path, kind: str) -> Path:
    """Return a seeds folder whose only file of a kind is not YAML."""
    for name in ("sources", "lures"):
        (folder / name).mkdir(parents=True)
    (folder / (kind if kind.endswith(".yml") else f"{kind}/broken.yml")).write_text("title: [", encoding="utf-8")
    return folder


def blocked_folder(folder: Path) -> Path:
    """Return a path that cannot be a folder: a file stands in the way, for root too."""
    (folder / "file").write_text("")
    return folder / "file" / "runs"


def mail_finding(settings: Settings, address: str) -> Finding:
    """Return what the doctor says of a mail server."""
    asked = service_findings(settings.model_copy(update={"smtp": address}))
    return next(finding for finding in asked if finding.part == "mail")


SEEDS = ("sources", "lures", "places", "platforms")
MISSING: dict[str, tuple[Callable[[Settings, Path], Settings], str]] = {
    "sources": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "sources")}), "sources check"),
    "lures": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "lures")}), "lures check"),
    "places": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "places.yml")}), "places.yml"),
    "platforms": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "platforms.yml")}), "platforms.yml"),
    "runs": (lambda s, tmp: s.model_copy(update={"runs": str(blocked_folder(tmp))}), "LUREWATCH_RUNS"),
    "store": (lambda s, _: s.model_copy(update={"store": f"http://127.0.0.1:{free_port()}"}), "LUREWATCH_STORE"),
    "database": (
        lambda s, _: s.model_copy(update={"database": f"postgresql+psycopg://x@127.0.0.1:{free_port()}/x"}),
        "LUREWATCH_DATABASE",
    ),
    "crawl_state": (
        lambda s, _: s.model_copy(update={"crawl_state": f"postgresql://x@127.0.0.1:{free_port()}/x"}),
        "LUREWATCH_CRAWL_STATE",
    ),
}


@pytest.mark.parametrize("part", MISSING)
def test_a_missing_part_is_named_with_its_fix(part: str, settings: Settings, tmp_path: Path) -> None:
    """Found by using it: opening, connecting or writing."""
    take_away, fix = MISSING[part]
    finding = getattr(checks, part)(take_away(settings, tmp_path / "away" if part in SEEDS else tmp_path))
    assert (finding.part, finding.status) == (part.replace("_", " "), "missing")
    assert fix in finding.fix and finding.detail


def test_a_broken_source_file_is_told_with_its_line(workplace: Path) -> None:
    settings = load_settings()
    path = settings.seeds / "sources" / "board.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: job_board", "kind: job_bored"), encoding="utf-8")
    finding = checks.sources(settings)
    assert finding.status == "missing" and "sources check" in finding.fix
    assert f"{path}:4: kind: " in finding.detail
    told = checks.in_force(settings)
    assert (told.status, "changes need one person" in told.detail) == ("warn", True)


@pytest.mark.parametrize("away", ["database", "store", "runs", "crawl_state", "smtp", "broker", "airflow_health_url", "seeds"])
def test_a_part_that_is_away_is_a_row_of_a_whole_table(away: str, settings: Settings, tmp_path: Path) -> None:
    """Whatever is away, as many parts are told of, and those that do not need it are as they were."""
    port = free_port()
    gone = {
        "database": f"postgresql+psycopg://x@127.0.0.1:{port}/x", "store": f"http://127.0.0.1:{port}", "seeds": tmp_path / "none",
        "runs": f"s3://nobody/{port}", "crawl_state": f"postgresql://x@127.0.0.1:{port}/x", "smtp": f"smtp://127.0.0.1:{port}",
        "broker": f"redis://127.0.0.1:{port}", "airflow_health_url": f"http://127.0.0.1:{port}/health",
    }  # fmt: skip
    before = checks.findings(settings)
    after = checks.findings(settings.model_copy(update={away: gone[away]}))
    assert {finding.part for finding in before} <= {finding.part for finding in after}
    assert [finding for finding in after if finding.status == "missing" and not finding.fix] == []
    changed = {finding.part for finding in after if finding.status == "missing"} - {
        finding.part for finding in before if finding.status == "missing"
    }
    part = {"smtp": "mail", "airflow_health_url": "airflow", "crawl_state": "crawl state"}.get(away, away)
    assert (part if away != "seeds" else "sources") in changed
    assert {"python", "sqlite", "browser", "fonts"}.isdisjoint(changed)


def test_looking_leaves_nothing_behind(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder all the written parts are well, and the folder is as empty as before."""
    monkeypatch.chdir(tmp_path)
    in_data = {"runs": "data/runs", "store": "data/index.sqlite", "database": "sqlite:///data/desk.sqlite"}
    found = {finding.part: finding for finding in checks.findings(settings.model_copy(update=in_data))}
    assert [found[part].status for part in ("runs", "store", "database")] == ["ok", "ok", "ok"]
    assert "not made yet" in found["store"].detail and "not made yet" in found["database"].detail
    assert list(tmp_path.iterdir()) == []


def test_a_written_part_that_could_not_be_made_is_missing(settings: Settings, tmp_path: Path) -> None:
    """A file stands where its folder would be."""
    blocked = blocked_folder(tmp_path)
    for part, value in (("store", str(blocked / "x.sqlite")), ("database", f"sqlite:///{blocked / 'x.sqlite'}")):
        assert getattr(checks, part)(settings.model_copy(update={part: value})).status == "missing"


def test_an_older_database_is_seen_and_not_migrated(settings: Settings, tmp_path: Path) -> None:
    """Only its next use migrates it; a database of a newer release is missing its program."""
    open_database(settings.database).dispose()
    assert checks.database(settings).detail == settings.database
    for revision, status in (("0002", "ok"), ("9999", "missing")):
        with closing(pysqlite3.connect(str(tmp_path / "desk.sqlite"))) as file:
            file.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            file.commit()
        before = (tmp_path / "desk.sqlite").read_bytes()
        finding = checks.database(settings)
        assert finding.status == status, finding
        assert ("migrates" if status == "ok" else "newer") in finding.detail
        assert (tmp_path / "desk.sqlite").read_bytes() == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.sqlite"]


def test_an_index_of_elasticsearch_is_not_made_by_looking(settings: Settings, elasticsearch_url: str) -> None:
    """The first load makes it."""
    away = settings.model_copy(update={"store": elasticsearch_url, "store_index": f"doctor-{uuid.uuid4().hex[:8]}"})
    for _ in range(2):
        finding = checks.store(away)
        assert (finding.status, finding.detail) == ("ok", f"{elasticsearch_url}: not made yet; the first load makes it")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("smtps://user:secret@127.0.0.1", "127.0.0.1:465"), ("smtp://user:secret@127.0.0.1", "127.0.0.1:587"),
        ("smtp://127.0.0.1", "127.0.0.1:25"), ("smtp://user:secret@127.0.0.1:99999", "a port from 1 to 65535"),
    ],
)  # fmt: skip
def test_mail_is_tried_where_it_would_be_sent(settings: Settings, address: str, said: str) -> None:
    """On the port sending uses, and without the password in any word."""
    finding = mail_finding(settings, address)
    assert (finding.status, said in finding.detail, "secret" in str(finding)) == ("missing", True, False), finding


def test_a_mail_server_without_tls_is_not_well_when_a_password_would_cross(settings: Settings) -> None:
    """It greets; sending would refuse all the same."""
    with serve_mail(Sink()) as port:
        assert mail_finding(settings, f"smtp://127.0.0.1:{port}").status == "warn"
        finding = mail_finding(settings, f"smtp://user:secret@127.0.0.1:{port}")
    assert (finding.status, "offers no TLS" in finding.detail) == ("missing", True)


def test_no_password_of_the_index_is_ever_printed(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither in what is wrong nor among the settings, nor in what any command says."""
    monkeypatch.chdir(tmp_path)
    port = free_port()
    for variable, value in (("STORE", f"https://elastic:s%2Fecret@127.0.0.1:{port}"), ("SEEDS", str(settings.seeds))):
        monkeypatch.setenv(f"LUREWATCH_{variable}", value)
    for words in (("doctor", "--settings"), ("search", "x")):
        result = CliRunner().invoke(cli, list(words))
        assert result.exit_code == 1
        assert f"https://127.0.0.1:{port}" in result.output
        assert "ecret" not in result.output and "elastic:" not in result.output
    for wrong in ("https://elastic:secret@127.0.0.1:none", "https://elastic:s/ecret@127.0.0.1:9200"):
        monkeypatch.setenv("LUREWATCH_STORE", wrong)
        for words, says in (
            (("search", "x"), "write http(s)://host:port"),
            (("doctor", "--settings"), "store = https://127.0.0.1"),
        ):
            result = CliRunner().invoke(cli, list(words))
            assert (result.exit_code, says in result.output, "ecret" in result.output) == (1, True, False), result.output


def test_an_old_python_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that takes another."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "make setup PY=" in checks.python(settings).fix


def test_an_sqlite_that_loses_commits_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The WAL-reset race was mended in 3.51.3."""
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", (3, 51, 2))
    assert "pysqlite3" in checks.sqlite(settings).fix


def test_a_machine_without_a_browser_is_told_how_to_get_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither on the path nor Playwright's own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    finding = checks.browser(settings)
    assert finding.status == "missing" and "playwright install" in finding.fix


def test_an_operator_without_a_name_is_asked_for_it(settings: Settings) -> None:
    """Site owners and platforms must be able to answer."""
    finding = checks.identity(settings.model_copy(update={"contact_email": ""}))
    assert finding.status == "warn" and "LUREWATCH_CONTACT_EMAIL" in finding.fix


def test_what_is_not_named_is_a_warning_and_what_answers_is_asked_for_its_parts(settings: Settings) -> None:
    """A laptop's cron may write instead of Alertmanager; Airflow's API server tells of a scheduler without a heartbeat."""
    found = {finding.part: finding for finding in service_findings(settings)}
    assert {part: finding.status for part, finding in found.items()} == dict.fromkeys(("mail", "airflow", "alertmanager"), "warn")
    assert "lurewatch run" in found["airflow"].fix and "cron" in found["alertmanager"].fix
    health = (
        b'{"metadatabase": {"status": "healthy"}, "scheduler": {"status": "unhealthy"}, "dag_processor": {"status": "healthy"}}'
    )
    with serve_answers(lambda _: (200, {}, health)) as address:
        found = {
            finding.part: finding for finding in service_findings(settings.model_copy(update={"airflow_health_url": address}))
        }
    assert [found[part].status for part in ("airflow", "scheduler", "dag processor")] == ["ok", "missing", "ok"]
    assert "docker compose up -d airflow-scheduler" in found["scheduler"].fix


def test_without_tesseract_the_doctor_says_what_to_install(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are kept all the same, so it is a warning."""
    monkeypatch.setattr(checks, "installed_packs", frozenset)
    finding = checks.ocr(settings)
    assert (finding.status, "apt-get install tesseract-ocr" in finding.fix) == ("warn", True)
    monkeypatch.setattr(checks, "installed_packs", lambda: frozenset({"eng", "vie"}))
    finding = checks.ocr(settings)
    assert "chi_sim" in finding.detail
    assert "tesseract-ocr-chi-sim" in finding.fix


@pytest.mark.parametrize(
    ("listed", "status", "said"),
    [
        (
            "DejaVu Sans:lang=en|fr|vi|ru|es|pt|id|ms|ar\n",
            "warn",
            "quotes in am, bn, hi, ja, km, ko, lo, my, si, ta, th, ur, zh-cn, zh-tw",
        ),
        ("A:lang=am|ar|bn|en|hi|ja|km|ko|lo\nB:lang=my|ru|si|ta|th|ur|vi|zh-cn|zh-tw\n", "ok", "18 languages"),
        (None, "warn", "no fontconfig"),
    ],
)
def test_a_script_without_a_font_is_named(settings: Settings, tmp_path, monkeypatch, listed, status, said) -> None:
    """A notice printed without it would be empty boxes."""
    if listed is not None:
        (tmp_path / "fc-list").write_text(f"#!/bin/sh\nprintf '%s' '{listed}'\n")
        (tmp_path / "fc-list").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = checks.fonts(settings)
    assert (finding.status, said in finding.detail) == (status, True), finding
    assert status == "ok" or "fonts-noto-core" in finding.fix


def test_the_folder_is_named_where_no_database_is_shared() -> None:
    finding = crawl_state(Settings())
    assert (finding.status, finding.detail) == ("ok", "in data/state: for workers of this machine")


def test_a_database_that_answers_is_named_without_its_password(postgres_url: str) -> None:
    finding = crawl_state(Settings(crawl_state=postgres_url.replace("lurewatch@", "lurewatch:secret@")))
    assert finding.status == "ok"
    assert "as lurewatch" in finding.detail
    assert "secret" not in finding.detail


def test_a_role_that_may_not_make_schemas_is_named_with_the_grant(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute("DROP ROLE IF EXISTS crawl_without_rights")
        db.execute("CREATE ROLE crawl_without_rights LOGIN")
    finding = crawl_state(Settings(crawl_state=postgres_url.replace("lurewatch@", "crawl_without_rights@")))
    assert (finding.status, finding.detail) == ("missing", "crawl_without_rights may not make schemas")
    assert finding.fix == f"`GRANT CREATE ON DATABASE {postgres_url.rpartition('/')[2]} TO crawl_without_rights`"
