"""The services the tests rely on are real: they answer with their own version."""

import json
import urllib.request

from sqlalchemy import create_engine, text


def test_elasticsearch_answers_with_its_version(elasticsearch_url: str) -> None:
    """Version 9, whichever node the tests were pointed at."""
    with urllib.request.urlopen(elasticsearch_url) as answer:
        assert json.load(answer)["version"]["number"].startswith("9.")


def test_postgres_answers_with_its_version(postgres_url: str) -> None:
    """A server, not a stand-in."""
    with create_engine(postgres_url).connect() as connection:
        assert connection.execute(text("show server_version")).scalar_one()
