"""A shadow report counts where two models differ, and what people decided."""

from enrichment.assessment import Assessment, Language
from lurewatch.models.shadow import report, rows


def judged(name: str, score: float) -> Assessment:
    spoken = Language(code="vi", script="Latn", confidence=1.0)
    return Assessment(id=name, language=spoken, stance="offer", score=score, flagged=score >= 50, tag="none")


def test_a_report_counts_where_two_models_differ_and_what_people_decided():
    champion = [judged("a", 90), judged("b", 60), judged("c", 10), judged("d", 20)]
    challenger = [judged("a", 80), judged("b", 40), judged("c", 70), judged("d", 20)]
    texts = list(rows("board", champion, challenger))
    found = report("aa11", texts, {"b": "dismissed", "c": "confirmed"})
    assert (found.all.texts, found.all.both, found.all.flagged, found.all.spared, found.all.moved) == (4, 1, 1, 1, 22.5)
    assert (found.flagged, found.spared) == ((1, 0, 0), (0, 1, 0))
    assert set(found.sources) == {"board"}
    assert set(found.languages) == {"vi"}
