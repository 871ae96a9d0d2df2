"""Who shows an advert to ask whether it is true, or calls it false in a heading, does not make the offer."""

import pytest

from enrichment.assess import Assessor, PostingText
from enrichment.scoring import FLAGGED, NEAR

ADVERTS = {
    "en": (
        "Customer service staff needed in Poipet, free flight and dormitory, 1500 USD a month, no "
        "experience. The company keeps passports. Telegram @sample_hr"
    ),
    "vi": (
        "Tuyển gấp nhân viên nhập liệu đi Bavet, lương 25 triệu, bao vé máy bay, bao ăn ở, công ty giữ hộ "
        "chiếu. Liên hệ Telegram @sample_hr"
    ),
    "fr": (
        "Cherche agents de chat pour Poipet, 1500 USD par mois, billet et logement payés, sans expérience, "
        "le passeport reste chez l'employeur. Telegram @sample_hr"
    ),
    "id": (
        "Dibutuhkan segera admin chat di Sihanoukville, gaji 12 juta, tiket dan mess gratis, paspor dipegang "
        "perusahaan. Telegram @sample_hr"
    ),
    "zh": "西港高薪急招打字员，月薪一万五，包吃包住包机票，护照由公司保管，无需经验。飞机 @sample_hr",
    "ru": (
        "Требуются операторы чата в Мьявади, 1500 долларов, билеты и жильё за наш счёт, паспорт хранится у "
        "компании, без опыта. Телеграм @sample_hr"
    ),
    "es": (
        "Se buscan operadores de chat para Poipet, 1500 USD al mes, billete y alojamiento pagados, sin "
        "experiencia, el pasaporte queda con la empresa. Telegram @sample_hr"
    ),
}
ASKED = {
    "en": (
        "My friend sent me this, is it real? {}", "Is this legit? {}", "Got this message today. Has anyone heard of them?\n\n{}",
        "Someone sent me this job offer, should I trust it? {}", "{}\n\nIs this real? Should I apply?",
        'Is this a scam or a real job?\n"{}"',
    ),
    "vi": (
        "Bạn mình gửi cái này, có thật không mọi người? {}", "Mọi người ơi tin này có phải lừa đảo không ạ? {}",
        "{}\n\nCó ai biết công ty này không, có uy tín không ạ?", "Em nhận được tin nhắn này, có nên tin không? {}",
    ),
    "fr": (
        "Un ami m'a envoyé ça, est-ce que c'est vrai ? {}", "C'est une arnaque ou c'est sérieux ? {}",
        "{}\n\nQuelqu'un connaît cette entreprise ? Est-ce fiable ?", "J'ai reçu ce message, que faut-il en penser ? {}",
    ),
    "id": (
        "Teman saya kirim ini, apakah ini beneran? {}", "Ini penipuan atau asli ya? {}",
        "{}\n\nAda yang tahu perusahaan ini? Aman tidak?", "Dapat pesan ini, bisa dipercaya nggak? {}",
    ),
    "zh": (
        "朋友发给我的，这是真的吗？{}", "这个招聘靠谱吗？{}", "{}\n\n有人知道这家公司吗？是不是骗人的？",
        "收到这样一条信息，可信吗？{}",
    ),
    "ru": (
        "Подруга прислала, это правда? {}", "Это развод или нет? {}", "{}\n\nКто-нибудь слышал про эту компанию? Можно верить?",
        "Пришло такое сообщение, стоит верить? {}",
    ),
    "es": (
        "Un amigo me mandó esto, ¿es real? {}", "¿Esto es una estafa? {}", "{}\n\n¿Alguien conoce esta empresa? ¿Es de fiar?",
        "Me llegó este mensaje, ¿es confiable? {}",
    ),
}  # fmt: skip
CALLED_FALSE = {
    "en": (
        "[FAKE JOB ALERT] {}", "🚨 [SCAM ALERT]\n{}", "FAKE JOB ALERT: {}", "Scam alert! {}", "Beware of this fake job: {}",
        "{} This is a scam, do not apply.", "{} is this real??", "{}\nmy friend sent me this, is it real?",
    ),
    "vi": (
        "[CẢNH BÁO LỪA ĐẢO] {}", "CẢNH BÁO LỪA ĐẢO: {}", "CẢNH GIÁC TUYỂN DỤNG LỪA ĐẢO: {}", "{}\nĐây là lừa đảo, đừng nộp đơn.",
        "{} Đây là lừa đảo, mọi người đừng tin.", "{}\nCó phải lừa đảo không ạ?",
    ),
    "fr": (
        "[ALERTE ARNAQUE] {}", "FAUSSE OFFRE D'EMPLOI : {}", "{}\nC'est une arnaque, ne postulez pas.", "Attention arnaque ! {}",
        "{} C'est une arnaque, ne répondez pas.", "{}\nUn ami m'a envoyé ça, c'est vrai ?",
    ),
    "id": (
        "[AWAS LOWONGAN PALSU] {}", "AWAS LOWONGAN PALSU: {}", "{}\nIni penipuan, jangan melamar.", "Hati-hati penipuan! {}",
        "{} Ini penipuan, jangan dihubungi.",
    ),
    "zh": ("【虚假招聘】{}", "【防骗提醒】{}", "虚假招聘警示：{}", "警惕诈骗：{}", "{}\n这是骗局，千万别应聘。"),
    "ru": (
        "[ФЕЙК] {}", "ФЕЙКОВАЯ ВАКАНСИЯ: {}", "ОСТОРОЖНО, МОШЕННИКИ: {}", "{}\nЭто развод, не откликайтесь.",
    ),
    "es": ("[ALERTA DE ESTAFA] {}", "ALERTA DE ESTAFA: {}", "{}\nEs una estafa, no postulen.", "¡Cuidado, estafa! {}"),
}  # fmt: skip
OWN = (
    "Is this real or a scam? Many people ask us: is it safe? Yes, it is real, our staff have worked here for years.\n{}",
    "{}\nIs this real or a scam? Many people ask us. Yes, it is real, our staff have worked here for years.",
    "Beware of scammers who use our name, never pay anyone in advance.\n{}",
    "This is not a scam and not a loan, you will not be asked to pay anything.\n{}",
    "Looking for work?\n{}",
    "URGENT HIRING!\n{}",
    "{}\n\nInterested? Message me today!",
)
"""What an advertiser puts around an offer of his own."""


@pytest.mark.parametrize("language", ADVERTS)
def test_who_asks_about_an_advert_or_calls_it_false_is_not_accused(assessor: Assessor, language: str) -> None:
    advert = ADVERTS[language]
    forms = (*ASKED[language], *CALLED_FALSE[language])
    texts = (advert, *(form.format(advert) for form in forms))
    alone, *judged = assessor.assess_all(PostingText("a", None, text) for text in texts)
    assert alone.flagged
    assert [(form, found.score) for form, found in zip(forms, judged, strict=True) if found.flagged] == []
    assert {found.stance for found in judged} <= {"seeker", "warning"}
    unseen = [
        (form, found.score)
        for form, found in zip(forms, judged, strict=True)
        if found.score < FLAGGED - NEAR or "shown_advert" not in {signal.indicator for signal in found.signals}
    ]
    assert unseen == [], "whoever adds a line to his own lure is read by a person, with the reason said"


@pytest.mark.parametrize("form", OWN)
def test_what_an_advertiser_adds_to_his_own_offer_saves_him_nothing(assessor: Assessor, form: str) -> None:
    (judged,) = assessor.assess_all([PostingText("a", None, form.format(ADVERTS["en"]))])
    assert (judged.flagged, judged.stance) == (True, "offer")
