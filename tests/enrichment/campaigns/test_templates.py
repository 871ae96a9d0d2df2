"""A crew's copied adverts show what they share and where they differ, in spaced and unspaced scripts alike."""

import json
import random
from collections import Counter, defaultdict

import pytest

from enrichment.assess import Assessor
from enrichment.campaigns import templates as module
from enrichment.campaigns.templates import (
    ALIGNED,
    CampaignText,
    Slot,
    constant_runs,
    copies,
    laid_over,
    templates,
    text_of,
    tokens_of,
    typical,
    write_run,
)
from enrichment.text.fingerprint import likeness
from evaluation.text_sets import carried_texts
from tests.growth import LIMIT, MORE, growth

PLANTED = {
    "en": (
        "Hiring {} in {}, no experience needed. Salary {} a month, flight and visa paid, dormitory and four meals. "
        "Passport is kept at the office for the work permit. Contact {} today.",
        ("chat operator", "customer service", "typing staff", "translator for English and Thai"),
        ("Bavet", "Myawaddy", "Sihanoukville", "Poipet"),
        ("$900", "1,200 USD", "$1,500 - $2,000", "2000 USDT"),
        ("Telegram @moon_hr_demo", "WhatsApp +447700900123", "Line: moon_hr2", "t.me/other_demo"),
    ),
    "vi": (
        "Công ty game tuyển gấp {} làm việc tại {}, không cần bằng cấp, không cần kinh nghiệm. Lương {} một tháng, bao ăn ở, "
        "lo giấy tờ, xe đón tận nơi. Liên hệ {} đi trong tuần.",
        ("20 nhân viên chăm sóc khách hàng", "15 bạn gõ máy tính", "30 phiên dịch tiếng Trung"),
        ("Mộc Bài", "Bavet", "Shwe Kokko", "tam giác vàng"),
        ("22 triệu", "25tr", "1000 USD"),
        ("tele @moon_hr_demo", "zalo 0500000123", "Telegram: t.me/other_demo"),
    ),
    "zh": (
        "海外公司高薪直招{}，地点在{}园区，包机票包签证包吃住，月薪{}，落地报销路费，没经验有师傅带，护照由公司统一保管。联系{}，备注海外。",
        ("打字员", "推广", "中英翻译", "客服专员"),
        ("妙瓦底", "西港", "金三角", "木牌"),
        ("1.5万到3万", "一万五", "8000元"),
        ("微信 moon_gh8866", "飞机 @moon_hr_demo", "电报：other_demo"),
    ),
    "th": (
        "รับสมัคร{}ทำงานที่{} ไม่ต้องมีวุฒิ ไม่ต้องมีประสบการณ์ เงินเดือน {} บาท กินอยู่ฟรี หอแอร์มีไวไฟ บริษัทพาข้ามแดน ติดต่อ {} จองคิวได้เลยวันนี้",
        ("แอดมินพิมพ์งาน", "พนักงานแชท", "ล่ามภาษาจีน"),
        ("สามเหลี่ยมทองคำ", "เมียวดี", "ปอยเปต"),
        ("25,000", "30000", "28,000 - 35,000"),
        ("ไลน์ moon_hr_demo", "เทเล @other_demo", "โทร 0500000123"),
    ),
    "km": (
        "ជ្រើសរើសបុគ្គលិក{} ធ្វើការនៅ{} មិនត្រូវការបទពិសោធន៍ ប្រាក់ខែ {} ស្នាក់នៅនិងអាហារឥតគិតថ្លៃ ក្រុមហ៊ុនទុកលិខិតឆ្លងដែន ទំនាក់ទំនង {} ថ្ងៃនេះ",
        ("វាយអត្ថបទ", "សេវាកម្មអតិថិជន", "បកប្រែ"),
        ("បាវិត", "ក្រុងព្រះសីហនុ", "ប៉ោយប៉ែត"),
        ("900 ដុល្លារ", "$1,200", "1500 USD"),
        ("telegram @moon_hr_demo", "t.me/other_demo"),
    ),
    "hi": (
        "विदेश की कंपनी में {} चाहिए, जगह {} है, अनुभव की ज़रूरत नहीं। वेतन {} महीना, रहना खाना फ्री, टिकट और वीज़ा कंपनी देगी, "
        "पासपोर्ट कंपनी के पास रहेगा। संपर्क {} आज ही करें।",
        ("डाटा एंट्री ऑपरेटर", "चैट स्टाफ", "टाइपिस्ट लड़के लड़कियाँ"),
        ("म्यावाडी", "बावेत", "पोइपेट"),
        ("75,000 रुपये", "1 लाख", "900 USD"),
        ("टेलीग्राम @moon_hr_demo", "व्हाट्सएप +447700900123"),
    ),
}


