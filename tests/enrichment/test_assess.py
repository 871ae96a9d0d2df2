"""The whole assessment: every point stands on a span, quotation is no lure, disguise does not help, nothing breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from enrichment import scoring
from enrichment.assess import BATCH, ROOM, Assessor, PostingText
from enrichment.assessment import Assessment
from enrichment.model import save
from evaluation.labelled_listings import Listing
from tests.growth import LIMIT, MORE, growth

LURES = {
    "en": "Typists wanted for Poipet, free flight and dormitory, no "
    "experience needed, 1500 USD a month, the company keeps passports.",
    "vi": "Tuyển gấp nhân viên nhập liệu đi Bavet, bao vé máy bay, bao "
    "ăn ở, không cần kinh nghiệm, lương 25 triệu, công ty giữ hộ chiếu.",
    "id": "Dibutuhkan segera admin chat di Sihanoukville, tiket gratis, mess "
    "dan makan ditanggung, gaji 15 juta, paspor dipegang perusahaan.",
    "th": "รับสมัครด่วนแอดมินตอบแชทที่ปอยเปต ตั๋วเครื่องบินฟรี ที่พักฟรี ไม่ต้องมีประสบการณ์ เงินเดือน 40000 บริษัทเก็บพาสปอร์ต",
    "zh": "西港高薪急招打字员，包吃包住包机票，不需要经验，月薪两万，护照由公司保管，有意加飞机联系。",
}
WARNINGS = {
    "en": "Police warning: beware of messages such as “{}” They are a "
    "scam: victims were locked in a compound and beaten. Report them.",
    "vi": "Công an cảnh báo: cẩn thận với tin nhắn kiểu “{}” Đây là lừa "
    "đảo, nhiều nạn nhân bị giam giữ và đánh đập. Hãy báo công an.",
    "id": "Polisi memperingatkan: waspada pesan seperti “{}” Ini penipuan, "
    "banyak korban disekap dan dipukuli. Segera lapor polisi.",
    "th": "ตำรวจเตือนภัย ระวังข้อความแบบนี้ “{}” เป็นการหลอกลวง เหยื่อหลายรายถูกกักขังและทำร้าย แจ้งความได้ที่สถานีตำรวจ",
    "zh": "警方提醒：警惕这类信息“{}”这是诈骗，多名受害者被拘禁殴打。如遇到请立即报警。",
}


def judged(assessor: Assessor, text: str) -> Assessment:
    """Return the assessment of a text without a title."""
    return assessor.assess(id="1", title=None, text=text)


@pytest.mark.slow
def test_every_score_comes_from_its_signals_and_every_span_slices(assessor: Assessor, labelled: list[Listing]) -> None:
    """Nothing counts that is not shown."""
    judgements = assessor.assess_all(PostingText(item.id, item.title, item.text) for item in labelled)
    for item, found in zip(labelled, judgements, strict=True):
        assert found.score == scoring.score(found.signals, assessor.model.weights), item.id
        assert found.flagged == (found.score >= scoring.FLAGGED)
        assert found.flagged or found.tag == "none"
        for signal in found.signals:
            assert 0 <= signal.start < signal.end <= len(item.raw), item.id
            assert item.raw[signal.start : signal.end] == signal.text
            assert signal.weight or signal.indicator == "shown_advert"  # says why it is held, and adds nothing
            assert signal.gloss
        for contact in found.contacts:
            assert 0 <= contact.start < contact.end <= len(item.raw)


def test_assessing_again_gives_the_same(assessor: Assessor, labelled: list[Listing]) -> None:
    """Whatever was judged in between."""
    first = [assessor.assess(id=item.id, title=item.title, text=item.text) for item in labelled[:60]]
    again = [assessor.assess(id=item.id, title=item.title, text=item.text) for item in reversed(labelled[:60])]
    assert first == again[::-1]


def test_many_are_judged_as_each_alone_in_their_order(assessor: Assessor, labelled: list[Listing]) -> None:
    """Batches end by number or by length, and a telephone number is read where its own posting is from."""
    given = [
        PostingText(item.id, item.title, item.text + " Tel 090 1234567.", (("VN",), ("TH", "KH"), ())[number % 3])
        for number, item in enumerate(labelled[: BATCH + 9])
    ]
    given.insert(5, PostingText("long", None, "free flight " * (ROOM // 12)))
    alone = [assessor.assess(id=one.id, title=one.title, text=one.text, countries=one.countries) for one in given]
    assert list(assessor.assess_all(given)) == alone


def test_no_more_than_a_batch_is_held(assessor: Assessor) -> None:
    """The first judgement comes when one batch was read, and a long text ends its batch."""
    taken = []

    def given(text: str) -> Iterator[PostingText]:
        for number in range(3 * BATCH):
            taken.append(number)
            yield PostingText(str(number), None, text)

    next(assessor.assess_all(given("free flight")))
    assert len(taken) == BATCH
    taken.clear()
    next(assessor.assess_all(given("a" * ROOM)))
    assert len(taken) == 1
    assert list(assessor.assess_all([])) == []


@pytest.mark.parametrize("code", LURES)
def test_a_lure_is_flagged_and_a_warning_that_quotes_it_is_not(assessor: Assessor, code: str) -> None:
    """Word for word."""
    assert judged(assessor, LURES[code]).flagged
    quoting = judged(assessor, WARNINGS[code].format(LURES[code]))
    assert not quoting.flagged
    assert quoting.stance == "warning"


COUNTRIES = (
    "Cambodia", "Campuchia", "柬埔寨", "กัมพูชา", "កម្ពុជា", "Myanmar", "缅甸", "พม่า", "Laos", "ລາວ", "Philippines", "China",
    "Việt Nam", "Nigeria", "India", "中国", "Камбоджа", "캄보디아", "カンボジア", "कंबोडिया", "কম্বোডিয়া", "کمبوڈیا",
)  # fmt: skip


def test_countries_alone_add_nothing(assessor: Assessor) -> None:
    """Neither one name nor all of them, nor the people who come from there."""
    nothing = judged(assessor, "").score
    for text in (*COUNTRIES, " ".join(COUNTRIES), "Chinese, Vietnamese, Khmer, Burmese and Nigerian people"):
        assert [signal for signal in judged(assessor, text).signals if signal.weight > 0] == []
        assert judged(assessor, text).score <= nothing


def test_an_honest_job_scores_the_same_in_any_country(assessor: Assessor) -> None:
    """Only the country differs."""
    text = "Primary school teacher in {}. Teaching degree required, contract before travel, work permit, 30 days of leave."
    scores = {judged(assessor, text.format(name)).score for name in ("Cambodia", "Myanmar", "Canada", "Kenya")}
    assert max(scores) < 10


HOMOGLYPHS = str.maketrans("aeocp", "аеоср")
LEET = str.maketrans("aeio", "4310")


@pytest.mark.parametrize("code", ["en", "vi", "id"])
@pytest.mark.parametrize("disguise", ["zero-width", "homoglyph", "leet", "spaced", "unmarked", "wide"])
def test_disguise_does_not_help(assessor: Assessor, code: str, disguise: str) -> None:
    """Zero-width characters, look-alike letters, digits for letters, spaced letters, missing marks, full-width forms."""
    from enrichment.text.views import bare, fold

    text = LURES[code]
    words = list(enumerate(text.split()))
    changed = {
        "zero-width": lambda: "\u200b".join(text),
        "homoglyph": lambda: text.translate(HOMOGLYPHS),
        "leet": lambda: " ".join(word.translate(LEET) if n % 3 == 0 else word for n, word in words),
        "spaced": lambda: " ".join(" ".join(word) if n % 5 == 0 and word.isalpha() else word for n, word in words),
        "unmarked": lambda: bare(fold(text)),
        "wide": lambda: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    }[disguise]()
    assert changed != text or code != "vi"
    assert judged(assessor, changed).flagged


HOSTILE = (
    "a", "free ", "free flight ", "no experience free ticket ", "包", "包机票。", "“free flight” ", "tuyển gấp việc nhẹ ",
    "\u200b", "a\u200b", "😀 ", "1 ", "ตั๋ว", "@a_b_c1 ", "\u0301", "l u r e ", "v1 ", "\ufdfa", "beware. ",
    "beware. free flight @sample_hr. ", "“beware” “",
)  # fmt: skip


@pytest.mark.parametrize(("unit", "size"), [*((unit, 1 << 18) for unit in HOSTILE), ("".join(HOSTILE), 1 << 20)])
def test_hostile_text_costs_in_proportion_to_its_length(assessor: Assessor, unit: str, size: int) -> None:
    """CPU time in one process, whatever it is made of; a mebibyte, the longest text a page gives, is made of all of it."""
    text = (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")
    judgements: list[Assessment] = []
    assert growth(lambda part: judgements.append(judged(assessor, part)), text[: len(text) // MORE], text) <= LIMIT
    assert judgements[-1].score == scoring.score(judgements[-1].signals, assessor.model.weights)


def test_the_version_names_all_that_judges(assessor: Assessor, tmp_path: Path) -> None:
    """Other points may judge the same text otherwise, so its assessments are kept apart."""
    weights = replace(assessor.model.weights, middle=assessor.model.weights.middle + 1)
    save(tmp_path, weights, assessor.model.ngrams, created="2026-01-01", trained_on={})
    assert Assessor(Path("seeds"), model=tmp_path, portable=True).lexicon_version != assessor.lexicon_version


@pytest.mark.parametrize(
    "text",
    [
        "Rent out your bank account to us, we pay weekly, you keep 10 percent. Inbox me",
        "Cần thuê tài khoản ngân hàng, mỗi tháng trả 2 triệu, ib mình",
    ],
)
def test_a_short_message_is_flagged_for_its_one_point(assessor: Assessor, text: str) -> None:
    """There is no room for a second kind of argument; the signal says so and stands on the point."""
    found = assessor.assess(id="1", title=None, text=text)
    assert (found.flagged, found.tag) == (True, "money_scam")
    point = next(one for one in found.signals if one.indicator == "few_words")
    assert 0 < point.weight <= 8


def test_a_place_alone_is_no_point(assessor: Assessor) -> None:
    """Where somebody is says nothing of what he offers."""
    found = assessor.assess(id="1", title=None, text="Anyone been to Sihanoukville? nice beach")
    assert not found.flagged
    assert "few_words" not in {one.indicator for one in found.signals}
