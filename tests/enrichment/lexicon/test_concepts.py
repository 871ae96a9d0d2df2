"""A concept holds where its word classes stand together in one sentence and nothing denies it: pairs in many languages."""

import pytest

from enrichment.assess import Assessor
from tests.growth import LIMIT, MORE, growth

PAIRS = [
    ("documents_held", "The manager keeps your passport.", "The manager keeps a copy of your passport."),
    ("documents_held", "El jefe guarda tu pasaporte.", "El jefe no guarda tu pasaporte."),
    ("documents_held", "Le patron garde votre passeport.", "Le patron ne garde jamais votre passeport."),
    ("documents_held", "Quản lý giữ hộ chiếu của bạn.", "Quản lý không giữ hộ chiếu của bạn."),
    ("documents_held", "Paspor disimpan oleh bos.", "Paspor tidak disimpan oleh bos."),
    ("documents_held", "护照由公司保管。", "护照不由公司保管。"),
    ("documents_held", "พาสปอร์ตบริษัทเก็บไว้", "พาสปอร์ตบริษัทไม่เก็บ"),
    ("exit_fee", "Who quits pays a fine.", "Who quits pays no fine."),
    ("exit_fee", "Nếu nghỉ việc sớm phải bồi thường.", "Nghỉ việc sớm không phải bồi thường."),
    ("mule_account", "We rent bank accounts.", "We never rent bank accounts."),
    ("mule_account", "Alquilamos cuentas bancarias.", "No alquilamos cuentas bancarias."),
    ("mule_account", "长期租用银行卡。", "本行不租用银行卡。"),
    ("organ", "We buy kidneys.", "Buying kidneys is illegal."),
    ("surrogacy_egg", "Surrogate mothers wanted.", "Surrogacy is illegal here."),
    ("referral_bonus", "200 USD for each worker you bring.", "200 USD for each customer you bring."),
    ("no_interview_fast", "No interview needed.", "The interview is in our shop."),
    ("visa_passport_handled", "We arrange your visa.", "We do not arrange visas."),
    ("courier_travel", "Carry a suitcase, the flight is free.", "Deliver the parcel to the customer."),
    ("cover_story", "Tell the officer you are a tourist.", "Tell the officer your name."),
    ("cover_story", "Nói với hải quan là đi du lịch.", "Nói với hải quan tên của bạn."),
    ("target_penalty", "Miss the quota and you are fined.", "Reach the quota and you are praised."),
    ("closed_site", "Going out of the compound needs permission of the boss.", "You go out of the compound as you like."),
    ("free_travel", "The company pays the flight.", "The company does not pay the flight."),
    ("courier_travel", "スーツケースを運ぶだけ。30万円、航空券支給。", "スーツケースを運ぶお客様へ。航空券は窓口で。"),
    ("marriage", "नेपाली केटी चाहियो बिहे गर्न, परिवारलाई १० लाख।", "बिहे हलमा वेटर चाहियो, दिनको ८०० रुपैयाँ।"),
    ("marriage", "Dicari gadis untuk menikah di luar negeri. Keluarga dapat 100 juta.", "Dicari fotografer untuk pesta nikah."),
    ("referral_bonus", "Pagamos 500 dólares por cada trabajador que envíes.", "Pagamos 500 dólares al mes a cada trabajador."),
    ("referral_bonus", "We pay 500 USD for every worker you send us.", "Every worker of the company gets 500 USD at New Year."),
    ("referral_bonus", "Har bir yuborgan odam uchun 500 dollar.", "Har bir odam oyiga 500 dollar oladi."),
    (
        "home_daily_pay",
        "Work from home 2 hours, 60 dollars paid daily.",
        "Work from home, 12 hours a day, 60 dollars paid daily.",
    ),
    ("home_work", "දවසට පැය 2 ගෙදර ඉඳන් වැඩ.", "ගබඩා සේවකයන්, දවසට පැය 12."),
    ("no_interview_fast", "Interview? None. Start? Tomorrow.", "Interview? Yes, in our office. Start? In May."),
    ("free_travel", "Quién paga el vuelo? La empresa. Hay contrato? Sí.", "Quién paga el vuelo? Cada uno. Hay contrato? Sí."),
    ("pickup", "Our staff meet you at the airport.", "Our staff meet you at the airport. For hotel guests only."),
    ("documents_held", "Hand in your passport to the company.", "Hand in the passport at the passport office. It is kept there."),
]
"""Indicator, a text that says it, and one that does not."""


def shown(assessor: Assessor, text: str) -> set[str]:
    """Return the indicators that concepts and rules show in a text."""
    return {item.entry.indicator.slug for item in assessor.text_features(f"\n{text}").found}


