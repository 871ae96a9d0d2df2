"""A lure is not silenced by a sentence its author adds, and a report that quotes one whole stays a report."""

import math
from pathlib import Path

import msgspec
import pytest

from enrichment.assess import Assessor
from enrichment.lexicon.matches import LexiconMatch
from enrichment.scoring import HONEST_MOST
from enrichment.stance import HALF, own_part, quoted_parts, sentences
from enrichment.text.quotations import quotes
from tests.enrichment.rewrites import LURES, added, reports, rewrites

SITUATIONS = msgspec.yaml.decode(Path(__file__).with_name("stance_texts.yml").read_bytes())


@pytest.mark.parametrize("name", SITUATIONS)
def test_who_speaks_and_whether_anything_is_offered_decides_in_every_language(assessor: Assessor, name: str) -> None:
    """Lures told as dialogues and recommendations are found; lessons, reports, law, markets and family news are not accused."""
    situation = SITUATIONS[name]
    judged = {code: assessor.assess(id="", title=None, text=text) for code, text in situation["texts"].items()}
    assert [code for code, found in judged.items() if found.flagged != situation["lure"]] == []
    says = situation.get("says")
    assert [c for c, found in judged.items() if says and says not in {one.indicator for one in found.signals}] == []
    never = situation.get("never")
    assert [c for c, found in judged.items() for one in found.signals if one.indicator == never and one.weight > 0] == []


@pytest.mark.parametrize("code", LURES)
def test_who_passes_a_lure_on_with_its_contact_inside_the_marks_is_no_reporter(assessor: Assessor, code: str) -> None:
    """A reporter goes on behind what he quotes; who only leads to it passes it on, at half of its points or more."""
    alone = assessor.assess(id="", title=None, text=LURES[code])
    passed = assessor.assess(id="", title=None, text=f"{added(code, 'forwarded')}\n“{LURES[code]}”")
    points = [sum(one.weight for one in found.signals if one.weight > 0) for found in (passed, alone)]
    assert passed.flagged
    assert points[0] >= points[1] / 2


@pytest.mark.parametrize("code", LURES)
def test_an_account_right_behind_the_marks_passes_a_lure_on_under_whatever_warning(assessor: Assessor, code: str) -> None:
    """The warning says as much as the lure; a report that names the account goes on behind it."""
    lure = LURES[code].partition("@")[0]
    warned = f"{added(code, 'fake_recruiters')} {added(code, 'warning')} “{lure}” Telegram @sample_hr88"
    assert flagged(assessor, warned)


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


def passes_on(assessor: Assessor, raw: str) -> bool:
    """Tell whether what stands between the marks of a text is taken for its own."""
    made = assessor.assess(id="1", title=None, text=raw[1:])
    return not quoted_parts(raw, quotes(raw), evidence(assessor, raw[1:]), made.contacts).words


def test_who_says_next_to_nothing_around_the_marks_passes_the_advert_on(assessor: Assessor) -> None:
    """With a cue of another stance that speaks of them, the words between the marks are somebody else's."""
    assert passes_on(assessor, f"\nA friend sent me this, sharing it here for all of you: “{LURES['en']}”")
    assert not passes_on(assessor, f"\nPolice warn of this scam, do not answer such messages at all: “{LURES['en']}”")


def points(assessor: Assessor, text: str) -> float:
    """Return the points of a text."""
    return math.fsum(signal.weight for signal in assessor.assess(id="1", title=None, text=text).signals)


WARNED = {
    "en": "Beware of scammers.",
    "vi": "Cảnh giác lừa đảo.",
    "zh": "谨防诈骗。",
    "ru": "Остерегайтесь мошенников.",
    "fr": "Attention aux arnaques.",
    "id": "Awas penipuan.",
    "th": "ระวังมิจฉาชีพ",
    "es": "Cuidado con los estafadores.",
}


@pytest.mark.parametrize("code", WARNED)
@pytest.mark.parametrize("account", ["Telegram @example_hr88", "LINE: example_hr88", "WhatsApp +44 7700 900123"])
def test_a_quoted_lure_with_an_account_beside_it_keeps_half_of_its_points(assessor: Assessor, code: str, account: str) -> None:
    """Whoever leaves a way to answer what he quotes speaks for it: behind the marks, before them, on its own lines, or inside."""
    lure, warning = LURES[code], WARNED[code]
    whole = points(assessor, lure)
    bare = lure.replace("@sample_hr_desk", "").strip()
    for text in (
        f"{warning} HR Linda 2026: “{bare}” {account}",
        f"{account}. {warning} “{bare}”",
        f"{warning}\nHR Linda:\n«{bare}»\n{account}",
        f"{warning} HR Linda 2026: “{lure}”",
    ):
        assert points(assessor, text) >= whole / 2, text


@pytest.mark.parametrize("code", LURES)
@pytest.mark.parametrize("hotline", ["", " 1900 1234", " +44 7700 900123", " help@example.org", " https://example.org/report"])
def test_a_report_that_names_where_to_report_stays_one(assessor: Assessor, code: str, hotline: str) -> None:
    """Telephone, mail and page of who warns are no way to answer the advert he quotes."""
    assert [text for text in reports(code) if flagged(assessor, text + hotline)] == []


DENIED = {
    "vi": "Mọi người hay sợ bị đánh đập, bị nhốt, bị bán, nhưng bên em không phải công ty lừa đảo, không đánh đập ai.",
    "zh": "出國怕會被毆打、被關、被賣豬仔？都是別人造謠，本公司絕對不是黑公司。",
    "id": "Jangan percaya cerita orang disekap dan dipukuli, itu perusahaan lain, kami bukan perusahaan penipu.",
    "en": "People tell that they were beaten and locked up and their passports taken: that was another firm, not ours.",
    "ru": "Пишут, что людей бьют и держат взаперти: это не про нас, мы не чёрная контора, у нас никого не бьют.",
    "th": "ที่เขาเล่าว่าถูกซ้อมถูกขัง ไม่จริง บริษัทเราไม่ใช่มิจฉาชีพ",
    "fr": "On raconte que des gens ont été battus et enfermés : ce n'est pas nous, nous ne sommes pas une arnaque.",
    "es": "Cuentan que los golpearon y encerraron: eso fue otra empresa, nosotros no somos estafadores.",
}


@pytest.mark.parametrize("code", DENIED)
def test_an_offer_that_denies_what_is_told_of_such_firms_keeps_half_of_its_points(assessor: Assessor, code: str) -> None:
    """Before the offer, behind it, and in the midst of it."""
    lure = LURES[code]
    whole = points(assessor, lure)
    head, mark, tail = lure.partition("。" if code == "zh" else ". ")
    texts = [f"{DENIED[code]} {lure}", f"{lure} {DENIED[code]}"] + ([f"{head}{mark}{DENIED[code]} {tail}"] if tail else [])
    for text in texts:
        assert points(assessor, text) >= whole / 2, text


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
