"""What a draft rule would bring is counted on stored and decided texts, and told by the week."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.cases.case_decisions import Case, Decision
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.pattern import compile_pattern
from enrichment.text_lines import TextLine
from lurewatch.app.lures.draft_rules import (
    LEAST_MEASURED,
    MINUTES,
    Arrivals,
    arrivals,
    draft_rules,
    estimates,
    minutes_each,
    shows,
)
from tests.lurewatch.conftest import Seal

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def known(seeds: Path) -> Lexicon:
    """Return a lexicon of one rule that is in use."""
    read = lexicon(seeds / "lures")
    (entry, *_) = (one for one in read.entries if one.language == "en" and one.indicator.slug == "documents_held")
    rule = replace(entry, phrase="passport stays with us", form=compile_pattern("passport stays with us"), place="en.yml:1")
    return Lexicon(indicators=read.indicators, entries=(rule,), version="old")


@pytest.fixture(scope="module")
def draft(known: Lexicon) -> Lexicon:
    """Return the same with a second rule."""
    (rule,) = known.entries
    new = replace(
        rule, phrase="passport stays with the captain", form=compile_pattern("passport stays with (us|the captain)"),
        place="draft/en.yml:2",
    )  # fmt: skip
    return Lexicon(indicators=known.indicators, entries=(rule, new), version="new")


def test_only_what_the_lexicon_in_use_has_not_is_new(known: Lexicon, draft: Lexicon) -> None:
    assert [entry.place for entry in draft_rules(known, draft).entries] == ["draft/en.yml:2"]
    assert draft_rules(draft, draft).entries == ()


def test_hits_overlap_and_decisions_are_counted(known: Lexicon, draft: Lexicon) -> None:
    lines = [
        TextLine(id="1", text="Your passport stays with the captain of the boat"),
        TextLine(id="2", text="Your passport stays with us until you have paid"),
        TextLine(id="3", text="Bring a copy of your passport"),
    ]
    (found,) = estimates(
        draft_rules(known, draft), lines, score=lambda line: 90.0 if line.id == "2" else 10.0, existing=shows(known),
        watched=Arrivals(frozenset({"1"}), 2.0), decided={"1": 1, "2": 0},
    )  # fmt: skip
    assert (found.hits, found.per_week, found.flagged, found.same_indicator) == (2, 0.5, 1, 1)
    assert found.overlaps == (("en.yml:1", 1),)
    assert (found.confirmed, found.dismissed) == (1, 1)


def test_what_stood_there_at_the_first_run_is_no_rate(workplace: Path, sealed: Seal) -> None:
    sealed("20260301T000000Z", [("old1", "x"), ("old2", "x")], at=START)
    assert arrivals(str(workplace / "runs")) == Arrivals(frozenset(), 0.0)
    sealed("20260315T000000Z", [("old1", "x"), ("new", "x")], at=START + timedelta(days=14))
    assert arrivals(str(workplace / "runs")) == Arrivals(frozenset({"new"}), 2.0)


def test_minutes_are_measured_where_enough_decisions_were_timed() -> None:
    def case(number: int, minutes: float, batch: str | None = None) -> Case:
        decision = Decision(
            id=number, item_id=str(number), seq=1, kind="confirm", source="board", url="", revision=1, text_sha256="", by="minh",
            at=START + timedelta(minutes=minutes), opened_at=START, batch=batch,
        )  # fmt: skip
        return Case(item_id=str(number), state="confirmed", in_force=decision, standing=(decision,), history=(decision,))

    few = [case(number, 3.0) for number in range(LEAST_MEASURED - 1)]
    assert minutes_each(few) == (MINUTES, False)
    idle_or_batch = [case(90, 400.0), case(91, 1.0, "b")]
    assert minutes_each([*few, case(50, 5.0), *idle_or_batch]) == (3.0, True)
