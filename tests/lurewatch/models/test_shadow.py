"""Shadow scores lie beside the assessments, are read once each, and are compared with what people decided."""

from enrichment.assessment import Assessment, Language
from lurewatch import assessments
from lurewatch.models import shadow
from lurewatch.models.shadow import report, rows


def judged(name: str, score: float) -> Assessment:
    spoken = Language(code="vi", script="Latn", confidence=1.0)
    return Assessment(id=name, language=spoken, stance="offer", score=score, flagged=score >= 50, tag="none")


def test_each_text_counts_as_judged_last_and_retention_erases_it(tmp_path):
    root = str(tmp_path / "assessed")
    for run, score in (("20260301T000000Z", 10.0), ("20260302T000000Z", 70.0)):
        address = shadow.shadow_address(f"{root}/board/{run}/lexicon.jsonl.zst", "aa11")
        assessments.write(address, shadow.rows("board", [judged("a", 90)], [judged("a", score)]))
    (row,) = shadow.read(root, "aa11")
    assert row.challenger == 70.0
    assert shadow.read(root, "bb22") == []
    assessments.forget(root, "board", ["20260301T000000Z", "20260302T000000Z"])
    assert shadow.read(root, "aa11") == []


def scored(name: str, score: float) -> Assessment:
    spoken = Language(code="vi", script="Latn", confidence=1.0)
    return Assessment(id=name, language=spoken, stance="offer", score=score, flagged=score >= 50, tag="none")


def test_a_report_counts_where_two_models_differ_and_what_people_decided():
    champion = [scored("a", 90), scored("b", 60), scored("c", 10), scored("d", 20)]
    challenger = [scored("a", 80), scored("b", 40), scored("c", 70), scored("d", 20)]
    texts = list(rows("board", champion, challenger))
    found = report("aa11", texts, {"b": "dismissed", "c": "confirmed"})
    assert (found.all.texts, found.all.both, found.all.flagged, found.all.spared, found.all.moved) == (4, 1, 1, 1, 22.5)
    assert (found.flagged, found.spared) == ((1, 0, 0), (0, 1, 0))
    assert set(found.sources) == {"board"}
    assert set(found.languages) == {"vi"}
