"""How far a page shows the words of an advert: unchanged, edited, or not; and words by which it says that the advert
ended.

Compared are letters and digits alone, for boards dress an advert anew: capitals, dashes, lists, separators within a number, a
button in the middle. Pay, telephone numbers and handles are compared exactly, for an edit of one digit matters.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import Literal

from crawlers.evidence.kept_pages import page_words, squeeze

NEAR, PART = 0.98, 0.3
"""Shares of the reported words on a page from which on it shows the advert unchanged, and edited. Below the first a parser's
joints are not to blame; below the second, sentences of the trade that any advert has."""
_PIECE, _STRIDE, _PIECES = 12, 6, 400
"""Letters of a compared piece, letters from one to the next, and the most pieces of a text."""
_JOINT = 2
"""So many pieces in a row miss where a page puts something between two words; a changed word takes more."""
_CUT = "\ue000"
"""Stands for an ellipsis among letters."""
_MASK = r"[*•●✱xX…]{2,}"
_SIGNS_UNTIL = 0x20000
_LEAST_CONTACT = 7
"""Digits of a telephone number, at least."""


class ShownWords:
    """What a page shows of the words of one advert."""

    def __init__(self, words: str, markup: str) -> None:
        self._telling = _telling_words(words)
        self._said = _unmask(page_words(markup), self._telling)
        self._page = _letters(self._said)
        self._own = _letters(squeeze(words))
        starts = range(0, len(self._own) - _PIECE + 1, max(_STRIDE, len(self._own) // _PIECES))
        self._found = [self._own[at : at + _PIECE] in self._page for at in starts]
        self._starts = starts

    @property
    def share(self) -> float:
        """Which share of the advert stands on the page; 0 for one too short to tell."""
        return sum(self._found) / len(self._found) if self._found else 0.0

    @property
    def state(self) -> Literal["up", "edited"] | None:
        """How the page shows the advert; None when it does not."""
        if self.share < PART:
            return None
        until = self._cut_at()
        found = _forgive_joints(self._found[:until])
        shown = self._own[: self._starts[until - 1] + _PIECE] if until < len(self._found) else self._own
        telling = [word for word in self._telling if _letters(word) in shown]
        return "up" if sum(found) >= NEAR * len(found) and all(map(self._stands, telling)) else "edited"

    @property
    def has_contact(self) -> bool:
        """Tell whether a handle or telephone number of the advert stands on the page."""
        contacts = [word for word in self._telling if "@" in word or sum(map(str.isdigit, word)) >= _LEAST_CONTACT]
        return any(map(self._stands, contacts))

    def _stands(self, word: str) -> bool:
        plain = _letters(word)
        return any(
            re.search(rf"(?<!\d){re.escape(own)}(?!\d)", said) for own, said in ((word, self._said), (plain, self._page)) if own
        )

    def _cut_at(self) -> int:
        """Return how many pieces a page shows that breaks the advert off with an ellipsis; all of them where it does not."""
        last = max((at for at, found in enumerate(self._found) if found), default=-1) + 1
        if last < len(self._found) and sum(_forgive_joints(self._found[:last])) >= NEAR * last:
            begin = self._starts[last - 1]
            behind = self._page.find(self._own[begin : begin + _PIECE]) + _PIECE
            if _CUT in self._page[behind : behind + _PIECE]:
                return last
        return len(self._found)


def _forgive_joints(found: list[bool]) -> list[bool]:
    """Count pieces as found that miss only because something stands between two words."""
    results, at = list(found), 0
    for holds, run in groupby(found):
        size = len(list(run))
        if not holds and size <= _JOINT and at and at + size < len(found):
            results[at : at + size] = [True] * size
        at += size
    return results


def _telling_words(text: str) -> set[str]:
    """Return pay, telephone numbers and handles as a page's words have them."""
    found = set()
    for line in text.splitlines():
        for is_telling, run in groupby(line.split(), lambda word: any(sign.isdigit() or sign == "@" for sign in word)):
            found.add(squeeze("".join(run)).strip(".,;:!?()") if is_telling else "")
    return found - {""}


def _unmask(said: str, telling: set[str]) -> str:
    """Write out the numbers whose end a page hides from guests; one of another beginning stays hidden."""
    for word in telling:
        if len(word) >= _LEAST_CONTACT and word.lstrip("+").isdigit():
            for match in re.finditer(rf"(?<!\d){re.escape(word[:3])}\d*{_MASK}\d*", said):
                shown = re.split(_MASK, match[0])[0]
                if word.startswith(shown):
                    said = said.replace(match[0], word)
                    break
    return said


