"""`lurewatch doctor` on the state of crawls: the folder, the database, and a role that may not make what a source needs."""

import psycopg

from lurewatch.app.doctor.crawl_state import crawl_state
from lurewatch.settings import Settings


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
