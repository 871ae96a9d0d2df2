"""A lure is not silenced by a sentence its author adds, and a report that quotes one whole stays a report."""

import pytest

from enrichment.assess import Assessor
from enrichment.lexicon.matches import LexiconMatch
from enrichment.scoring import HONEST_MOST
from enrichment.stance import HALF, own_part, quoted_parts, sentences
from enrichment.text.quotations import quotes
from tests.enrichment.rewrites import LURES, added, reports, rewrites


def flagged(assessor: Assessor, text: str) -> bool:
    """Tell whether a text is flagged."""
    return assessor.assess(id="1", title=None, text=text).flagged


@pytest.mark.parametrize("code", LURES)
def test_no_sentence_its_author_adds_silences_a_lure(assessor: Assessor, code: str) -> None:
    """Warnings, impostor notices, questions and answers, honest terms, and passing it on between quotation marks."""
    assert flagged(assessor, LURES[code])
    assert [name for name, text in rewrites(code) if not flagged(assessor, text)] == []


@pytest.mark.parametrize("code", LURES)
def test_a_true_report_that_quotes_a_lure_whole_is_not_flagged(assessor: Assessor, code: str) -> None:
    """Its contact stands between the marks; line breaks and quotations inside change nothing."""
    lines = LURES[code].replace("，", "\n").replace(", ", "\n")
    found = [*reports(code), *(text.replace(LURES[code], lines) for text in reports(code))]
    assert [text for text in found if flagged(assessor, text)] == []


@pytest.mark.parametrize("name", ["warning", "fake_recruiters", "questions"])
def test_a_lure_that_names_no_contact_is_not_silenced_by_a_warning_either(assessor: Assessor, name: str) -> None:
    """Its contact may stand in a picture; the cues stand together, as who adds them puts them."""
    lure = LURES["en"].rpartition(". ")[0] + "."
    assert "@" not in lure
    assert flagged(assessor, lure)
    assert flagged(assessor, f"{lure}\n{added('en', name)}")


def test_the_sentences_of_the_warning_are_beside_the_offer_and_its_words_keep_half(assessor: Assessor) -> None:
    """A cue takes nothing from another sentence twice: no signal of a warning is subtracted beside the share."""
    text = f"{LURES['en']}\n{added('en', 'fake_recruiters')}"
    found = assessor.assess(id="1", title=None, text=text)
    alone = {one.indicator: one.weight for one in assessor.assess(id="1", title=None, text=LURES["en"]).signals}
    assert found.stance == "offer"
    assert not {one.indicator for one in found.signals} & {"warning", "warning_again", "news", "news_again", "seeker"}
    kept = [(one.weight, alone[one.indicator]) for one in found.signals if one.family == "control" and one.weight > 0]
    assert kept
    assert all(weight >= (1 - HALF) * before for weight, before in kept)


def test_honest_terms_do_not_outweigh_what_no_honest_employer_does(assessor: Assessor) -> None:
    """Each bounded signal says so, and the score is still the sum of the signals."""
    text = f"{LURES['en']} You will not leave the compound.\n{added('en', 'honest_terms')}"
    found = assessor.assess(id="1", title=None, text=text)
    honest = [one for one in found.signals if one.weight < 0 and one.family in ("honest", "wording")]
    assert honest
    speaks_for = sum(one.weight for one in found.signals if one.weight > 0)
    assert -sum(one.weight for one in honest) <= speaks_for * 0.7 + 0.1


def test_a_paragraph_of_honest_terms_takes_back_no_more_than_some_four_of_them(assessor: Assessor) -> None:
    """Where nothing else bounds them either; each says what bounded it."""
    found = assessor.assess(id="1", title=None, text=f"Cook wanted for our school.\n{added('en', 'honest_terms')}")
    honest = [one for one in found.signals if one.family == "honest"]
    assert len(honest) > 4
    assert -sum(one.weight for one in honest) == pytest.approx(HONEST_MOST, abs=0.1)
    assert all("together" in str(one.against) for one in honest)


def evidence(assessor: Assessor, text: str) -> list[LexiconMatch]:
    """Return what the lexicon finds."""
    return assessor.evidence(f"\n{text}")


def test_where_only_the_quotation_gives_a_contact_there_is_no_offer_of_its_own(assessor: Assessor) -> None:
    """A warning names the account it warns of, in the sentence that warns."""
    text = "Beware of the account @sample_boss, it is a scam. Report it to the police."
    raw = f"\n{text}"
    reached = assessor.assess(id="1", title=None, text=text).contacts
    assert reached
    assert own_part(raw, evidence(assessor, text), reached, quotes(raw)) is None


@pytest.mark.parametrize(
    "text",
    [
        "อยากเล่าให้ฟัง หลานเราทักไลน์ @sample_admin ไปเพราะเห็นว่ารับแอดมินตอบแชท เงินเดือนดี ไปถึงโดนยึดพาสปอร์ต บังคับให้หลอกคน ทำยอดไม่ได้โดนตี",
        "Em kể lại để mọi người tránh. Em nhắn tin tuyển nhân viên của @sample_td01, bao ăn ở. "
        "Qua tới nơi họ thu hộ chiếu, không đủ chỉ tiêu thì bị đánh.",
    ],
)
def test_who_tells_what_was_suffered_offers_nothing(assessor: Assessor, text: str) -> None:
    """Also where the story names the account that lured them, and says how they wrote to it."""
    made = assessor.assess(id="1", title=None, text=text)
    assert made.stance == "testimony"
    assert not made.flagged


def test_who_says_next_to_nothing_around_the_marks_passes_the_advert_on(assessor: Assessor) -> None:
    """With a cue of another stance around them, the words between the marks are somebody else's."""
    passed = f"\nA friend sent me this, sharing it here for all of you: “{LURES['en']}”"
    warned = f"\nPolice warn of this scam, do not answer such messages at all: “{LURES['en']}”"
    assert quotes(passed).words
    assert not quoted_parts(quotes(passed), evidence(assessor, passed[1:])).words
    assert quoted_parts(quotes(warned), evidence(assessor, warned[1:])).words


@pytest.mark.parametrize(
    ("raw", "starts"),
    [
        ("One. Two! Three", ["One.", " Two!", " Three"]),
        ("一。二！三", ["一。", "二！", "三"]),
        ("ก่อน หลัง", ["ก่อน", " หลัง"]),
        ("v1.5 is out", ["v1.5 is out"]),
        ("", [""]),
    ],
)
def test_where_sentences_begin(raw: str, starts: list[str]) -> None:
    """By full stops of every script, by lines, and in Thai by spaces."""
    places = sentences(raw)
    assert [raw[start:end] for start, end in zip(places, [*places[1:], len(raw)], strict=True)] == starts
