"""Names of places, peoples and messengers are blanked before wording is read."""

from pathlib import Path

import pytest

from enrichment.facts.places import Gazetteer
from enrichment.text.masking import PEOPLES, NameMask
from enrichment.text.views import views


@pytest.fixture(scope="module")
def mask(seeds: Path) -> NameMask:
    """Return the names of the seeds."""
    return NameMask(Gazetteer(seeds / "places.yml").forms)


def left(mask: NameMask, text: str, spans: tuple[tuple[int, int], ...] = ()) -> str:
    """Return what of a text may be learned from."""
    return " ".join("".join(map(chr, mask.blank_names(views(text).folded_view, spans).tolist())).split())


def test_places_peoples_and_messengers_and_what_is_derived_from_them_are_blanked(mask: NameMask) -> None:
    """None of them is evidence."""
    assert left(mask, "Vietnamese typists wanted in Bangkok, write on Telegram") == "typists wanted in , write on"


def test_words_that_only_hold_a_name_stay(mask: NameMask) -> None:
    """Short names stand for themselves."""
    assert left(mask, "typist, airline, household") == "typist, airline, household"


def test_given_spans_of_the_raw_text_are_blanked_too(mask: NameMask) -> None:
    """Contacts and quotations are no wording."""
    text = "ask anna now"
    assert left(mask, text, ((4, 8),)) == "ask now"


def test_the_length_stays_and_nothing_is_too_strange(mask: NameMask) -> None:
    """Places in the text stay where they were."""
    for text in ("", "\u202e\u0000", "Myanmar" * 2000, "高薪 คนไทย 한국 \U0001f1fb\U0001f1f3"):
        view = views(text).folded_view
        assert len(mask.blank_names(view, ())) == len(view.codes)


def test_every_people_is_written_as_the_text_views_write_it() -> None:
    """Lower case: others would never be met."""
    assert PEOPLES.lower() == PEOPLES
