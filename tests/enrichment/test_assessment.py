"""Assessments are kept as JSON: what an older version wrote is read, what is no assessment is refused."""

import msgspec
import pytest

from enrichment.assessment import Assessment, Fingerprint, Language

LEAST = {
    "id": "a", "language": {"code": "en", "script": "Latn", "confidence": 1.0}, "voice": "offer", "score": 1.0, "flagged": False,
    "tag": "none",
}  # fmt: skip


def test_what_the_first_version_wrote_is_read_and_nothing_is_made_up() -> None:
    """Whatever came later has a value that says nothing."""
    read = msgspec.convert(LEAST, Assessment)
    assert (read.signals, read.contacts, read.rules, read.model_version) == ((), (), (), "")
    assert (read.harm.level, read.fingerprint, read.pay) == ("unstated", Fingerprint(), None)


@pytest.mark.parametrize(
    "change", [{"voice": "shout"}, {"tag": "spam"}, {"score": "9"}, {"language": None}, {"harm": {"level": "bad"}}]
)
def test_values_nobody_knows_are_refused(change: dict[str, object]) -> None:
    """Rather than kept and shown."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**LEAST, **change}, Assessment)


def test_an_assessment_comes_back_from_json_as_it_was() -> None:
    """Stores and partitions keep it so."""
    one = Assessment(
        id="ă\u202e", language=Language(code="und", script="Zyyy", confidence=0), stance="other", score=0, flagged=False,
        tag="none",
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(one), type=Assessment) == one
