"""A Dag that is due and paused is told, and one with nothing to do is not missed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from lurewatch.app.doctor.schedule_health import due_dags


@pytest.fixture
def paused(monkeypatch):
    """Return a function that makes Dags paused and due since this year began."""
    from airflow.models.dag import DagModel
    from airflow.utils import session

    engine = create_engine("sqlite://")
    DagModel.__table__.create(engine)

    @contextmanager
    def open_session() -> Iterator[Session]:
        with Session(engine) as one:
            yield one

    def do(*names):
        with Session(engine) as one:
            since = datetime(2026, 1, 1, tzinfo=UTC)
            for name in names:
                one.add(DagModel(dag_id=name, bundle_name="dags", is_paused=True, is_stale=False, next_dagrun_create_after=since))
            one.commit()

    monkeypatch.setattr(session, "create_session", open_session)
    return do


def test_translation_is_missed_only_where_a_service_is_named(paused, monkeypatch):
    paused("translate_titles")
    monkeypatch.delenv("LUREWATCH_TRANSLATION_URL", raising=False)
    assert due_dags().status == "ok"
    monkeypatch.setenv("LUREWATCH_TRANSLATION_URL", "https://translate.example.org")
    assert due_dags().detail == "due, but paused: translate_titles"


def test_other_dags_are_missed_by_name(paused, monkeypatch):
    monkeypatch.delenv("LUREWATCH_TRANSLATION_URL", raising=False)
    paused("translate_titles", "retention", "weekly_digest")
    assert due_dags().detail == "due, but paused: retention, weekly_digest"