@pytest.mark.parametrize(("indicator", "said", "not_said"), PAIRS)
def test_two_texts_that_differ_in_a_word_are_told_apart(assessor: Assessor, indicator: str, said: str, not_said: str) -> None:
    """One says it, the other denies it or speaks of something else."""
    assert indicator in shown(assessor, said)
    assert indicator not in shown(assessor, not_said)


@pytest.mark.parametrize(
    ("text", "honest"),
    [
        ("ไม่มีหนังสือเดินทางก็สมัครได้ โทรศัพท์ฝากไว้ที่หัวหน้า", False),
        ("គ្មានលិខិតឆ្លងដែនក៏អាចដាក់ពាក្យបាន ទូរស័ព្ទទុកនៅមេក្រុម", False),
        ("บริษัทไม่ยึดหนังสือเดินทาง", True),
    ],
)
def test_what_is_told_of_another_thing_is_no_honest_word(assessor: Assessor, text: str, honest: bool) -> None:
    """Who needs no passport but hands in the telephone is not told that passports are left alone."""
    assert ("keeps_documents" in shown(assessor, text)) == honest


def test_a_concept_says_where_its_words_stand(assessor: Assessor) -> None:
    """The span reaches from its first word to its last one; what it means is a sentence, alike in every language."""
    text = "Meals are good. The boss keeps your passport here."
    (match,) = [item for item in assessor.evidence(text) if item.entry.id == "en-documents-held-papers-with-employer"]
    assert text[match.start : match.end] == "boss keeps your passport"
    assert [text[start:end] for start, end in match.words] == ["boss", "keeps", "passport"]
    assert " " in match.entry.gloss


@pytest.mark.parametrize(
    "text",
    ["Bring a passport. The boss keeps order.", "The boss keeps order, cleans tables, cooks, sings and looks at every passport"],
)
def test_words_of_two_sentences_or_far_apart_are_no_concept(assessor: Assessor, text: str) -> None:
    """They would say something else."""
    assert "documents_held" not in shown(assessor, text)


def test_a_counter_takes_back_nothing_beside_the_words_of_a_lure(assessor: Assessor) -> None:
    """An office in the text excuses nobody who pays wages, or a journey, and keeps passports."""
    assert "documents_held" in shown(assessor, "The boss keeps your passport. Salary 2000 USD. Our lawyer knows the ministry.")
    assert "documents_held" not in shown(assessor, "The ministry opens at nine. The office keeps your passport until Friday.")


def test_what_denies_the_deed_does_not_deny_its_doer(assessor: Assessor) -> None:
    """In "the company never keeps", "never" stands behind the company and denies the keeping: the honest term is there."""
    judged = assessor.assess(id="x", title=None, text="The company never keeps your passport.")
    assert ("keeps_documents" in {signal.indicator for signal in judged.signals}, judged.flagged) == (True, False)


def test_english_words_join_those_of_the_language(assessor: Assessor) -> None:
    """Adverts mix them."""
    ids = {item.entry.id for item in assessor.evidence("老板保管大家的 passport，每个人都一样，统一安排")}
    assert "zh-documents-held-papers-with-employer" in ids


def test_a_hostile_text_takes_time_in_proportion(assessor: Assessor) -> None:
    """Whatever it repeats."""
    unit = "keep passport fee before pay invest commission deposit "
    assert growth(assessor.evidence, unit * 40, unit * 40 * MORE) < LIMIT


@pytest.mark.parametrize(
    ("indicator", "text"),
    [
        ("foetus_baby", "Pregnant and cannot keep it? We pay 6,000 USD for the newborn"),
        ("foetus_baby", "Cho con sắp sinh, ai lo viện phí và 3.000 USD thì nhắn mình"),
        ("surrogacy_egg", "Gesta un hijo para una pareja: 15.000 USD"),
        ("exit_fee", "We lend you the ticket, you work until it is paid off"),
        ("exit_fee", "ให้ยืมค่าเดินทาง ทำงานจนใช้หมด"),
        ("documents_held", "到了以后主管收护照"),
        ("documents_held", "पासपोर्ट कंपनी बनवाएगी और अपने पास रखेगी"),
        ("marriage", "找女孩去国外当老婆"),
        ("documents_held", "Los papeles los guarda el capitán hasta volver a puerto"),
        ("documents_held", "الأوراق تبقى عند القبطان"),
    ],
)
def test_the_same_offer_is_found_in_several_languages(assessor: Assessor, indicator: str, text: str) -> None:
    """A sum of thousands near it, a verb that holds its object, a word for oneself that means the company."""
    assert indicator in {signal.indicator for signal in assessor.assess(id="x", title=None, text=text).signals}