@pytest.fixture(scope="module")
def assessor(seeds):
    return Assessor(seeds)


def _posted(assessor, language, seed, count=12):
    """Return copies of one advert with drawn values, and for each slot the values drawn."""
    chance = random.Random(f"{language}{seed}")
    sentence, *values = PLANTED[language]
    drawn = [[chance.choice(each) for each in values] for _ in range(count)]
    texts = []
    for number, chosen in enumerate(drawn):
        text = sentence.format(*chosen)
        judged = assessor.assess(id=str(number), title=None, text=text)
        texts.append(text_of(judged, f"\n{text}"))
    return texts, [sorted({chosen[at] for chosen in drawn}) for at in range(len(values))]


def test_nearly_all_planted_slots_are_found_exactly_in_six_languages(assessor):
    found, wanted, kinds = 0, 0, defaultdict(int)
    for language in PLANTED:
        for seed in range(6):
            texts, planted = _posted(assessor, language, seed)
            (template,) = templates(copies(texts))
            slots = {tuple(sorted(value for value, _ in slot.values)): slot for slot in template.parts if isinstance(slot, Slot)}
            wanted += sum(len(values) > 1 for values in planted)
            for name, values in zip(("words", "place", "pay", "contact"), planted, strict=True):
                if slot := slots.get(tuple(values)):
                    found += 1
                    kinds[name] += slot.kind == name
            assert template.shared > 0.5
    assert found / wanted >= 0.95, (found, wanted)
    assert sum(kinds.values()) / found >= 0.85, dict(kinds)


def test_constant_text_is_what_the_adverts_say(assessor):
    texts, _ = _posted(assessor, "en", 1)
    (template,) = templates(copies(texts))
    constant = [part for part in template.parts if isinstance(part, str)]
    assert all(part.strip() in one.text for one in texts for part in constant)
    assert "".join(part if isinstance(part, str) else f"<{part.kind}>" for part in template.parts) == (
        "Hiring <words> in <place>, no experience needed. Salary <pay> a month, flight and visa paid, dormitory and four meals. "
        "Passport is kept at the office for the work permit. Contact <contact> today."
    )


def test_one_that_differs_alone_changes_nothing_and_a_part_some_leave_out_is_said_to_be_empty_there(assessor):
    texts, _ = _posted(assessor, "en", 2)
    told = templates(copies([*texts, texts[0]._replace(id="x", text=texts[0].text.replace("dormitory", "shared dormitory"))]))[0]
    assert "shared" not in json.dumps([part for part in told.parts if isinstance(part, str)])
    half = [one._replace(text=one.text + " Friends welcome.") if number % 2 else one for number, one in enumerate(texts)]
    last = templates(copies(half))[0].parts[-1]
    assert isinstance(last, Slot)
    assert (last.values, last.empty) == ((("Friends welcome.", 6),), 6)


def test_different_wordings_are_templates_of_their_own_and_strangers_in_none(assessor):
    vietnamese, english = _posted(assessor, "vi", 1, 5)[0], _posted(assessor, "en", 1, 4)[0]
    alone = CampaignText("alone", "\nA text nobody copied, about a harvest festival and its lanterns on the river at night.")
    found = templates(copies([*english, alone, *[one._replace(id=f"v{one.id}") for one in vietnamese]]))
    assert [len(one.members) for one in found] == [5, 4]
    assert copies([alone]) == copies([]) == []


def test_of_many_copies_a_part_is_laid_over_and_the_template_says_so(assessor):
    texts, _ = _posted(assessor, "zh", 1, 3 * ALIGNED)
    (template,) = templates(copies(texts))
    assert (len(template.members), template.aligned) == (3 * ALIGNED, ALIGNED)


