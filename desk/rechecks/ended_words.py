"""How a page says that an advert is over, in the languages we crawl: a thing (job, advert, post, page) and its end beside it.

Meant for pages that do not show the advert: an advert itself may well say that another place is filled. A parser that reads
adverts asks for narrower words (``crawlers.pages.postings.plain``).
"""

import re
import unicodedata
from typing import Literal

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