def _letters(text: str) -> str:
    """Return letters, marks and digits alone, without case."""
    plain = unicodedata.normalize("NFKC", text.replace("…", _CUT).replace("...", _CUT))
    return plain.casefold().translate(_signs())


@cache
def _signs() -> dict[int, None]:
    return {code: None for code in range(_SIGNS_UNTIL) if unicodedata.category(chr(code))[0] in "PSZ"}


_ENDED = {
    "en": (
        r"\b(?:jobs?|positions?|vacanc(?:y|ies)|listings?|ads?|adverts?|advertisements?|post(?:ing)?s?|offers?|roles?|"
        r"openings?|pages?|content|"
        r"videos?|items?|channels?|accounts?|messages?|profiles?|applications?)\b",
        r"no longer (?:available|exists?|active|accepting|open|listed|online)|not (?:available|found|exist)\b|unavailable|"
        r"(?:n['’]t|cannot|could not) (?:be )?(?:available|exist|found|find|displayed)|\b(?:has|have|was|been|is|are|"
        r"now) (?:been )?"
        r"(?:closed|expired|filled|removed|deleted|taken down|suspended|deactivated|withdrawn|archived|unpublished)|"
        r"\bsuspended account",
    ),
    "vi": (
        r"tin(?: (?:tuyển dụng|đăng))?|việc làm|công việc|bài (?:đăng|viết|tuyển dụng)|trang|nội dung|vị trí",
        r"hết hạn|đã (?:được |bị )?đóng|không hoạt động|bị từ chối|không (?:còn )?tồn tại|không tìm thấy|không còn|"
        r"đã (?:bị )?(?:xóa|xoá|gỡ|ẩn)|ngừng (?:nhận|tuyển)",
    ),
    "zh": (
        r"[职職][位缺務务]|岗位|崗位|招聘|信息|訊息|帖子?|貼文|主[题題]|[页頁]面|内容|內容|文章|频道|頻道|网页|網頁",
        r"不存在|已[经經]?被?(?:删除|刪除|下架|关闭|關閉|下线|下線|过期|過期|结束|結束|停止|失效|截止|屏蔽|移除|招满)|"
        r"(?:目前|现)已|已[过過]有效期|未通[过過]审核|停止招聘|暂停招聘|找不到|不可用",
    ),
    "th": (
        r"งาน|ประกาศ|ตำแหน่ง|หน้า|เนื้อหา|โพสต์|กระทู้",
        r"(?<!เ)ปิดรับ|หมดอายุ|ไม่พบ|ถูกลบ|ไม่มีอยู่|(?<!เ)ปิดแล้ว|ถูกปิด|เต็มแล้ว|ไม่พร้อมใช้งาน",
    ),
    "id ms": (
        r"\b(?:lowongan|loker|iklan|jawatan|pekerjaan|kerja|halaman|laman|konten|kandungan|postingan|siaran|posisi)\b",
        r"\b(?:ditutup|berakhir|ked?aluw?arsa|dihapus|dipadam(?:kan)?|tamat|terisi|dinonaktifkan|nonaktif|disembunyikan|"
        r"tidak (?:lagi )?(?:tersedia|ditemukan|aktif|wujud|"
        r"dijumpai|menerima)|sudah tidak)\b",
    ),
    "tl": (
        r"\b(?:trabaho\w*|post|ad|posisyon|pahina|nilalaman|aplikasyon)\b",
        r"\b(?:hindi na|sarado na|wala na|nag-?expire|tinanggal|inalis|burado|hindi (?:nahanap|makita|matagpuan))\b",
    ),
    "km": (r"ការងារ|ការផ្សាយ|ប្រកាស|ទំព័រ|មុខតំណែង", r"ផុតកំណត់|លែងមាន|ត្រូវបានលុប|រកមិនឃើញ|បានបិទ|មិនទទួលពាក្យ|មិនមានទៀត"),
    "my": (r"အလုပ်|ကြော်ငြာ|စာမျက်နှာ|ပို့စ်|ရာထူး", r"သက်တမ်းကုန်|မရရှိနိုင်တော့|ပိတ်သွား|ပိတ်ထား|ပိတ်လိုက်|ဖျက်|မတွေ့|"
        r"မရှိတော့"),
    "lo": (r"ວຽກ|ປະກາດ|ໜ້າ|ຕຳແໜ່ງ|ໂພສ", r"ໝົດອາຍຸ|ປິດຮັບ|ບໍ່ພົບ|ຖືກລຶບ|ບໍ່ມີແລ້ວ|ປິດແລ້ວ"),
    "hi ne": (
        r"नौकरी|विज्ञापन|भर्ती|रिक्ति|वैकेंसी|पेज|पृष्ठ|पोस्ट|आवेदन|जागिर|रोजगारी|पद",
        r"उपलब्ध (?:नहीं|छैन)|समाप्त|बंद|बन्द|नहीं मिल|हटा (?:दी|दिया)|हटाइ|मौजूद नहीं|म्याद सकि|भेटिएन|फेला परेन",
    ),
    "bn": (
        r"চাকরি|চাকুরি|বিজ্ঞপ্তি|বিজ্ঞাপন|পৃষ্ঠা|পোস্ট|আবেদন",
        r"সময়(?:সীমা)? শেষ|মেয়াদ|পাওয়া যা(?:চ্ছে না|য়নি)|বন্ধ|উপলব্ধ নয়|মুছে ফেলা|আর নেই",
    ),
    "ur": (r"نوکری|ملازمت|اشتہار|آسامی|صفحہ|پوسٹ|درخواستیں", r"دستیاب نہیں|میعاد ختم|ختم ہو|بند|نہیں ملا|حذف|ہٹا"),
    "si": (r"රැකියා|දැන්වීම|පිටුව|තනතුර", r"කල් ඉකුත්|නොමැත|වසා ඇත|ඉවත් කර|සොයාගත නොහැක|හමු නොවී|අවසන්"),
    "ta": (r"வேலை|விளம்பரம்|பக்கம்|பதவி|இடுகை", r"கிடைக்கவில்லை|காலாவதி|மூடப்பட்ட|நீக்கப்பட்ட|காணப்படவில்லை|முடிந்துவிட்ட"),
    "ru": (
        r"\b(?:вакансия|объявлени\w+|запись|страниц\w|пост|публикаци\w|сообщени\w|канал)\b",
        r"в архиве|\b(?:закрыт|снят|удал[её]н|неактивн|недоступн|заблокирован)\w*|не (?:найден|существует|доступн|актуальн)|"
        r"больше не|ист[её]к",
    ),
    "es": (
        r"\b(?:oferta|vacante|empleo|puesto|anuncio|aviso|página|publicación|contenido)\b",
        r"\bya no\b|\bno (?:existe|está disponible|encontrad[oa]|se encontró|encontramos)|"
        r"\b(?:cerrad|expirad|caducad|finalizad|eliminad|cubiert)[oa]\b|\bha (?:expirado|caducado|finalizado)",
    ),
    "pt": (
        r"\b(?:vaga|oferta|anúncio|página|publicação|postagem|inscrições|conteúdo)\b",
        r"\b(?:encerrad|expirad|fechad|preenchid|removid|excluíd)[oa]s?\b|\bexpirou|indisponível|"
        r"\bnão (?:existe|aceita|está (?:mais )?disponível|está mais|encontrad[oa]|foi encontrad[oa]|encontramos)",
    ),
    "fr": (
        r"\b(?:offre|annonce|page|poste|publication|contenu)\b",
        r"n['’](?:est|existe) (?:plus|pas)|\b(?:expirée?|pourvue?|clôturée?|supprimée?|introuvable|retirée?|fermée?)\b",
    ),
    "ar": (
        r"وظيفة|الوظيفة|إعلان|الإعلان|الصفحة|المنشور|المحتوى|الشاغر",
        r"لم (?:تعد|يعد)|انتهت|انتهى|منتهي|مغلق|أغلق|غير (?:موجود|متاح|متوفر)|تم (?:حذف|إغلاق|إزالة|شغل)",
    ),
    "sw": (
        r"\b(?:nafasi|kazi|tangazo|ukurasa|ajira)\b",
        r"\b(?:haipatikani|hazipatikani|limefungwa|imefungwa|umeisha|imekwisha|haipo|limeondolewa|imejazwa|umepita)\b",
    ),
    "am": (r"ሥራ|ስራ|ማስታወቂያ|ገጽ", r"አልተገኘም|አልፏል|ያለፈበት|ተዘግቷል|ተወግዷል|የለም"),
    "de": (
        r"\b(?:stelle\w*|bewerbungsfrist|anzeige|seite|angebot|inserat|beitrag)\b",
        r"nicht (?:mehr )?(?:verfügbar|gefunden|aktuell|online)|existiert nicht|\b(?:besetzt|abgelaufen|gelöscht|"
        r"deaktiviert|entfernt)\b",
    ),
    "ko": (r"채용|공고|페이지|게시물|게시글|직무", r"마감|종료|삭제|찾을 수 없|존재하지 않|만료"),
    "ja": (r"求人|応募|募集|掲載|ページ|投稿|記事", r"終了|過ぎて|見つかりません|削除|存在しません|公開を停止"),
    "pl": (r"\b(?:oferta|ogłoszenie|strona|rekrutacja)\b", r"\b(?:nieaktualn|wygas|zakończon|usunięt|zamknięt)\w*|"
        r"nie (?:istnieje|znaleziono)"),
    "cs": (
        r"\b(?:inzerát|nabídka|stránka|pozice)\b",
        r"již ne|\b(?:není|neexistuje|nenalezena?|vypršela?)\b|byla? (?:smazán|odstraněn|ukončen)",
    ),
}  # fmt: skip
"""Language -> words for what is over, words for its end; both as regular expressions."""
_BETWEEN = r"[^.!?。！？\n|·]{0,60}?"
"""What may stand between the two: no end of a sentence."""
_SAYS_ENDED = [
    re.compile(unicodedata.normalize("NFC", f"(?:{thing}){_BETWEEN}(?:{end})|(?:{end}){_BETWEEN}(?:{thing})"), re.IGNORECASE)
    for thing, end in _ENDED.values()
]


