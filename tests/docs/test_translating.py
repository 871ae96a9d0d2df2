"""docs/translating.md is true: its example runs, and the catalogues use its words."""

import re

import pytest

from desk.languages.catalogues import read_catalogue
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")
TERMS = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in re.findall(r"^\| .* \|$", PAGE, re.MULTILINE)[1:]]


def test_the_example_runs() -> None:
    """As a newcomer would paste it."""
    (example,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(example, "docs/translating.md", "exec"), {})


@pytest.mark.parametrize(("column", "language"), [(1, "vi"), (2, "fr")])
def test_the_catalogues_use_the_words_of_the_table(column: int, language: str) -> None:
    """Each term as the table has it; a cell may name several, such as a noun and a verb."""
    faults = []
    for message in read_catalogue(language, "desk"):
        source, said = ([text] if isinstance(text, str) else list(text) for text in (message.id, message.string))
        for row in TERMS:
            english = "|".join(row[0].split(", "))
            if source[0] and re.search(
                rf"(?<![/\w])({english})s?\b(?![:.]\S)",
                re.sub(r"`[^`]*`|<code>.*?</code>|<[^>]*>|%\(\w+\)s", "", source[0]),
                re.IGNORECASE,
            ):
                wanted = [word.strip().casefold() for word in row[column].split(",")]
                faults += [(row[0], text) for text in said if not any(word in text.casefold() for word in wanted)]
    assert TERMS and faults == []
