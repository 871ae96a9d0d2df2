"""Which runs the index takes, and that what people at risk wrote leads to nobody."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from crawlers.evidence.partition import Report, State
from crawlers.items import Media, Posting, posting_id
from enrichment.assessment import Assessment, Contact, Language
from index.admission import goes_on, without_people

AT = datetime(2026, 11, 1, tzinfo=UTC)


def report(state: State, *, fetched: int = 3) -> Report:
    """Return the report of a run that parsed three postings."""
    return Report(source="board", run_id="run", state=state, started_at=AT, finished_at=AT, fetched=fetched, parsed=3)


@pytest.mark.parametrize("state", get_args(State))
def test_every_run_goes_on_but_a_failed_one(state: State) -> None:
    assert goes_on(report(state)) is (state != "failed")


def test_a_run_whose_counts_do_not_come_out_does_not() -> None:
    assert not goes_on(report("ok", fetched=4))


POSTING = Posting(
    id=posting_id("forum", "p1"), source="forum", url="https://forum.example.org/p1", text="I got out last October.",
    author="someone", contacts=("https://t.me/someone_example",),
    media=(Media(url="https://forum.example.org/me.jpg", kind="image"),),
)  # fmt: skip


def make_assessment(voice: str, flagged: bool = False) -> Assessment:
    """Return an assessment of the posting with one contact."""
    return Assessment(
        id=POSTING.id, language=Language(code="en", script="Latn", confidence=1.0), stance=voice, score=0, flagged=flagged,
        tag="none", contacts=(Contact(type="telegram", value="someone_example", start=0, end=1),),
        campaign_key="telegram:someone_example",
    )  # fmt: skip


@pytest.mark.parametrize("voice", ["testimony", "seeker"])
def test_author_contacts_and_pictures_of_people_at_risk_are_not_indexed(voice: str) -> None:
    """Their words stay: they tell the analyst what happens there."""
    posting, assessment = without_people(POSTING, make_assessment(voice))
    assert (posting.author, posting.contacts, posting.media) == (None, (), ())
    assert (assessment.contacts, assessment.campaign_key) == ((), None)
    assert posting.text == POSTING.text


@pytest.mark.parametrize(("voice", "flagged"), [("offer", False), ("warning", False), ("seeker", True)])
def test_adverts_and_warnings_keep_their_contacts(voice: str, flagged: bool) -> None:
    """A flagged text is an advert, whatever voice it borrows."""
    before = (POSTING, make_assessment(voice, flagged))
    assert without_people(*before) == before