_ELSEWHERE_OR_LATER = (
    r"(?<!jobs in )(?<!jobs near )(?<!ads in )\byour (?:country|region|location|area|state)\b|"
    r"(?:quốc gia|khu vực|vùng|nước)(?: hiện tại)? của bạn|nơi bạn|"
    r"(?:所在|您的|你的|当前|當前)\S{0,4}(?:国家|國家|地[区區]|区域|區域)|\bваш(?:ей|ем|его)? (?:стран|регион)\w*|"
    r"\b(?:tu|su|seu|sua) (?:país|regi[óã]n?o?|zona|ubicación)|\bvotre (?:pays|région|zone)|"
    r"\b(?:ihr|dein)e[mr] (?:land|region)|\b(?:negara|wilayah|daerah|lokasi) (?:anda|kamu)|\biyong (?:bansa|rehiyon|lugar)|"
    r"(?:ประเทศ|ภูมิภาค|พื้นที่)ของคุณ|(?:بلد|منطقت)(?:ك|كم)|(?:आपके|आपकी) (?:देश|क्षेत्र)|"
    r"お住まいの|(?:お客様の|ご利用の)(?:国|地域)|(?:귀하|사용자|고객님|회원님|해당)의? ?(?:국가|지역)|"
    r"\btemporarily|\btemporary (?:error|fault|problem)|\bmaintenance|too many requests|"
    r"tạm thời|bảo trì|[暂暫][时時]|[维維][护護]|временно|техническ\w+ работ|"
    r"\btempora(?:l|ria|ire)ment|mantenimiento|manutenção|vorübergehend|wartung|\bsementara|ชั่วคราว|مؤقت|अस्थायी|"
    r"一時的|メンテナンス|일시적|점검"
)
_OUR_SESSION = (
    r"\b(?:session|your account|log-?in|trial|subscription) (?:has|have|is|was|are)\b|\byour browser\b|"
    r"phiên (?:đăng nhập|làm việc)|"
    r"登[录錄陆陸]已|会话|\bсесси\w|\bsesión|\bsessão|\bsesi\b|เซสชัน|セッション|세션|الجلسة"
)
_KEPT_FROM_US, _OURS = (
    re.compile(unicodedata.normalize("NFC", words), re.IGNORECASE) for words in (_ELSEWHERE_OR_LATER, _OUR_SESSION)
)
"""Words beside an end, and in or before it, that say why a page is not shown: where we are, only today, our session is over."""
_BEFORE, _BEHIND = re.compile(r"[^.!?。！？\n|·]{0,30}$"), re.compile(r"(?:(?! - )[^.!?。！？\n|·,;:，；：–—]){0,40}")
"""Behind a comma or a dash a page that is over leads to other adverts, often those near us."""


def read_end(said: str) -> Literal["ended", "kept", ""]:
    """Tell whether a page that does not show an advert says that it is over, or only that it is kept from us: from where we are,
    today, or as our session is over. ``said`` is what a reader sees of it."""
    plain = unicodedata.normalize("NFC", said)
    found = [match for pattern in _SAYS_ENDED for match in pattern.finditer(plain)]
    if not all(_keeps_it_from_us(plain, match) for match in found):
        return "ended"
    return "kept" if found else ""


def _keeps_it_from_us(said: str, end: re.Match[str]) -> bool:
    before, behind = _BEFORE.search(said[max(0, end.start() - 30) : end.start()]), _BEHIND.match(said, end.end())
    so_far = f"{before[0] if before else ''}{end[0]}"
    return bool(_OURS.search(so_far) or _KEPT_FROM_US.search(f"{so_far}{behind[0] if behind else ''}"))
