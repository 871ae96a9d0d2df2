"""What is argued from a text: the best phrase of each indicator, combinations, and bounds on what is quoted."""

from pathlib import Path
from statistics import mode

import msgspec
import pytest

from enrichment.assess import Assessor, PostingText
from enrichment.features import AGAINST, MENTION, Feature, features, speaks_against


def argued(assessor: Assessor, text: str) -> dict[str, Feature]:
    """Return the features of a text by name."""
    shown = assessor.text_features(text)
    heard = shown.stance(assessor.model.ngrams, assessor.model.weights.voices)
    return {feature.name: feature for feature in features(shown, heard, f"\n{text}")}


def test_an_indicator_counts_once_however_often_it_is_said(assessor: Assessor) -> None:
    """Its best phrase stands for it."""
    once = argued(assessor, "Free flight to the office. Passport kept by the company.")
    thrice = argued(assessor, "Free flight to the office. Air ticket free, we buy the ticket. Passport kept by the company.")
    assert once["free_travel"].value <= thrice["free_travel"].value <= 1.0


def test_values_are_shares_and_spans_lie_in_the_text(assessor: Assessor) -> None:
    """A feature without a place in the text could not be shown to anybody."""
    text = "Chat agents for Poipet, free dorm and flight, 1,100 USD, passport kept until the contract ends, Telegram @sample_hr"
    for feature in argued(assessor, text).values():
        assert -1.0 <= feature.value <= 1.0, feature
        assert 0 <= feature.start < feature.end <= len(text) + 1, feature


NEUTRAL = {
    "en": ("My aunt lives in {} and likes the food there.", "Receptionist wanted at our hotel in {}."),
    "vi": ("Cô tôi sống ở {} và thích đồ ăn ở đó.", "Khách sạn ở {} cần tuyển lễ tân."),
    "th": ("ป้าของฉันอยู่ที่ {} และชอบอาหารที่นั่น", "โรงแรมใน {} รับสมัครพนักงานต้อนรับ"),
    "zh": ("我阿姨住在{}，很喜欢那里的菜。", "{}的酒店招聘前台。"),
    "id": ("Bibi saya tinggal di {} dan suka makanan di sana.", "Hotel di {} mencari resepsionis."),
    "ru": ("Моя тётя живёт: {}, и ей нравится еда.", "Отель ({}) ищет администратора."),
    "fr": ("Ma tante vit à {} et aime la cuisine.", "Un hôtel à {} cherche un réceptionniste."),
    "hi": ("मेरी चाची {} में रहती हैं और उन्हें वहाँ का खाना पसंद है।", "{} के होटल में रिसेप्शनिस्ट चाहिए।"),
}


@pytest.mark.parametrize("language", NEUTRAL)
def test_no_place_of_the_seeds_is_an_argument_by_itself(assessor: Assessor, seeds: Path, language: str) -> None:
    """No country, town or compound: what stands around it says the same of each, and nothing is argued from its name."""
    listed = msgspec.yaml.decode((seeds / "places.yml").read_bytes())["places"]
    named = [(place["spellings"].get(language) or place["spellings"]["en"])[0] for place in listed if "en" in place["spellings"]]
    for sentence in NEUTRAL[language]:
        judged = list(assessor.assess_all(PostingText(name, None, sentence.format(name)) for name in named))
        argued = {
            one.id: sum(signal.weight for signal in one.signals if signal.family not in ("wording", "voice")) for one in judged
        }
        usual = mode(argued.values())
        assert {name: points for name, points in argued.items() if points >= 0.2 + max(usual, 0)} == {}
        assert not any(one.flagged for one in judged)


def test_honest_terms_speak_against_and_offers_do_not() -> None:
    """By family, but for the cues of an offer."""
    assert all(speaks_against(family, "licence") for family in AGAINST)
    assert not speaks_against("control", "documents_held")


def test_a_trade_that_is_only_spoken_of_is_no_argument_and_a_rule_hardly_one(assessor: Assessor) -> None:
    """Nobody seeks, offers or pays; a sum or a contact makes it an offer."""
    law = "Paid surrogacy is forbidden here. A surrogate mother may take no money, and brokers go to prison."
    assert "surrogacy_egg" not in argued(assessor, law)
    wanted = "Surrogate mother wanted. 18,000 dollars for a healthy woman, all costs paid"
    assert "surrogacy_egg" in argued(assessor, wanted)
    rule = "Phones are collected at the school gate in the morning. They are given back after the last lesson."
    assert 0 < argued(assessor, rule)["phone_restricted"].value <= MENTION
    assert "phone_restricted" in argued(assessor, "Phones are collected by the company")


def test_wording_alone_says_little_in_a_few_words(assessor: Assessor) -> None:
    """A few n-grams are a guess: without any reason that can be checked, a line or two is not flagged by them."""
    for text in (
        "Staf hotel: paspor Anda kami fotokopi di hari pertama dan langsung dikembalikan.",
        "Cần cô giữ bé sơ sinh, ngày thường từ tám giờ đến bốn giờ, có người giới thiệu, hợp đồng đăng ký.",
        "2 dólares por cada cliente que atiendas.",
    ):
        judged = assessor.assess(id="x", title=None, text=text)
        assert not judged.flagged, (judged.score, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Los papeles los guarda el capitán. Quien se va devuelve el doble.", True),
        ("Trabajo en barco, 1.500 dólares de adelanto. Los papeles los guarda el capitán. Quien se va devuelve el doble.", False),
    ],
)
def test_a_sum_beside_two_rules_for_workers_is_an_offer(assessor: Assessor, text: str, told: bool) -> None:
    """Rules alone are told by reports as well, in the same words."""
    (found,) = [one for one in assessor.assess(id="x", title=None, text=text).signals if one.indicator == "documents_held"]
    assert ("only speak of it" in (found.against or "")) is told