@pytest.mark.parametrize(("file", "campaign", "members"), [("listings-dev", "camp-06", 2), ("campaigns-grown", "cu-2", 3)])
def test_our_own_labelled_campaigns_show_their_slots(assessor, file, campaign, members):
    """Of the labelled campaigns these two repeat an advert; the others tell the same job in other words or languages."""
    rows = [json.loads(line) for line in (carried_texts().training / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    judged = [
        (assessor.assess(id=row["id"], title=row.get("title"), text=row["text"]), f"{row.get('title') or ''}\n{row['text']}")
        for row in rows
        if row.get("campaign") == campaign
    ]
    (template,) = templates(copies([text_of(*one) for one in judged]))
    kinds = {part.kind for part in template.parts if isinstance(part, Slot)}
    assert len(template.members) == members
    assert "pay" in kinds
    assert template.shared > 0.7


@pytest.mark.parametrize("text", ["", "\n", "@", "\u0e31\u0e31\u0e31", "a" * 20_000, "\ud800 x", "的" * 9000])
def test_any_text_can_be_laid_over_itself(text):
    def three(text):
        return [[CampaignText("a", text), CampaignText("b", text), CampaignText("c", f"{text}{text[:50]}")]]

    assert all(set(one.members) <= set("abc") and 0 <= one.shared <= 1 for one in templates(three(text)))
    assert growth(templates, three(text[: len(text) // MORE]), three(text)) <= LIMIT, "a hostile text must not hold up the page"


def test_thousands_of_different_texts_are_grouped_without_comparing_each_with_each(monkeypatch):
    """Counted, not timed: the work of a text grows until each shingle leads to as many groups as it may."""
    chance = random.Random(3)
    words = ["".join(chance.choice("abcdefghijklmnop") for _ in range(6)) for _ in range(800)]
    footer = " ".join(words[:20])
    texts = [CampaignText(str(n), f"{footer} {' '.join(chance.sample(words, 60))}") for n in range(3000)]
    texts.append(texts[7]._replace(id="again"))
    compared, looked_at = [], []

    def likeness_counted(*hashes):
        compared.append(1)
        return likeness(*hashes)

    class CounterCounted(Counter):
        def __init__(self, numbers=()):
            super().__init__(numbers)
            looked_at.append(self.total())

    monkeypatch.setattr(module, "likeness", likeness_counted)
    monkeypatch.setattr(module, "Counter", CounterCounted)
    assert [sorted(one.id for one in group) for group in copies(texts)] == [["7", "again"]]
    assert len(compared) <= 3 * len(texts)
    assert len(looked_at) == len(texts) and max(looked_at) <= module._SKETCH**2


def test_words_numbers_and_handles_are_one_token_and_unspaced_scripts_go_by_letter() -> None:
    """So that a slot never cuts a handle in two."""
    assert [token.key for token in tokens_of("Pay $1,500.00: @sample_hr!")] == ["pay", "$1,500.00", ":", "@sample_hr", "!"]
    assert [token.key for token in tokens_of("高薪 งาน")] == ["高", "薪", "ง", "า", "น"]


def test_case_accents_and_traditional_characters_make_no_other_token() -> None:
    """Copies differ in them."""
    assert [token.key for token in tokens_of("VIỆC 電話")] == [token.key for token in tokens_of("viec 电话")]


def test_the_typical_text_has_most_in_common_with_the_others() -> None:
    """The base that all are laid over."""
    texts = ["come and work with us", "come and work with us today", "buy this car"]
    assert typical([list(tokens_of(text)) for text in texts]) == 0


def test_what_all_copies_share_is_constant_and_is_given_back_as_written() -> None:
    """A name that changes is a slot."""
    texts = [f"We hire typists, write to {name} now please" for name in ("anna", "berta", "carla", "dora", "emma")]
    tokens = [list(tokens_of(text)) for text in texts]
    over = [laid_over(tokens[0], other) for other in tokens]
    runs = constant_runs(tokens[0], over)
    assert [write_run(texts[0], tokens[0], run).strip() for run in runs] == ["We hire typists, write to", "now please"]


def test_texts_with_nothing_in_common_share_nothing_and_empty_ones_do_not_fail() -> None:
    """Whatever linking hands over."""
    one, other = list(tokens_of("alpha beta")), list(tokens_of("gamma delta"))
    assert laid_over(one, other) == {}
    assert constant_runs(one, [laid_over(one, one), laid_over(one, other)]) == []
    assert list(tokens_of("")) == []
    assert constant_runs([], [{}]) == []
